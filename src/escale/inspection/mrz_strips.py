"""Finding the two lines of a machine readable zone in a picture of a passport's page."""

from __future__ import annotations

import cv2
import numpy as np

from escale.inspection.pixels import Pixels

_WORKING_WIDTH = 1000  # pixels: the sizes below are for a page this wide
_LEAST_LENGTH = 0.55  # of the width, for a line of 44 characters
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


def find_strips(picture: Pixels, *, fullness: float = 1.5) -> tuple[Pixels, Pixels] | None:
    """The two lowest long lines of text, each a level strip; None when there are not two.

    ``fullness`` is the height of a strip in thicknesses of the line found.
    """
    scale = _WORKING_WIDTH / picture.shape[1]
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    boxes = _long_thin_boxes(
        np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=interpolation), np.uint8)
    )
    if len(boxes) < 2:
        return None
    upper, lower = boxes[-2:]
    gap = lower[0] - upper[0]
    if not 12 < gap < 130:
        return None
    heights = [min(max(box[3] * fullness, 30.0), gap * 1.15) for box in (upper, lower)]
    return _cut(picture, upper, scale, heights[0]), _cut(picture, lower, scale, heights[1])
