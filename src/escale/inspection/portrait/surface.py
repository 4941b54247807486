"""Measures on pixels of the face: eyes, mouth, light, colour, reflections, sharpness, compression.

Formulas of ISO/IEC 29794-5 where it has one. The absolute lightness of the skin is never judged: dark skin well
exposed is dark. Exposure is judged on clipping, on the spread of lightness inside the face, and on the background.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.geometry import Face
from escale.inspection.portrait.levels import Levels, level_for, look
from escale.inspection.portrait.networks import Floats, Mesh
from escale.inspection.portrait.points import EYES, FOREHEAD, LEFT_CHEEK, LIPS, RIGHT_CHEEK
from escale.inspection.portrait.scales import Scales, quantile

Values = dict[str, float | None]

_ALIGNED, _ALIGNED_BETWEEN_EYES, _ALIGNED_EYE_ROW = 256, 64.0, 0.44
_EYES_APART = 120.0  # pixels between the eyes when they are looked into
_SHOWN_AT = ((60 + 16) / 116) ** 3  # luminance of L* 60
_SHINE, _GLARE, _ABOVE_SKIN = 245, 248, 25  # a reflection is this bright, and so much brighter than the skin around
_CRUSHED = 3  # of 255: black without any detail; dark skin well exposed is above
_BRIDGE_AT = 140.0  # median of the bridge of the nose at which its edges are counted
_COARSE = 4  # shadows are looked for on the aligned face four times smaller
_LINEAR = np.array(
    [value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in range(256)]
)


def aligned(
    levels: Levels, face: Face, *, size: tuple[int, int], between_eyes: float, eyes_at: tuple[float, float]
) -> tuple[Pixels, Floats]:
    """The face upright at a fixed distance between the eyes, whose middle lies at ``eyes_at``; and the matrix used."""
    scale = between_eyes / face.between_eyes
    source, factor, shift = level_for(levels, scale)
    turn = np.array([face.across, -face.up]) * scale
    matrix = np.column_stack([turn, np.array(eyes_at) - turn @ face.middle])
    onto = np.column_stack([turn / factor, matrix[:, 2] - turn.sum(axis=1) * shift / factor])
    return look(source, onto, size), matrix


def eyes_and_mouth(mesh: Mesh, expression: dict[str, float], face: Face) -> Values:
    """Openings as shares of the distance from eyes to chin; gaze, smile and the like as shares from 0 to 1."""
    points = mesh.points[:, :2]

    def apart(pair: tuple[int, int]) -> float:
        return float(np.linalg.norm(points[pair[0]] - points[pair[1]])) / face.eyes_to_chin

    def most(*names: str) -> float:
        return max(expression[name] for name in names)

    def both(one: str, other: str) -> float:
        return (expression[one] + expression[other]) / 2

    return {
        "eye_opening": min(max(apart(pair) for pair in eye.lids) for eye in EYES),
        "blink": most("eyeBlinkLeft", "eyeBlinkRight"),
        "gaze": max(
            both("eyeLookInLeft", "eyeLookOutRight"),
            both("eyeLookInRight", "eyeLookOutLeft"),
            both("eyeLookUpLeft", "eyeLookUpRight"),
            both("eyeLookDownLeft", "eyeLookDownRight"),
        ),
        "mouth_opening": max(apart(pair) for pair in LIPS),
        "jaw": expression["jawOpen"],
        "smile": both("mouthSmileLeft", "mouthSmileRight"),
        "teeth": most("mouthUpperUpLeft", "mouthUpperUpRight", "mouthLowerDownLeft", "mouthLowerDownRight"),
        "grimace": most("mouthPucker", "mouthFunnel", "cheekPuff"),
    }


def _extremes(picture: Pixels) -> tuple[Pixels, Pixels]:
    """The strongest and the weakest of the three colours of each pixel."""
    red, green, blue = (picture[..., place] for place in range(3))
    return np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)


def _burning(brightest: Pixels, darkest: Pixels, *, least: int, grey: int) -> float:
    """Share of pixels that are nearly white, and clearly brighter than what is around: pale skin is no reflection."""
    above = max(float(least), quantile(brightest.ravel()[::3], 0.5) + _ABOVE_SKIN)
    return float(((brightest > above) & (brightest - darkest < grey)).mean())


def _spread(values: Floats) -> float:
    """95th less 5th percentile."""
    return quantile(values, 0.95) - quantile(values, 0.05)


def _spread_of_light(lightness: Floats) -> float:
    """The spread of L* this face would show if its median were 60: the same light gives the same number on any skin.

    Skin multiplies the light it gets, so that L* alone spreads less on dark skin; ratios of luminance do not.
    """
    luminance = ((np.maximum(lightness, 0.0) + 16) / 116) ** 3
    shown = luminance * (_SHOWN_AT / max(float(np.median(luminance)), 1e-4))
    return _spread(116 * np.cbrt(shown) - 16)


def _contrast_inside(region: Pixels, ring: Floats) -> float:
    """95th less 5th percentile of L* inside the ring of an eye."""
    x, y, wide, high = cv2.boundingRect(ring)
    close = np.s_[max(0, y) : y + high, max(0, x) : x + wide]
    inside = np.zeros(region.shape[:2], np.uint8)
    cv2.fillPoly(inside, [ring], 1)
    within = inside[close] > 0
    if within.sum() < 12:
        return 0.0
    colours = np.multiply(region[close], np.float32(1 / 255), dtype=np.float32)
    return _spread(cv2.cvtColor(colours, cv2.COLOR_RGB2LAB)[..., 0][within])


def eye_regions(levels: Levels, mesh: Mesh, face: Face) -> Values:
    """Contrast inside the eyes (L* 95th to 5th percentile), redness of the pupils, burnt-out share around them."""
    contrasts, reds, glares = [], [], []
    picture, factor, shift = level_for(levels, _EYES_APART / face.between_eyes)
    points = mesh.points[:, :2] * factor + shift
    for eye in EYES:
        ring = points[list(eye.ring)]
        margin = max(3, int(face.between_eyes * factor / 4))
        left, top = (max(0, int(value) - margin) for value in ring.min(axis=0))
        right, bottom = (int(value) + margin for value in ring.max(axis=0))
        region = picture[top:bottom, left:right]
        if region.shape[0] < 4 or region.shape[1] < 4:
            return {"eye_contrast": 0.0, "red_eye": 0.0, "eye_glare": 0.0}
        contrasts.append(_contrast_inside(region, (ring - (left, top)).astype(np.int32)))
        centre = points[eye.iris]
        radius = max(2, int(np.linalg.norm(points[eye.iris + 1] - centre) * 0.6))
        iris = np.zeros(region.shape[:2], np.uint8)
        cv2.circle(iris, (int(centre[0] - left), int(centre[1] - top)), radius, 1, -1)
        pupil = region[iris > 0].astype(float)
        reds.append(float((pupil[:, 0] - pupil[:, 1:].max(axis=1)).mean()) if len(pupil) else 0.0)
        brightest, darkest = _extremes(region[::2, ::2])
        glares.append(_burning(brightest, darkest, least=_GLARE, grey=25))
    return {"eye_contrast": min(contrasts), "red_eye": max(reds), "eye_glare": max(glares)}


def _natural_colour(cheeks: Floats) -> float:
    """Distance of the mean cheek colour from a* 5–25, b* 5–35 (CIELAB, D50): OFIQ's « natural colour »."""
    linear = _LINEAR[np.clip(np.round(cheeks), 0, 255).astype(int)]
    xyz = np.array(
        [
            linear @ (0.43605, 0.38508, 0.14309) / 0.964221,
            linear @ (0.22249, 0.71689, 0.06062),
            linear @ (0.01393, 0.0971, 0.71419) / 0.825211,
        ]
    )
    cubes = [t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz]
    a, b = 500 * (cubes[0] - cubes[1]), 200 * (cubes[1] - cubes[2])
    if a < 0 or b < 0:
        return 100.0
    return math.hypot(max(0.0, 5 - a, a - 25), max(0.0, 5 - b, b - 35))


def light(levels: Levels, mesh: Mesh, face: Face) -> Values:
    """Clipping, spread, shadows, colour, reflections and the bridge of glasses, on the aligned face."""
    middle = _ALIGNED / 2
    view, matrix = aligned(
        levels,
        face,
        size=(_ALIGNED, _ALIGNED),
        between_eyes=_ALIGNED_BETWEEN_EYES,
        eyes_at=(middle, _ALIGNED * _ALIGNED_EYE_ROW),
    )
    points = mesh.points[:468, :2] @ matrix[:, :2].T + matrix[:, 2]
    inside = np.zeros((_ALIGNED, _ALIGNED), np.uint8)
    cv2.fillConvexPoly(inside, cv2.convexHull(points.astype(np.float32)).astype(np.int32), 1)
    within = inside[::2, ::2] > 0
    brightest, darkest = (extreme[within] for extreme in _extremes(view[::2, ::2]))
    coarse = cv2.resize(view, None, fx=1 / _COARSE, fy=1 / _COARSE, interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(coarse, (0, 0), 0.9)
    lightness = cv2.cvtColor(np.multiply(smooth, np.float32(1 / 255), dtype=np.float32), cv2.COLOR_RGB2LAB)[..., 0]

    def zone(places: tuple[int, ...]) -> float:
        spots = np.clip((points[list(places)] / _COARSE).astype(int), 0, _ALIGNED // _COARSE - 1)
        return float(lightness[spots[:, 1], spots[:, 0]].mean())

    low = (mesh.points[[13, 14], :2].mean(axis=0) @ matrix[:, :2].T + matrix[:, 2])[1]
    eyes_row = _ALIGNED * _ALIGNED_EYE_ROW
    side = int(_ALIGNED_BETWEEN_EYES * 0.3)
    row = int((eyes_row + low) / 2)
    half = int(_ALIGNED_BETWEEN_EYES / 2)
    centre = int(middle)
    sides = [
        view[row : row + side, centre - half - side : centre - half],
        view[row : row + side, centre + half : centre + half + side],
    ]
    cheeks = np.concatenate([part.reshape(-1, 3) for part in sides]).mean(axis=0)
    spread = lightness[inside[::_COARSE, ::_COARSE] > 0]
    grey = int((brightest - darkest).max()) < 9
    return {
        "burnt": float((darkest >= 250).mean()),
        "crushed": float((brightest <= _CRUSHED).mean()),
        "face_spread": _spread_of_light(spread),
        "cheek_difference": abs(zone(RIGHT_CHEEK) - zone(LEFT_CHEEK)),
        "forehead_difference": abs(zone(FOREHEAD) - (zone(RIGHT_CHEEK) + zone(LEFT_CHEEK)) / 2),
        "colour_distance": 100.0 if grey else _natural_colour(cheeks),
        "black_and_white": 1.0 if grey else 0.0,
        "shine": _burning(brightest, darkest, least=_SHINE, grey=40),
        "bridge": _bridge(view),
    }


def _bridge(view: Pixels) -> float:
    """The strongest level edge across the bridge of the nose: the frame of glasses."""
    grey = cv2.cvtColor(view[64:124, 110:146], cv2.COLOR_RGB2GRAY)
    edges = np.abs(cv2.Sobel(cv2.GaussianBlur(grey, (3, 3), 0), cv2.CV_32F, 0, 1))
    rows = np.sort(edges[6:54, 6:30], axis=1)  # of 24: their median is between the two in the middle
    return float(((rows[:, 11] + rows[:, 12]) / 2).max()) * _BRIDGE_AT / max(float(np.median(grey)), 16.0)


def _blur_index(grey: Pixels) -> float:
    """Crété's perceptual blur, 0 sharp to 1: how little a further blur (9 pixels) changes neighbouring steps.

    Counted in whole numbers: sums of nine pixels stand for their means, and nine times each step for the step.
    """
    shares = []
    nine = np.multiply(grey, np.uint16(9), dtype=np.uint16)
    for axis, kernel in ((0, (1, 9)), (1, (9, 1))):
        blurred = cv2.boxFilter(grey, cv2.CV_16U, kernel, normalize=False, borderType=cv2.BORDER_REFLECT)
        ahead, behind = (np.s_[1:], np.s_[:-1]) if axis == 0 else (np.s_[:, 1:], np.s_[:, :-1])
        before, after = cv2.absdiff(nine[ahead], nine[behind]), cv2.absdiff(blurred[ahead], blurred[behind])
        total = float(cv2.sumElems(before)[0])
        kept = float(cv2.sumElems(cv2.subtract(before, after))[0])  # never under nought
        shares.append(1.0 if total <= 0 else (total - kept) / total)
    return max(shares)


def sharpness(levels: Levels, face: Face) -> Values:
    """Blur index and Laplacian variance of the middle of the face, contrast normalised, 128 pixels between the eyes."""
    view, _ = aligned(levels, face, size=(212, 260), between_eyes=128.0, eyes_at=(106.0, 65.0))
    grey = np.asarray(cv2.cvtColor(view, cv2.COLOR_RGB2GRAY), np.uint8)
    contrast = float(cv2.meanStdDev(grey)[1][0, 0])
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (3, 3), 0)
    detail = float(cv2.meanStdDev(cv2.Laplacian(smooth, cv2.CV_32F))[1][0, 0])
    return {"blur": _blur_index(grey), "detail": (detail / (contrast + 1e-3) * 40) ** 2}


def blockiness(picture: Pixels, face: Face) -> float:
    """How much stronger steps are on the grid of 8 pixels than between: 1 untouched, above 1.5 visibly squared."""
    grid = 8
    left, top = (max(0, int(value) // grid * grid - 12 * grid) for value in face.middle)
    grey = cv2.cvtColor(np.ascontiguousarray(picture[top : top + 200, left : left + 200]), cv2.COLOR_RGB2GRAY)
    if min(grey.shape) < 4 * grid:
        return 1.0
    ratios = []
    for later, earlier, axis in ((grey[:, 1:], grey[:, :-1], 0), (grey[1:], grey[:-1], 1)):
        apart = cv2.absdiff(later, earlier)
        steps = cv2.reduce(apart, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel() / apart.shape[axis]
        place = np.arange(1, len(steps) + 1) % grid
        inner = float(steps[(place >= 2) & (place <= 6)].mean())
        ratios.append((float(steps[place == 0].mean()) + 0.5) / (inner + 0.5))
    return max(ratios)


def face_values(scales: Scales, mesh: Mesh, expression: dict[str, float], face: Face) -> Values:
    """Every measure of this module."""
    return {
        **eyes_and_mouth(mesh, expression, face),
        **eye_regions(scales.levels, mesh, face),
        **light(scales.looks, mesh, face),
        **sharpness(scales.looks, face),
        "blockiness": blockiness(scales.full, face),
    }
