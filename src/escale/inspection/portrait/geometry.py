"""Where the chin, the eyes, the hair and the crown are, in pixels, along the axis of the face.

« Du bas du menton au sommet du crâne (hors chevelure) » (arrêté du 5 février 2009, annexe): nobody sees the crown
under the hair. It is estimated from the proportions of the face and from the top of the hair, and always given with
its interval (80 %): about ± 1.1 mm on a head of 34 mm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.portrait.levels import level_for
from escale.inspection.portrait.networks import Floats
from escale.inspection.portrait.points import CHIN, LEFT_EYE, RIGHT_EYE
from escale.inspection.portrait.scales import Scales, medians, quantile

# Eye line to chin over crown to chin: eyes lie a little above the middle of the head. To be calibrated on real heads.
_EYES_TO_CHIN, _EYES_TO_CHIN_SD = 0.515, 0.02
# Crown over top of hair, both from the chin.
_UNDER_HAIR, _UNDER_HAIR_SD = 0.955, 0.04
_EIGHTY_PERCENT = 1.28
_BIG_HAIR, _CUT_HEAD = 1.18, 0.90
_BAND = 0.33  # half width, in head heights, in which the top of the hair is looked for
_TOP_QUANTILE, _STRIP_QUANTILE = 0.9995, 0.998
_STRIP_HEIGHT = 520  # pixels: height of the picture in which the top of the hair is refined


@dataclass(frozen=True)
class Face:
    """The axes of a face: points in pixels; ``up`` the unit vector from chin to crown, ``across`` along the eyes."""

    right_eye: Floats
    left_eye: Floats
    middle: Floats
    chin: Floats
    up: Floats
    across: Floats
    eyes_to_chin: float
    between_eyes: float
    roll: float
    expected_head: float


@dataclass(frozen=True)
class Head:
    """Heights above the chin along the axis, in pixels: ``hair`` seen, ``crown`` estimated with ``low`` and ``high``.

    ``method``: ``fused``, ``proportions`` (much hair or a head cover), or ``cut`` (the head leaves the picture, or
    cannot be told from a dark background).
    """

    hair: float
    crown: float
    low: float
    high: float
    method: str


def face_axes(points: Floats) -> Face:
    """The axes from the mesh. Eye centres are the middles of the corners: a glance must not move them."""
    right_eye = points[[RIGHT_EYE.outer, RIGHT_EYE.inner], :2].mean(axis=0)
    left_eye = points[[LEFT_EYE.outer, LEFT_EYE.inner], :2].mean(axis=0)
    middle = (right_eye + left_eye) / 2
    line = left_eye - right_eye
    between = float(np.linalg.norm(line))
    across = line / between
    up = np.array([across[1], -across[0]])
    depth = float(((points[list(CHIN), :2] - middle) @ up).min())
    return Face(
        right_eye=right_eye,
        left_eye=left_eye,
        middle=middle,
        chin=middle + up * depth,
        up=up,
        across=across,
        eyes_to_chin=-depth,
        between_eyes=between,
        roll=math.degrees(math.atan2(line[1], line[0])),
        expected_head=-depth / _EYES_TO_CHIN,
    )


def _heights(chosen: Floats, face: Face, *, scale: float, left: int = 0, top: int = 0) -> Floats:
    """Heights above the chin of the chosen pixels of a window that lie near the axis."""
    right = (np.arange(left, left + chosen.shape[1]) + 0.5) / scale - face.chin[0]
    down = ((np.arange(top, top + chosen.shape[0]) + 0.5) / scale - face.chin[1])[:, None]
    aside = np.abs(right * face.across[0] + down * face.across[1])
    return np.asarray((right * face.up[0] + down * face.up[1])[chosen & (aside < _BAND * face.expected_head)])


def _top_in_mask(mask: Floats, face: Face, scale: float) -> float:
    heights = _heights(mask[: max(1, int(face.middle[1] * scale))] > 0.5, face, scale=scale)
    return quantile(heights, _TOP_QUANTILE) if len(heights) else face.expected_head


def _grown_from_head(different: Floats) -> Floats:
    """What differs from the background and holds on to the head, whose hair fills the bottom of the strip.

    Grain, an edge of the picture or an object apart are left out.
    """
    count, parts = cv2.connectedComponents(different.astype(np.uint8))
    kept = np.zeros(count, bool)
    kept[parts[-1]] = True
    kept[0] = False
    return np.asarray(kept[parts])


def _top_by_colour(scales: Scales, ground: tuple[Floats, Floats], face: Face, guess: float) -> float | None:
    """The top of the hair to a fraction of a pixel: what differs from a plain background, near the mask's own top."""
    median, spread = ground
    reach = 0.05 * face.expected_head
    side = _BAND * face.expected_head
    corners = [
        face.chin + face.up * (guess + along) + face.across * sideways
        for along in (-reach, reach)
        for sideways in (-side, side)
    ]
    level, factor, shift = level_for(scales.levels, _STRIP_HEIGHT / scales.height)
    low, high = np.min(corners, axis=0) * factor + shift, np.max(corners, axis=0) * factor + shift
    left, top = (max(0, int(value)) for value in low)
    right, bottom = min(level.shape[1], int(high[0]) + 2), min(level.shape[0], int(high[1]) + 2)
    if right - left < 8 or bottom - top < 8:
        return None
    strip = cv2.GaussianBlur(level[top:bottom, left:right], (0, 0), 0.7)
    colours = cv2.cvtColor(np.multiply(strip, np.float32(1 / 255), dtype=np.float32), cv2.COLOR_RGB2LAB)
    apart = (colours - median.astype(np.float32)) / spread.astype(np.float32)
    hair = _grown_from_head(np.einsum("ijk,ijk->ij", apart, apart) > 36)
    heights = _heights(hair, face, scale=factor, left=left, top=top)
    heights = heights[heights < guess + reach]
    if len(heights) < 100:
        return None
    found = quantile(heights, _STRIP_QUANTILE)
    return found if found > guess - reach else None


def plain_ground(scales: Scales, mask: Floats, face: Face) -> tuple[Floats, Floats] | None:
    """Median and robust spread (L*, a*, b*) of the background above the eyes, when it is plain enough to trust."""
    ground = cv2.erode((mask < 0.05).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    ground[int(max(0, face.middle[1] * scales.small_scale)) :] = False
    places = np.flatnonzero(ground)
    if len(places) < 400:
        return None
    values = scales.lab.reshape(-1, 3)[places[:: 1 + len(places) // 1500]]
    median = medians(values)
    spread = 1.4826 * medians(np.abs(values - median)) + 1.0
    return (median, spread) if (spread < (4.0, 3.0, 3.0)).all() else None


def find_head(scales: Scales, mask: Floats, face: Face) -> Head:
    """The top of the hair, and the crown with its interval. ``mask``: share of person at the small scale."""
    hair = _top_in_mask(mask, face, scales.small_scale)
    ground = plain_ground(scales, mask, face)
    if ground is not None:
        finer = _top_by_colour(scales, ground, face, hair)
        hair = finer if finer is not None else hair
    expected = face.expected_head
    by_face, by_hair = (expected * _EYES_TO_CHIN_SD / _EYES_TO_CHIN) ** 2, (hair * _UNDER_HAIR_SD) ** 2
    if hair < _CUT_HEAD * expected:
        crown, deviation, method = hair, 0.05 * expected, "cut"
    elif hair > _BIG_HAIR * expected:
        crown, deviation, method = expected, math.sqrt(by_face), "proportions"
    else:
        crown = (expected / by_face + hair * _UNDER_HAIR / by_hair) / (1 / by_face + 1 / by_hair)
        crown, deviation, method = min(crown, hair), math.sqrt(1 / (1 / by_face + 1 / by_hair)), "fused"
    margin = _EIGHTY_PERCENT * deviation
    return Head(hair, crown, crown - margin, min(crown + margin, max(hair, crown)), method)
