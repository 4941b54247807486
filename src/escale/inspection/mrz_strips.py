"""Finding the two lines of a machine readable zone in a picture of a passport's page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels

_WORKING_WIDTH = 1000  # pixels: the sizes below are for a page this wide
_LEAST_LENGTH = 0.55  # of the width, for a line of 44 characters
_MOST_PAIRS = 2
_Box = tuple[float, float, float, float, float]  # centre y, centre x, length, thickness, angle in degrees


def _long_thin_boxes(grey: Pixels) -> list[_Box]:
    """Dark text on a light ground, closed along the line: the boxes that are long, thin and nearly level."""
    dark = cv2.morphologyEx(
        cv2.GaussianBlur(grey, (3, 3), 0), cv2.MORPH_BLACKHAT, cv2.getStructuringElement(cv2.MORPH_RECT, (25, 13))
    )
    edges = np.abs(cv2.Sobel(dark, cv2.CV_32F, 1, 0, ksize=-1))
    spread = float(edges.max() - edges.min()) or 1.0
    edges = (255 * (edges - edges.min()) / spread).astype(np.uint8)
    closed = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (31, 3)))
    _, mask = cv2.threshold(closed, 0, 255, cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((5, 25), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = []
    for contour in contours:
        (x, y), (length, thickness), angle = cv2.minAreaRect(contour)
        if length < thickness:
            length, thickness, angle = thickness, length, angle - 90
        angle = (angle + 45) % 180 - 45
        if length > _LEAST_LENGTH * _WORKING_WIDTH and 8 < thickness < 60 and abs(angle) < 25:
            boxes.append((float(y), float(x), float(length), float(thickness), float(angle)))
    return sorted(boxes)


def _cut(picture: Pixels, box: _Box, scale: float, height: float) -> Pixels:
    """The level strip around one box, with a margin at both ends."""
    y, x, length, _, angle = box
    turn = cv2.getRotationMatrix2D((x / scale, y / scale), angle, 1)
    wide, high = round(length / scale * 1.04), round(height / scale)
    turn[:, 2] += np.array([wide / 2 - x / scale, high / 2 - y / scale])
    return np.asarray(
        cv2.warpAffine(picture, turn, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def _boxes(picture: Pixels, share: float) -> tuple[list[_Box], float]:
    """Long lines of text on a page as wide as ``share`` of the picture, and the scale at which they were seen."""
    scale = _WORKING_WIDTH / share / picture.shape[1]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=interpolation)
    return _long_thin_boxes(np.asarray(sized, np.uint8)), scale


def _are_two_lines(upper: _Box, lower: _Box) -> bool:
    """Whether two boxes lie under one another as the lines of a zone do: near, parallel, as long, in one column."""
    gap = lower[0] - upper[0]
    alike = abs(lower[2] - upper[2]) < 0.25 * max(lower[2], upper[2]) and abs(lower[4] - upper[4]) < 4
    return 12 < gap < 130 and alike and abs(lower[1] - upper[1]) < 0.3 * lower[2]


@dataclass(frozen=True)
class ZoneLines:
    """Two lines of text found in a picture, which may be those of a zone."""

    picture: Pixels
    upper: _Box
    lower: _Box
    scale: float

    def strip(self, place: int, fullness: float) -> Pixels:
        """The first line (0) or the second (1) as a level strip, ``fullness`` thicknesses high."""
        gap = self.lower[0] - self.upper[0]
        box = (self.upper, self.lower)[place]
        return _cut(self.picture, box, self.scale, min(max(box[3] * fullness, 30.0), gap * 1.15))


def find_lines(picture: Pixels, *, share: float = 1.0) -> list[ZoneLines]:
    """Pairs of long lines of text, the lowest first, two at the most.

    ``share``: how much of the width of the picture the page takes, about: a scan is all page, while in a hand held
    to a camera it takes a half or two thirds.
    """
    boxes, scale = _boxes(picture, share)
    found = [
        ZoneLines(picture, upper, lower, scale)
        for place, lower in reversed(list(enumerate(boxes)))
        for upper in reversed(boxes[:place])
        if _are_two_lines(upper, lower)
    ]
    return found[:_MOST_PAIRS]
