"""Bars of one flat colour around a photo: a screenshot, a scan with its margins, a picture shown in a window.

A wall is never a bar: a bar ends all along one straight line, and a head before a wall does not. Bars come at two sides
at least, for the edge of a door or of a wall is none; in a picture as long as a screen, black or white at one end is
enough, for the other bar may meet dark clothes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.networks import Floats

_SAME, _STEADY = 4, 1  # of 255: pixels of one colour, once compressed; and from one end of a bar to the other
_FLAT, _OVER = 0.75, 0.35  # share of a line in the bar's colour: in the bar (icons may lie on it), and past it
_LEAST, _MOST = 0.012, 0.45  # of the side, for one bar
_EDGE = 2  # lines over which a bar ends at the small size
_PAST = 0.03  # of the side: so far past its end the bar's colour stays away
_PASSES = 3  # a bar of one colour may lie inside one of another
_SCREEN = 1.6  # long over short side: screens are longer than photos
_BLACK, _WHITE = 40, 250  # of 255: what surrounds a photo on a screen
_SIDES = ("top", "bottom", "left", "right")


@dataclass(frozen=True)
class Bars:
    """Where the photo lies in the picture, as shares of its width and height from the top left."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    @property
    def share(self) -> float:
        """Of the picture, taken by bars."""
        return 1.0 - (self.right - self.left) * (self.bottom - self.top)

    def inside(self, width: float, height: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the photo in a picture of this size."""
        return self.left * width, self.top * height, self.right * width, self.bottom * height

    def hide(self, mask: Floats) -> Floats:
        """The share of person, with the bars neither person nor background."""
        if not self.share:
            return mask
        left, top, right, bottom = (round(value) for value in self.inside(mask.shape[1], mask.shape[0]))
        seen = np.full_like(mask, 0.4)
        seen[top + 1 : bottom - 1, left + 1 : right - 1] = mask[top + 1 : bottom - 1, left + 1 : right - 1]
        return seen


def is_screen_shaped(width: int, height: int) -> bool:
    """Whether a picture is as long as screens are."""
    return max(width, height) >= _SCREEN * min(width, height)


def _middle(line: Pixels) -> Floats:
    """The median colour of a line."""
    half = len(line) // 2
    return np.partition(line, half, axis=0)[half].astype(float)


def _from_edge(lines: Pixels) -> int:
    """How many of these lines, from the first, are a bar; 0 when there is none."""
    count = len(lines)
    colour = _middle(lines[0])
    most = int(_MOST * count)
    same = cv2.inRange(lines[: most + 1], colour - _SAME, colour + _SAME)
    alike = cv2.reduce(same, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F)[:, 0] / 255
    over = np.flatnonzero(alike < _FLAT)
    run = int(over[0]) if len(over) else len(alike)
    past = alike[run + _EDGE : run + _EDGE + max(3, round(_PAST * count))]
    if run < max(2, _LEAST * count) or run >= most or not len(past) or past.max() > _OVER:
        return 0
    if np.abs(_middle(lines[max(0, run - 1 - _EDGE)]) - colour).max() > _STEADY:  # a slope of light
        return 0
    return run + 1  # the line where two colours meet is no photo


def _like_a_screen(small: Pixels, place: dict[str, int]) -> bool:
    """Whether the outermost line of every bar found is black or white."""
    edges = {"top": small[0], "bottom": small[-1], "left": small[:, 0], "right": small[:, -1]}
    colours = [_middle(edges[side]) for side in _SIDES if place[side]]
    return all(colour.max() <= _BLACK or colour.min() >= _WHITE for colour in colours)


def find_bars(small: Pixels) -> Bars:
    """Bars of a picture seen small (a few hundred pixels high)."""
    height, width = small.shape[:2]
    place = dict.fromkeys(_SIDES, 0)
    for _ in range(_PASSES):
        within = small[place["top"] : height - place["bottom"], place["left"] : width - place["right"]]
        if min(within.shape[:2]) < 32:
            return Bars()
        within = np.ascontiguousarray(within)
        across = np.asarray(cv2.transpose(within), np.uint8)
        found = dict(zip(_SIDES, map(_from_edge, (within, within[::-1], across, across[::-1])), strict=True))
        if not any(found.values()):
            break
        place = {side: place[side] + found[side] for side in _SIDES}
    least = 1 if is_screen_shaped(width, height) and _like_a_screen(small, place) else 2
    if sum(taken > 0 for taken in place.values()) < least:
        return Bars()
    return Bars(place["left"] / width, place["top"] / height, 1 - place["right"] / width, 1 - place["bottom"] / height)
