"""The machine readable zone: read from bad pictures, repaired by place only, never valid by accident."""

from __future__ import annotations

import io
import random

import cv2
import numpy as np
import pytest
from PIL import Image

from escale.inspection import mrz, mrz_burst
from escale.inspection.mrz import interpret, read_mrz, read_pixels
from escale.inspection.mrz_burst import read_burst_pixels
from escale.inspection.recogniser import Line
from escale.inspection.refusals import UploadRefused
from tests.inspection.making.passports import invented_mrz, photographed, printed_page
from tests.inspection.making.stills import LINES, Line as StillLine, burst, still

ZONE = invented_mrz(random.Random(7))


def line(text: str) -> Line:
    return Line(text, (0.9,) * len(text))


def jpeg(picture: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_a_page_is_read_whatever_the_telephone(level: int):
    rng = random.Random(11 + level)
    page = printed_page(rng)
    reading = read_pixels(photographed(page.picture, rng, level))
    assert reading is not None
    assert reading.valid
    assert reading.mrz == page.mrz


def test_a_page_upside_down_or_on_its_side_is_read():
    page = printed_page(random.Random(5))
    for turns in (1, 2):
        reading = read_mrz(jpeg(np.rot90(page.picture, turns)))
        assert reading is not None
        assert reading.mrz == page.mrz
        assert reading.quarter_turns == 4 - turns


def test_a_page_without_a_zone_reads_nothing():
    page = printed_page(random.Random(5)).picture
    assert read_mrz(jpeg(page[: page.shape[0] // 2])) is None


def test_letters_where_only_digits_can_stand_are_put_right():
    second = ZONE.line2[:13] + ZONE.line2[13:19].replace("0", "O").replace("1", "I") + ZONE.line2[19:]
    reading = interpret(line(ZONE.line1), line(second))
    assert reading is not None
    assert reading.valid
    assert reading.mrz == ZONE
    assert reading.repaired == sum(a != b for a, b in zip(second, ZONE.line2, strict=True)) > 0


def test_lost_fillers_are_given_back():
    reading = interpret(line(ZONE.line1.rstrip("<")), line(ZONE.line2[:30] + ZONE.line2[34:]))
    assert reading is not None
    assert reading.mrz == ZONE


def test_any_wrong_character_of_a_protected_field_makes_the_reading_invalid():
    for place in (*range(10), *range(13, 20), *range(21, 28), 43):
        wrong = str((int(ZONE.line2[place]) + 1) % 10) if ZONE.line2[place].isdigit() else "Z"
        if wrong == ZONE.line2[place]:
            wrong = "Y"
        reading = interpret(line(ZONE.line1), line(ZONE.line2[:place] + wrong + ZONE.line2[place + 1 :]))
        assert reading is not None
        assert not reading.valid, place
        assert reading.mrz is None


def test_two_long_lines_that_are_no_passport_are_nothing():
    assert interpret(line("HELLO WORLD".replace(" ", "<") * 4), line(ZONE.line2)) is None
    assert interpret(line(ZONE.line1), line(ZONE.line2[:20])) is None
    assert interpret(line(""), line("")) is None


def test_a_reading_does_not_print_its_holder():
    reading = interpret(line(ZONE.line1), line(ZONE.line2))
    assert ZONE.number not in repr(reading)
    assert ZONE.surname not in repr(reading)


def test_a_pdf_is_refused():
    with pytest.raises(UploadRefused) as refused:
        read_mrz(b"%PDF-1.7\n")
    assert refused.value.code == "not_an_image"


@pytest.mark.parametrize(("size", "share", "line"), [((640, 480), 0.6, LINES[0]), ((1280, 720), 0.45, LINES[1])])
def test_a_page_held_to_the_camera_of_an_interview_is_read(size: tuple[int, int], share: float, line: StillLine):
    rng = random.Random(5)
    page = printed_page(rng, dpi=300)
    reading = read_pixels(still(page.picture, rng, size=size, share=share, line=line), upright=True)
    assert reading is not None
    assert reading.valid
    assert reading.line2 == page.mrz.line2


def look(second: str, *, least: float, first: str = ZONE.line1) -> mrz.Look:
    confidence = (0.9,) * (len(second) - 1) + (least,)
    return mrz.Look(Line(second, confidence), lambda: line(first))


def test_a_look_the_network_is_not_sure_of_counts_only_twice():
    """Check digits alone let a wrong line through once in a hundred."""
    weak = look(ZONE.line2, least=0.3)
    alone = mrz.weighed([weak])
    assert alone is not None
    assert not alone.valid
    assert alone.mrz is None
    twice = mrz.weighed([weak, weak])
    assert twice is not None
    assert twice.mrz == ZONE


def test_the_first_line_is_read_only_where_the_second_may_be_believed():
    """Given looks whose digits do not hold, the other line is read of two at the most, to say what does not hold."""
    read: list[int] = []
    wrong = ZONE.line2[:9] + str((int(ZONE.line2[9]) + 1) % 10) + ZONE.line2[10:]
    others = [mrz.Look(line(wrong), lambda: read.append(1)) for _ in range(6)]
    assert mrz.weighed(others) is None
    assert len(read) == 2
    good = mrz.weighed([*others, look(ZONE.line2, least=0.9)])
    assert good is not None
    assert good.mrz == ZONE
    assert len(read) == 2


def held(seed: int, *, line: StillLine = LINES[2], share: float = 0.6) -> tuple[str, list[np.ndarray]]:
    """The second line of a page, and five stills of it."""
    rng = random.Random(seed)
    page = printed_page(rng, dpi=300)
    return page.mrz.line2, burst(page.picture, rng, size=(960, 540), share=share, line=line, frames=5)


def test_stills_too_poor_to_be_read_alone_are_read_together():
    printed, stills = held(7)
    assert not any(one is not None and one.valid for one in (read_pixels(still, upright=True) for still in stills[:2]))
    reading, _ = read_burst_pixels(stills)
    assert reading is not None
    assert reading.valid
    assert reading.line2 == printed


def test_the_sharpest_still_is_read_alone_first_and_is_the_one_to_keep(monkeypatch: pytest.MonkeyPatch):
    printed, stills = held(3, line=LINES[0], share=0.8)
    soft = [cv2.GaussianBlur(still, (0, 0), 3) for still in stills[:2]]
    monkeypatch.setattr(mrz_burst, "_together", lambda pictures: iter(()))
    reading, sharpest = read_burst_pixels([*soft, stills[2]])
    assert sharpest == 2
    assert reading is not None
    assert reading.line2 == printed


def test_no_look_is_begun_once_the_time_is_over(monkeypatch: pytest.MonkeyPatch):
    begun: list[int] = []
    monkeypatch.setattr(
        mrz_burst, "looks", lambda *_, **__: (begun.append(1) or look(ZONE.line2, least=0.3) for _ in "12")
    )
    monkeypatch.setattr(mrz_burst, "_together", lambda pictures: iter(()))
    stills = [np.zeros((90, 160, 3), np.uint8)]
    assert read_burst_pixels(stills, seconds=0) == (None, 0)
    assert len(begun) == 1
    reading, _ = read_burst_pixels(stills)
    assert reading is not None
    assert reading.mrz == ZONE


def test_two_pages_are_never_made_one():
    (_, one), (_, other) = (held(seed, line=LINES[0], share=0.8) for seed in (1, 2))
    together = mrz.weighed(mrz_burst._together([one[0], other[0]]))
    assert together is None or not together.valid


def test_a_burst_without_any_page_reads_nothing():
    assert read_burst_pixels([np.full((540, 960, 3), 128, np.uint8)] * 3) == (None, 0)
