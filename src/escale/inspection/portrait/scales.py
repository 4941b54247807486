"""One picture at the few sizes the measures need, each made once."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.levels import Levels, for_looks, level_for, levels_of
from escale.inspection.portrait.networks import Floats

LARGEST = 2000  # pixels: nothing measured needs more
SMALL_HEIGHT = 266  # pixels: the height at which outline and background are measured


def reduced(picture: Pixels) -> tuple[Pixels, float]:
    """The picture halved until it is no larger than needed, and its scale (1 when untouched)."""
    scale = 1.0
    while max(picture.shape[:2]) > LARGEST:
        picture = levels_of(picture, most=2)[-1]
        scale /= 2
    return picture, scale


def quantile(values: Floats, share: float) -> float:
    """The value at this share of the ordered ones (the nearest below), without ordering them all."""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])


def medians(values: Floats) -> Floats:
    """The median of each column."""
    return np.asarray(np.median(np.ascontiguousarray(values.T), axis=1))


@dataclass(frozen=True)
class Scales:
    """``levels``: as measured, then its halves; ``looks``: the same, for windows on the face.

    ``small`` (266 pixels high) is for the background and the outline,
    ``lab`` is the slightly smoothed small picture in CIELAB (L* 0–100), ``small_scale`` its size over the full one.
    """

    levels: Levels
    looks: Levels
    small: Pixels
    lab: Floats
    small_scale: float

    @property
    def full(self) -> Pixels:
        return self.levels[0]

    @property
    def width(self) -> int:
        return int(self.full.shape[1])

    @property
    def height(self) -> int:
        return int(self.full.shape[0])


def scales_of(picture: Pixels) -> Scales:
    """All sizes of one picture."""
    height, width = picture.shape[:2]
    levels = levels_of(picture)
    scale = SMALL_HEIGHT / height
    nearest, _, _ = level_for(levels, scale)
    size = (max(1, round(width * scale)), SMALL_HEIGHT)
    small = np.asarray(cv2.resize(nearest, size, interpolation=cv2.INTER_AREA))
    smooth = cv2.GaussianBlur(small, (0, 0), 1.1)
    lab = cv2.cvtColor(np.multiply(smooth, np.float32(1 / 255), dtype=np.float32), cv2.COLOR_RGB2LAB)
    return Scales(levels, for_looks(levels), np.asarray(small, np.uint8), np.asarray(lab), scale)
