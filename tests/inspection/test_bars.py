"""Bars around a photo are told from a wall, whatever the wall."""

from __future__ import annotations

import numpy as np
import pytest

from escale.inspection import models
from escale.inspection.photo import Verdict, check_photo
from escale.inspection.portrait.bars import find_bars
from escale.inspection.portrait.scales import scales_of
from tests.inspection.making.portraits import HEIGHT, WIDTH, cutout, framed, jpeg, tone

needs_models = pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")


def share(picture: np.ndarray) -> float:
    return find_bars(scales_of(np.ascontiguousarray(picture)).small).share


def a_room(rng: np.random.Generator) -> np.ndarray:
    """A picture that fills its file: light that falls off, grain."""
    slope = np.linspace(120, 190, 400)[:, None, None] + np.linspace(-20, 20, 300)[None, :, None]
    return (slope + rng.normal(0, 2, (400, 300, 3))).clip(0, 255).astype(np.uint8)


def within(picture: np.ndarray, sides: tuple[int, int, int, int], colour: int) -> np.ndarray:
    """The picture in bars of these widths (top, bottom, left, right)."""
    top, bottom, left, right = sides
    return np.pad(picture, ((top, bottom), (left, right), (0, 0)), constant_values=colour)


@pytest.mark.parametrize("colour", [0, 24, 60, 255])
@pytest.mark.parametrize("sides", [(120, 120, 0, 0), (20, 160, 0, 0), (0, 0, 90, 90), (12, 12, 12, 12), (40, 0, 0, 40)])
def test_bars_of_any_colour_are_measured(sides: tuple[int, int, int, int], colour: int):
    room = a_room(np.random.default_rng(3))
    page = within(room, sides, colour)
    assert share(page) == pytest.approx(1 - room.size / page.size, abs=0.03)


def test_icons_on_a_bar_hide_nothing_and_a_second_colour_neither():
    page = within(within(a_room(np.random.default_rng(3)), (60, 60, 0, 0), 0), (40, 50, 0, 0), 32)
    page[12:28, 20:60] = page[-30:-14, 120:180] = 230
    assert share(page) == pytest.approx(1 - 400 / 610, abs=0.03)


def test_on_a_screen_one_bar_is_enough_where_the_other_meets_dark_clothes():
    room = a_room(np.random.default_rng(3))
    room[300:] = 2
    page = within(room, (150, 150, 0, 0), 0)
    assert share(page) == pytest.approx(150 / 700, abs=0.03)
    assert share(page[:450]) == 0


def test_a_wall_is_no_bar():
    """Given rooms, slopes of light, walls that meet at one side, nothing is seen around the photo."""
    rng = np.random.default_rng(5)
    corner, slope = a_room(rng), np.tile(np.linspace(150, 255, 300)[None, :, None], (400, 1, 3)).astype(np.uint8)
    corner[:, :70] = 236
    assert [share(one) for one in (a_room(rng), corner, slope, np.full((400, 300, 3), 200, np.uint8))] == [0, 0, 0, 0]


@needs_models
def test_a_head_before_the_plainest_wall_fills_its_picture():
    for lightness in (20, 84, 100):
        assert share(cutout("collins").on(tone(lightness, noise=0))) == 0


@needs_models
def test_a_screenshot_is_said_first_and_its_bars_are_no_background():
    photo = framed("collins")
    page = within(photo, (600, 600, 0, 0), 0)
    found = check_photo(jpeg(page), finished=False)
    first = found.checks[0]
    assert (first.code, first.verdict) == ("borders", Verdict.NOT_COMPLIANT)
    assert "capture d’écran" in first.reason("fr")
    assert "screenshot" in first.advice("en")
    alone = check_photo(jpeg(photo), finished=False)
    assert found.measures["ground_l"] == pytest.approx(alone.measures["ground_l"], abs=1)
    assert found.check("background_uniform").verdict is alone.check("background_uniform").verdict


@needs_models
def test_the_frame_offered_stays_within_the_border_of_a_scan():
    page = within(framed("collins"), (300, 400, 200, 210), 253)
    found = check_photo(jpeg(page), finished=False)
    assert "bordure" in found.checks[0].reason("fr")
    x, y = np.array(found.crop.corners).T
    assert x.min() > 196
    assert x.max() < 204 + WIDTH
    assert y.min() > 296
    assert y.max() < 304 + HEIGHT
