"""Data Matrix squares a reader gives up: their corner is cut by the edge of the picture, folded or stained.

A reader follows the frame of a square; where a part of it is missing, it sees none. Here the square is found as a dark
patch, its modules are sampled on the grid that agrees best with the frame there is, and it is drawn anew with its frame
whole. What is missing of the message is left to the code's own error correction, which gives nothing rather than guess.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Bits = NDArray[np.bool_]
_Rect = tuple[tuple[float, float], tuple[float, float], float]  # centre, sides, angle in degrees: as OpenCV gives it

# Modules on a side: regions on a side (ISO/IEC 16022). A seal with its signature needs 32 at the least.
_REGIONS = {32: 2, 36: 2, 40: 2, 44: 2, 48: 2, 52: 2, 64: 4, 72: 4, 80: 4, 88: 4, 96: 4, 104: 4}
_WORKING_SIDE = 1800  # pixels: a page is searched at this size
_LEAST_SIDE = 60  # pixels at that size
_MOST_SQUARES = 3
_CROP = 416  # pixels, before sampling
_GROWN = (-2, -1, 0, 1, 2)  # modules' edges are a little outside or inside of the dark pixels
_LEAST_AGREEMENT = 0.85  # of the modules of the frame, of which there are 250 and more
_MOST_DRAWN = 6  # for each square
_PIXELS = 4  # of a module drawn anew


def _frame(side: int) -> tuple[Bits, Bits]:
    """Which modules belong to the frame of any region, and which of those are dark."""
    region = side // _REGIONS[side]
    y, x = np.meshgrid(*[np.arange(side) % region] * 2, indexing="ij")
    last = region - 1
    dark = (x == 0) | (y == last) | ((y == 0) & (x % 2 == 0)) | ((x == last) & (y % 2 == 1))
    return (x == 0) | (y == last) | (y == 0) | (x == last), dark


_FRAMES = {side: _frame(side) for side in _REGIONS}


def _patches(grey: Pixels) -> list[_Rect]:
    """Dark, full and nearly square patches, the largest first."""
    reach = max(9, min(grey.shape) // 60)
    wide = np.ones((2 * reach + 1,) * 2, np.uint8)
    dark = cv2.morphologyEx(cv2.GaussianBlur(grey, (0, 0), 2), cv2.MORPH_BLACKHAT, wide)
    _, mask = cv2.threshold(dark, 0, 255, cv2.THRESH_OTSU)
    kernel = np.ones((reach, reach), np.uint8)
    mask = cv2.morphologyEx(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), cv2.MORPH_OPEN, kernel)
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found: list[_Rect] = []
    for contour in contours:
        centre, (one, other), angle = cv2.minAreaRect(contour)
        full = cv2.contourArea(contour) > 0.7 * one * other
        if full and min(one, other) > _LEAST_SIDE and max(one, other) < 1.25 * min(one, other):
            found.append(((centre[0], centre[1]), (one, other), angle))
    return sorted(found, key=lambda rect: -rect[1][0] * rect[1][1])[:_MOST_SQUARES]


def _exactly(grey: Pixels, rough: _Rect) -> _Rect | None:
    """The least rectangle around the dark pixels of a patch, to a fraction of a pixel."""
    centre, (one, other), angle = rough
    around = np.zeros(grey.shape, np.uint8)
    grown = cv2.boxPoints((centre, (one * 1.03, other * 1.03), angle))
    cv2.fillPoly(around, [grown.astype(np.int32)], 255)
    level, _ = cv2.threshold(grey[around > 0].reshape(1, -1), 0, 255, cv2.THRESH_OTSU)
    dark = ((grey < level) & (around > 0)).astype(np.uint8)
    dark[[0, 1, -2, -1]] = 0
    dark[:, [0, 1, -2, -1]] = 0
    grain = max(1, round(min(one, other) / 96))
    points = cv2.findNonZero(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((grain, grain), np.uint8)))
    if points is None:
        return None
    (x, y), (one, other), angle = cv2.minAreaRect(points)
    return ((x, y), (one, other), angle) if min(one, other) > 0 else None


def _sampled(grey: Pixels, square: _Rect) -> Iterator[tuple[float, int, Bits]]:
    """Every grid that agrees with its frame: how much, modules on a side, the modules (dark: true), turned upright."""
    (x, y), (one, other), angle = square
    for grown in _GROWN:
        scales = np.diag([_CROP / (one + grown), _CROP / (other + grown)])
        turn = scales @ cv2.getRotationMatrix2D((x, y), angle, 1)
        turn[:, 2] += _CROP / 2 - scales @ np.array([x, y])
        seen = cv2.warpAffine(grey, turn, (_CROP, _CROP), flags=cv2.INTER_LINEAR, borderValue=255)
        level, _ = cv2.threshold(seen, 0, 255, cv2.THRESH_OTSU)
        for side, (fixed, dark) in _FRAMES.items():
            middles = cv2.resize(seen, (3 * side, 3 * side), interpolation=cv2.INTER_AREA)[1::3, 1::3]
            modules = np.asarray(middles < level)
            for quarter in range(4):
                upright = np.rot90(modules, quarter)
                agreement = float((upright[fixed] == dark[fixed]).mean())
                if agreement >= _LEAST_AGREEMENT:
                    yield agreement, side, upright


def _drawn(side: int, modules: Bits) -> Pixels:
    fixed, dark = _FRAMES[side]
    whole = np.where(np.where(fixed, dark, modules), 0, 255).astype(np.uint8)
    enlarged = np.kron(whole, np.ones((_PIXELS, _PIXELS), np.uint8))
    return np.pad(enlarged, 2 * _PIXELS, constant_values=255)


def redrawn_squares(grey: Pixels) -> Iterator[tuple[Pixels, list[list[int]]]]:
    """Squares of a page in grey, drawn anew upright with their margin, the likeliest grid of each first.

    With each, the corners of the patch it was read from, in pixels of the page.
    """
    scale = min(1.0, _WORKING_SIDE / max(grey.shape))
    small = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    smooth = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1), np.uint8)
    for (x, y), (one, other), angle in _patches(small):
        square = _exactly(smooth, ((x / scale, y / scale), (one / scale, other / scale), angle))
        if square is None:
            continue
        grids = sorted(_sampled(smooth, square), key=lambda grid: -grid[0])
        for _, side, modules in grids[:_MOST_DRAWN]:
            yield _drawn(side, modules), np.round(cv2.boxPoints(square)).astype(int).tolist()
