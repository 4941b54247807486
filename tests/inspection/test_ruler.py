"""The print ruler: sizes of a paper photo in millimetres, from a telephone's picture of the cover sheet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from lxml import etree

from escale.inspection import models
from escale.inspection.print_edges import find_print
from escale.inspection.ruler import FRAME_MM, MARK_POSITIONS_MM, mark_svg, measure_print, ruler_svg
from tests.inspection.making.portraits import framed, jpeg, tone
from tests.inspection.making.sheets import Placing, flat_sheet, seen


@pytest.fixture(scope="module")
def photo():
    """Something like a portrait: a dark head and shoulders on light grey; sizes need no real face."""
    picture = np.clip(tone(84, -1, -3), 0, 255).astype(np.uint8)
    cv2.ellipse(picture, (413, 480), (250, 340), 0, 0, 360, (188, 140, 120), -1)
    cv2.ellipse(picture, (413, 1100), (420, 260), 0, 0, 360, (40, 44, 60), -1)
    return picture


@pytest.mark.parametrize(
    ("placing", "tilt"),
    [
        (Placing(), 0),
        (Placing(width=34.2, height=45.6, right=2, down=-2, turn=3), 15),
        (Placing(width=36.4, height=44.1, right=-2, down=1, turn=-3), 25),
    ],
)
def test_a_print_is_measured_within_half_a_millimetre(photo, placing: Placing, tilt: float):
    rng = np.random.default_rng(int(tilt) + 2)
    reading = measure_print(jpeg(seen(flat_sheet(photo, placing), rng, tilt=tilt), 90))
    assert reading.problem == ""
    assert reading.width_mm == pytest.approx(placing.width, abs=0.5)
    assert reading.height_mm == pytest.approx(placing.height, abs=0.5)
    assert reading.size_ok == (abs(reading.width_mm - 35) <= 1 and abs(reading.height_mm - 45) <= 1)


def test_a_missing_mark_or_an_empty_field_is_said(photo):
    sheet = flat_sheet(None, Placing())
    picture = seen(sheet, np.random.default_rng(1), tilt=5)
    assert measure_print(jpeg(picture)).problem == "no_print"
    picture[: picture.shape[0] // 3] = 128
    reading = measure_print(jpeg(picture))
    assert reading.problem == "marks_missing"
    assert reading.problem_words("fr") != reading.problem_words("en")


def test_a_picture_too_dark_to_measure_is_said():
    sheet = cv2.resize(flat_sheet(None, Placing()), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    reading = measure_print(jpeg((sheet * 0.4).astype(np.uint8), 90))
    assert reading.problem == "too_dark"
    assert "lumière du jour" in reading.problem_words("fr")


def test_a_print_in_a_dim_room_whose_ground_is_hardly_lighter_than_the_field_is_measured():
    """The light falls off and the grain is coarse: only the head stands out at first sight."""
    field = np.full((1100, 900, 3), 139, np.float32)
    field[100:1000, 100:800] = (205, 208, 212)
    cv2.ellipse(field, (450, 640), (240, 300), 0, 0, 360, (60, 50, 50), -1)
    field *= 0.4 * np.linspace(1.15, 0.85, 1100, dtype=np.float32)[:, None, None]
    field += cv2.GaussianBlur(np.random.default_rng(1).normal(0, 14, field.shape), (0, 0), 1.2)
    found = find_print(field.clip(0, 255).astype(np.uint8), 20)
    assert found is not None
    assert abs(found[0] - 35) < 0.2
    assert abs(found[1] - 45) < 0.2


def test_an_edge_that_is_not_seen_is_never_guessed():
    """Clothes as grey as the field slant the lower edge: no length is better than a wrong one."""
    field = np.full((1100, 900, 3), 139, np.uint8)
    field[100:1000, 100:800] = (215, 218, 226)
    assert find_print(field, 20) is not None
    cv2.fillPoly(field, [np.array([[100, 1000], [100, 970], [800, 1000]])], (139, 139, 139))
    assert find_print(field, 20) is None


def test_a_sheet_too_far_away_is_said(photo):
    picture = seen(flat_sheet(photo, Placing()), np.random.default_rng(1), tilt=2)
    small = cv2.resize(picture, None, fx=0.35, fy=0.35, interpolation=cv2.INTER_AREA)
    assert measure_print(jpeg(small)).problem == "too_far"


def test_marks_are_what_the_detector_expects():
    """The SVG, drawn as a printer would, is recognised as the mark of its number."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    for number in MARK_POSITIONS_MM:
        drawing = etree.fromstring(mark_svg(number))
        picture = np.full((160, 160), 255, np.uint8)
        for square in drawing:
            x, y = (20 + 20 * int(square.get(key)) for key in ("x", "y"))
            picture[y : y + 20, x : x + 20] = 0
        _, numbers, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(picture)
        assert numbers is not None
        assert numbers.ravel().tolist() == [number]


def test_the_whole_ruler_has_its_size_and_its_fifty_millimetres():
    drawing = etree.fromstring(ruler_svg())
    assert (drawing.get("width"), drawing.get("height")) == (f"{FRAME_MM[0]:g}mm", f"{FRAME_MM[1]:g}mm")
    assert any("h50" in (part.get("d") or "") for part in drawing)
    with pytest.raises(ValueError, match="0 to 3"):
        mark_svg(4)


@pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")
def test_the_face_of_a_print_is_measured_in_true_millimetres():
    from_file = framed("collins")
    rng = np.random.default_rng(9)
    straight = measure_print(jpeg(seen(flat_sheet(from_file, Placing()), rng, tilt=0)))
    larger = measure_print(jpeg(seen(flat_sheet(from_file, Placing(36, 36 * 45 / 35)), rng, tilt=10)))
    assert larger.head_mm / straight.head_mm == pytest.approx(36 / 35, abs=0.006)
    assert abs(straight.axis_mm) < 0.2
