"""One picture at the few sizes the measures need, each made once."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.networks import Floats

_LARGEST = 2000  # pixels: nothing measured needs more
SMALL_HEIGHT = 354  # pixels: the height at which backgrounds are measured (as OFIQ does)


def _shrunk(picture: Pixels, width: int, height: int) -> Pixels:
    """Area averaging; by halves first, which costs much less than one uneven step."""
    while picture.shape[0] >= 2 * height and picture.shape[1] >= 2 * width and min(picture.shape[:2]) > 64:
        half = (picture.shape[1] // 2, picture.shape[0] // 2)
        picture = np.asarray(cv2.resize(picture[: half[1] * 2, : half[0] * 2], half, interpolation=cv2.INTER_AREA))
    if (picture.shape[1], picture.shape[0]) == (width, height):
        return picture
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))


def reduced(picture: Pixels) -> tuple[Pixels, float]:
    """The picture no larger than needed, and its scale (1 when untouched)."""
    side = max(picture.shape[:2])
    if side <= _LARGEST:
        return picture, 1.0
    scale = _LARGEST / side
    return _shrunk(picture, round(picture.shape[1] * scale), round(picture.shape[0] * scale)), scale


@dataclass(frozen=True)
class Scales:
    """``full`` as measured; ``half`` for the networks; ``small`` (354 pixels high) for the background.

    ``lab`` is the slightly smoothed small picture in CIELAB (L* 0–100), ``small_scale`` its size over full.
    """

    full: Pixels
    half: Pixels
    small: Pixels
    lab: Floats
    small_scale: float

    @property
    def width(self) -> int:
        return int(self.full.shape[1])

    @property
    def height(self) -> int:
        return int(self.full.shape[0])


def scales_of(picture: Pixels) -> Scales:
    """All sizes of one picture."""
    height, width = picture.shape[:2]
    half = _shrunk(picture, width // 2, height // 2) if min(width, height) > 300 else picture
    scale = SMALL_HEIGHT / height
    small = _shrunk(half, max(1, round(width * scale)), SMALL_HEIGHT)
    smooth = cv2.GaussianBlur(small, (0, 0), 1.5)
    lab = cv2.cvtColor(np.multiply(smooth, np.float32(1 / 255), dtype=np.float32), cv2.COLOR_RGB2LAB)
    return Scales(picture, half, small, np.asarray(lab), scale)
