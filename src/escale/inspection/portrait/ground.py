"""The background: tone, uniformity, shadows. Measured above the chin, away from the person, at a fixed small size."""

from __future__ import annotations

import math

import cv2
import numpy as np

from escale.inspection.portrait.geometry import Face
from escale.inspection.portrait.networks import Floats
from escale.inspection.portrait.scales import SMALL_HEIGHT, Scales, medians, quantile

Values = dict[str, float | None]
_LEAST = 150  # pixels of background, every other row, under which nothing is said
_GRID = 8
_UNIT = SMALL_HEIGHT / 354  # gradients are counted as on a picture 354 pixels high (as OFIQ does)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_LINEAR = ((np.arange(256) / 255) ** 2.2 * 255).astype(np.float32)
_NOTHING: Values = dict.fromkeys(
    ("ground_l", "ground_c", "ground_hue", "ground_spread", "ground_gradient", "ground_range", "ground_shadow")
)


def _gradient(small: Floats, ground: Floats) -> float:
    """Mean size of the luminance steps (Sobel, linear light × 255) on the background."""
    linear = cv2.transform(cv2.LUT(small, _LINEAR), _LUMINANCE[None])
    steps = cv2.magnitude(cv2.Sobel(linear, cv2.CV_32F, 1, 0), cv2.Sobel(linear, cv2.CV_32F, 0, 1))
    return float(cv2.mean(steps, ground.view(np.uint8))[0]) * _UNIT


def _range(lightness: Floats, ground: Floats, height: int) -> float:
    """Lightest less darkest cell of a grid of eight, in L*, of those that are mostly ground: slow gradients.

    The grid is laid on the whole small picture, ``height`` rows, of which the first ones are given.
    """
    high, wide = height // _GRID, ground.shape[1] // _GRID
    share = ground.astype(np.float32)
    down, across = (
        np.repeat(np.eye(_GRID, dtype=np.float32), side, axis=1)[:, :given]
        for side, given in ((high, len(ground)), (wide, wide * _GRID))
    )
    covered = np.s_[: high * _GRID, : wide * _GRID]
    seen = down @ share[covered] @ across.T
    total = down @ (share * lightness)[covered] @ across.T
    mostly = seen > high * wide / 2
    means = total[mostly] / seen[mostly]
    return float(means.max() - means.min()) if len(means) else 0.0


def _shadow(lightness: Floats, person: Floats, ground: Floats, reach: int) -> float | None:
    """How much darker the ground is beside the person (5th percentile) than far away (median), in L*."""
    near = cv2.dilate(person.view(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8))[: len(ground)].view(bool)
    beside, far = lightness[near & ground], lightness[~near & ground]
    if len(beside) <= 60 or len(far) <= 60:
        return None
    return float(np.median(far[::4])) - quantile(beside[::2], 0.05)


def ground_values(scales: Scales, mask: Floats, face: Face) -> Values:
    """Tone as CIELAB lightness, chroma and hue; spread, gradient, range and shadow. None when too little is seen."""
    ground = cv2.erode((mask < 0.03).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    end = int(max(0, min(len(ground), face.chin[1] * scales.small_scale)))
    ground[end:] = False
    every_other = ground.copy()
    every_other[1::2] = False
    values = scales.lab.reshape(-1, 3)[np.flatnonzero(every_other)]
    if len(values) < _LEAST:
        return dict(_NOTHING)
    median = medians(values[::5])
    apart = values - median
    distance = np.sqrt(np.einsum("ij,ij->i", apart, apart))
    lightness, a, b = (float(value) for value in median)
    reach = max(1, int(0.12 * face.expected_head * scales.small_scale))
    return {
        "ground_l": lightness,
        "ground_c": math.hypot(a, b),
        "ground_hue": math.degrees(math.atan2(b, a)) % 360,
        "ground_spread": quantile(distance, 0.95),
        "ground_gradient": _gradient(scales.small[: end + 2], ground[: end + 2]),
        "ground_range": _range(scales.lab[:end, :, 0], ground[:end], len(scales.lab)),
        "ground_shadow": _shadow(scales.lab[:end, :, 0], mask[: end + reach] > 0.5, ground[:end], reach),
    }
