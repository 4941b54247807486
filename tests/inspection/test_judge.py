"""Judging: a pure function of measures and of one table."""

from __future__ import annotations

import pytest

from escale.inspection.portrait import texts
from escale.inspection.portrait.judge import (
    Judgement,
    Measure,
    Verdict,
    apply_rule,
    judge,
    overall,
    source,
    table,
    worst_first,
)

GOOD = {
    "bars": 0, "faces": 1, "second_face": 0, "aspect": 35 / 45, "between_eyes": 240, "dpi": 600, "axis_mm": 0.1,
    "eyes_from_bottom": 58, "hair_margin_mm": 3, "outside": 0, "roll": 1, "yaw": 1, "pitch": -3, "eye_opening": 0.08,
    "blink": 0.1, "gaze": 0.2, "mouth_opening": 0.003, "jaw": 0.01, "smile": 0.01, "teeth": 0.01, "grimace": 0.01,
    "eye_contrast": 50, "bridge": 40, "shine": 0.001, "eye_glare": 0, "red_eye": 10, "burnt": 0, "crushed": 0,
    "face_spread": 40, "cheek_difference": 3, "black_and_white": 0, "colour_distance": 0, "ground_l": 84,
    "ground_c": 3, "ground_hue": 250, "ground_spread": 2, "ground_gradient": 3, "ground_shadow": 2, "blur": 0.4,
    "detail": 30, "jpeg_quality": 95, "blockiness": 1.0,
}  # fmt: skip


def measures(**changes: float | None) -> dict[str, Measure | None]:
    values = {**GOOD, **changes}
    found: dict[str, Measure | None] = {key: None if value is None else Measure(value) for key, value in values.items()}
    found.setdefault("head_mm", Measure(34, 32.9, 35.1))
    return found


def verdict(code: str, **changes: float | None) -> Verdict:
    found = {item.code: item.verdict for item in judge(measures(**changes), finished=True)}
    return found[code]


def test_a_good_photo_is_compliant_and_keeps_what_only_an_agent_sees():
    judged = judge(measures(), finished=True)
    assert overall(judged) is Verdict.COMPLIANT
    assert {item.code for item in judged if item.verdict is Verdict.AGENT} == {
        "bare_head", "hair_off_face", "likeness", "recent", "unretouched",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("low", "value", "high", "expected"),
    [
        (32.9, 34, 35.1, Verdict.COMPLIANT),
        (31.9, 33, 34.1, Verdict.TO_CHECK),
        (34.9, 36, 37.1, Verdict.TO_CHECK),
        (29, 30, 31.5, Verdict.NOT_COMPLIANT),
        (36.5, 37.6, 38.7, Verdict.NOT_COMPLIANT),
    ],
)
def test_the_head_is_judged_by_its_whole_interval(low: float, value: float, high: float, expected: Verdict):
    rule = {"measure": "head_mm", "kind": "interval", "ok": [32, 36]}
    assert apply_rule(rule, {"head_mm": Measure(value, low, high)}) is expected


@pytest.mark.parametrize(
    ("code", "changes", "expected"),
    [
        ("one_face", {"faces": 0}, Verdict.NOT_COMPLIANT),
        ("one_face", {"faces": 2, "second_face": 0.4}, Verdict.NOT_COMPLIANT),
        ("yaw", {"yaw": -7}, Verdict.TO_CHECK),
        ("yaw", {"yaw": -17}, Verdict.NOT_COMPLIANT),
        ("pitch", {"pitch": 40}, Verdict.TO_CHECK),
        ("glasses", {"bridge": 180}, Verdict.TO_CHECK),
        ("eyes_open", {"eye_opening": 0.015}, Verdict.NOT_COMPLIANT),
        ("eyes_visible", {"eye_contrast": 5}, Verdict.NOT_COMPLIANT),
        ("background_tone", {"ground_l": 99, "ground_c": 1}, Verdict.NOT_COMPLIANT),
        ("background_tone", {"ground_l": 82, "ground_c": 14, "ground_hue": 255}, Verdict.COMPLIANT),
        ("background_tone", {"ground_l": 86, "ground_c": 16, "ground_hue": 80}, Verdict.TO_CHECK),
        ("background_tone", {"ground_l": 30}, Verdict.NOT_COMPLIANT),
        ("background_shadow", {"ground_shadow": None}, Verdict.NOT_MEASURED),
        ("colours", {"black_and_white": 1, "colour_distance": 100}, Verdict.TO_CHECK),
        ("colours", {"colour_distance": 30}, Verdict.TO_CHECK),
        ("compression", {"jpeg_quality": 40}, Verdict.NOT_COMPLIANT),
    ],
)
def test_each_defect(code: str, changes: dict[str, float | None], expected: Verdict):
    assert verdict(code, **changes) is expected


def test_what_cannot_be_measured_is_for_an_agent_never_compliant():
    assert overall(judge(measures(ground_shadow=None), finished=True)) is Verdict.TO_CHECK


def test_the_skin_is_never_judged_on_how_dark_it_is():
    """No rule of the table reads a mean or a median lightness of the face."""
    read = {rule["measure"] for check in table()["checks"] for rule in check["rules"]}
    assert not {name for name in read if "lum" in name or "skin" in name or "mean" in name}


def test_every_check_names_its_source_and_has_its_words_in_both_languages():
    listed = [check["code"] for check in table()["checks"]] + table()["agent"]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(texts.table()["checks"])
    for code in listed:
        assert source(code, "fr") != source(code, "en")
    for code in listed:
        own = texts.table()["checks"][code]
        for part in ("title", "bad", "advice"):
            assert own["fr"][part] != own["en"][part] or own["fr"][part] in ("Format", "Compression")
            assert own["fr"][part]
            assert own["en"][part]


def test_words_print_the_measure_as_people_read_it():
    judgement = Judgement("head_height", Verdict.NOT_COMPLIANT, "head_mm", 30.04, 28.9, 31.2, "mm")
    reason, advice = texts.reason_and_advice(judgement, "fr", texts.Context())
    assert "30,0\u00a0mm [28,9–31,2]" in reason
    assert advice
    in_doubt = Judgement("sharpness", Verdict.TO_CHECK, "blur", 0.63, None, None, "")
    assert (
        texts.reason_and_advice(in_doubt, "en", texts.Context())[0]
        == "To be checked by an agent: the photo is blurred."
    )


def test_the_first_thing_said_is_the_first_to_do():
    def first(**changes: float | None) -> str:
        return worst_first(judge(measures(**changes), finished=True))[0].code

    grimace = {"mouth_opening": 0.2, "smile": 0.9, "pitch": 15}
    assert first(**grimace) == "mouth_closed"
    assert first(**grimace, blur=0.9) == "sharpness"
    assert first(**grimace, ground_l=30) == "background_tone"
    assert first(**grimace, hair_margin_mm=0) == "whole_head"
    assert first(**grimace, eye_contrast=4) == "eyes_visible"
    assert first(**grimace, faces=0) == "one_face"
    assert first(pitch=15) == "pitch"


@pytest.mark.parametrize(
    ("code", "changes", "french"),
    [
        ("exposure", {"ground_l": 30}, "la photo est trop sombre"),
        ("exposure", {"burnt": 0.2}, "trop claires"),
        ("exposure", {"face_spread": 12}, "manque de lumière ou de contraste"),
        ("background_tone", {"ground_l": 30}, "Le fond est trop sombre"),
        ("background_tone", {"ground_l": 60}, "Le fond doit être clair"),
    ],
)
def test_what_is_wrong_with_the_light_is_said(code: str, changes: dict[str, float], french: str):
    found = next(item for item in judge(measures(**changes), finished=True) if item.code == code)
    reason, advice = texts.reason_and_advice(found, "fr", texts.Context(chroma=3))
    assert french in reason
    assert advice
    assert texts.reason_and_advice(found, "en", texts.Context(chroma=3))[0] != reason
