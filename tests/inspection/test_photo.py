"""The photo check on portraits of the public domain, changed by known amounts."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from lxml import etree

from escale.inspection import models
from escale.inspection.photo import Verdict, check_photo
from escale.inspection.refusals import UploadRefused
from tests.inspection.making.portraits import HEIGHT, WIDTH, cutout, framed, jpeg, original, tone

needs_models = pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")


def report(pixels: np.ndarray, **options):
    return check_photo(jpeg(pixels), finished=True, **options)


def turned(pixels: np.ndarray, degrees: float) -> np.ndarray:
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT * 0.45), -degrees, 1)
    return cv2.warpAffine(pixels, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def with_dark_glasses(pixels: np.ndarray) -> np.ndarray:
    before = check_photo(jpeg(pixels), finished=True)
    eyes = next(mark for mark in before.drawing.marks if mark.code == "eyes")
    apart = before.measures["between_eyes"]
    out = pixels.copy()
    for side in (-1, 1):
        x, y = (round(value) for value in (eyes.at[0] + side * apart / 2, eyes.at[1]))
        cv2.ellipse(out, (x, y), (round(apart * 0.36), round(apart * 0.26)), 0, 0, 360, (18, 18, 20), -1)
    return out


@needs_models
def test_a_framed_portrait_is_measured_and_its_smile_is_seen():
    found = report(framed("collins"))
    assert found.engine == "on"
    assert found.check("head_height").value == pytest.approx(34, abs=0.5)
    assert found.check("neutral").verdict is Verdict.NOT_COMPLIANT
    assert found.check("background_tone").verdict is Verdict.COMPLIANT
    assert found.verdict is Verdict.NOT_COMPLIANT
    assert found.check("likeness").verdict is Verdict.AGENT


@needs_models
@pytest.mark.parametrize("degrees", [-10, -4, 6, 12])
def test_a_tilt_is_measured_to_a_tenth_of_a_degree(degrees: float):
    straight = report(framed("collins")).check("roll").value
    assert report(turned(framed("collins"), degrees)).check("roll").value - straight == pytest.approx(degrees, abs=0.15)


@needs_models
def test_a_shift_is_measured_in_millimetres():
    shifted = np.roll(framed("collins"), round(2 * WIDTH / 35), axis=1)
    assert report(shifted).check("centring").value == pytest.approx(2.0, abs=0.1)


@needs_models
def test_refused_with_a_reason_no_face():
    found = report(np.clip(tone(84), 0, 255).astype(np.uint8))
    refused = found.refused_because
    assert [check.code for check in refused] == ["one_face"]
    assert refused[0].reason("fr") == "Aucun visage n’a été trouvé sur l’image."
    assert found.picture(jpeg(framed("collins"))) is None


@needs_models
def test_refused_with_a_reason_two_faces():
    pixels = framed("collins").copy()
    half = cv2.resize(pixels, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    both = np.hstack([half, half])
    found = check_photo(jpeg(both), finished=False)
    assert found.check("one_face").verdict is Verdict.NOT_COMPLIANT
    assert "2" in found.check("one_face").reason("en")


@needs_models
def test_refused_with_a_reason_sunglasses():
    assert report(with_dark_glasses(framed("collins"))).check("eyes_visible").verdict is Verdict.NOT_COMPLIANT


@needs_models
def test_refused_with_a_reason_white_background():
    check = report(cutout("collins").on(tone(100, 0, 0, noise=0.2))).check("background_tone")
    assert check.verdict is Verdict.NOT_COMPLIANT
    assert "blanc est interdit" in check.reason("fr")


@needs_models
def test_refused_with_a_reason_head_too_small():
    person = cutout("collins")
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT * 0.5), 0, 0.8)
    size = (WIDTH, HEIGHT)
    colours = cv2.warpAffine(person.colours, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    share = cv2.warpAffine(person.person, matrix, size)
    small = type(person)(colours, share).on(tone(84, -1, -3))
    check = report(small).check("head_height")
    assert check.verdict is Verdict.NOT_COMPLIANT
    assert check.high < 32
    assert "32 à 36 mm" in check.reason("fr")


@needs_models
def test_a_photo_on_its_side_is_told_to_be_turned_not_the_head():
    check = report(np.ascontiguousarray(np.rot90(framed("collins")))).check("roll")
    assert check.verdict is Verdict.NOT_COMPLIANT
    assert check.reason("fr") == "La photo est couchée ou à l’envers."
    assert "quarter" in check.advice("en")


@needs_models
def test_a_photo_taken_in_the_dark_is_told_by_its_background():
    found = report((framed("collins") * 0.25).astype(np.uint8)).check("exposure")
    assert found.verdict is Verdict.TO_CHECK
    assert "trop sombre" in found.reason("fr")


def test_refused_with_a_reason_not_an_image():
    with pytest.raises(UploadRefused) as refused:
        check_photo(b"not an image at all", finished=True)
    assert refused.value.code == "unknown_type"


@needs_models
def test_a_photo_to_be_framed_gets_a_frame_without_invented_pixels():
    content = jpeg(original("hopper"))
    found = check_photo(content, finished=False)
    assert found.crop.possible
    framed_photo = cv2.imdecode(np.frombuffer(found.framed(content), np.uint8), cv2.IMREAD_COLOR)
    assert framed_photo.shape[1] / framed_photo.shape[0] == pytest.approx(35 / 45, abs=0.01)
    assert found.check("framing").verdict is Verdict.TO_CHECK
    assert framed_photo.shape[0] <= round(45 * found.crop.dpi / 25.4) + 1
    again = check_photo(found.framed(content), finished=True)
    assert again.check("head_height").value == pytest.approx(34, abs=0.6)


@needs_models
def test_a_frame_that_does_not_fit_says_what_is_missing():
    tight = original("hopper")[60:400, 120:420]
    found = check_photo(jpeg(tight), finished=False)
    assert not found.crop.possible
    assert found.framed(jpeg(tight)) is None
    assert "place" in found.check("framing").reason("fr")


@needs_models
def test_the_drawing_has_its_text_twin_and_its_vectors():
    content = jpeg(framed("collins"))
    found = check_photo(content, finished=True)
    assert found.picture(content, "en").startswith(b"\x89PNG")
    overlay = etree.fromstring(found.overlay("fr"))
    said = found.drawing.words("fr")
    assert any(sentence.startswith("sommet du crâne, estimé : 34") for sentence in said)
    assert len(said) == len(found.drawing.words("en")) == 6
    assert overlay.find("{http://www.w3.org/2000/svg}desc").text == " ; ".join(said)


@needs_models
def test_the_original_compression_is_remembered():
    content = jpeg(framed("collins"))
    assert check_photo(content, finished=True, source_quality=50).check("compression").verdict is Verdict.NOT_COMPLIANT
    squares = cv2.imdecode(np.frombuffer(jpeg(framed("collins"), 8), np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert report(squares).check("compression").verdict is not Verdict.COMPLIANT


@needs_models
def test_progress_is_told_from_start_to_end():
    told: list[tuple[str, float]] = []
    report(framed("collins"), progress=lambda stage, share: told.append((stage, share)))
    assert told[-1] == ("measured", 1.0)
    assert [share for _, share in told] == sorted(share for _, share in told)


def test_without_models_nothing_is_compliant_and_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("ESCALE_MODELS_DIR", str(tmp_path))
    pixels = np.clip(tone(84), 0, 255).astype(np.uint8)
    found = report(pixels)
    assert (found.engine, found.verdict) == ("off", Verdict.TO_CHECK)
    assert "n’est pas installé" in found.verdict_words("fr")
    assert found.check("format").verdict is Verdict.COMPLIANT


@needs_models
def test_a_report_is_plain_data():
    data = json.loads(json.dumps(report(framed("collins")).as_json("en")))
    assert data["verdict"] == "not_compliant"
    assert data["table_version"]
    assert {"code", "title", "verdict", "reason", "advice", "source"} <= set(data["checks"][0])
    assert "points" not in json.dumps(data["drawing"])
