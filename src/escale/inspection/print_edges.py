"""The edges of a print lying on the grey field: four straight lines, each fitted to a fraction of a pixel."""

from __future__ import annotations

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.networks import Floats

_LEAST_MM, _MOST_MM = (25.0, 32.0), (44.0, 54.0)  # width, height of what can be a print
_REACH = 1.6  # mm searched on either side of a first guess
_PROFILES = 160
_AGREEING = 0.45  # of the profiles of a side must lie on its line
_ROUGH = 4  # pixels a millimetre of the view a first guess is made on
_RIM = 2  # of those pixels, all round, are field
_SPREADS = (5.0, 3.0)  # of the grey of the field: what is farther is print; a dim room leaves little between them
_APART_MM = 0.5  # opposite sides that differ by more are no print


def _colours(field: Pixels) -> Floats:
    return np.asarray(cv2.cvtColor(cv2.GaussianBlur(field, (0, 0), 1.5).astype(np.float32) / 255, cv2.COLOR_RGB2LAB))


def _unlike_the_field(colours: Floats, detail: int) -> Floats:
    """How far each place of a reduced view lies from the grey of the field, in spreads of that grey.

    The light falls off over the sheet: the grey is a plane fitted to the rim. Averaging takes most of the grain away.
    """
    rows, columns = (round(side * _ROUGH / detail) for side in colours.shape[:2])
    small = cv2.resize(colours, (columns, rows), interpolation=cv2.INTER_AREA)
    y, x = np.mgrid[0:rows, 0:columns]
    places = np.stack([np.ones(x.size), x.ravel() / columns, y.ravel() / rows], axis=1)
    rim = ((x < _RIM) | (x >= columns - _RIM) | (y < _RIM) | (y >= rows - _RIM)).ravel()
    values = small.reshape(-1, 3).astype(float)
    plane, *_ = np.linalg.lstsq(places[rim], values[rim], rcond=None)
    apart = np.abs(values - places @ plane)
    spread = 1.4826 * np.median(apart[rim], axis=0) + 1.0
    return np.asarray(np.sqrt(((apart / spread) ** 2).sum(axis=1)).reshape(rows, columns))


def _box(unlike: Floats, spreads: float, detail: int) -> Floats | None:
    """Corners of the box around what differs from the grey of the field, clockwise from the top left."""
    apart = (unlike > spreads).astype(np.uint8)
    whole = cv2.morphologyEx(
        cv2.morphologyEx(apart, cv2.MORPH_CLOSE, np.ones((3 * _ROUGH,) * 2, np.uint8)),
        cv2.MORPH_OPEN,
        np.ones((_ROUGH // 2,) * 2, np.uint8),
    )
    contours, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    corners = cv2.boxPoints(cv2.minAreaRect(max(contours, key=cv2.contourArea))) * detail / _ROUGH
    centre = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    ordered = corners[np.argsort(angles)]  # clockwise on a picture, from the top left
    sizes = np.linalg.norm(ordered[1] - ordered[0]) / detail, np.linalg.norm(ordered[2] - ordered[1]) / detail
    if not (_LEAST_MM[0] <= sizes[0] <= _MOST_MM[0] and _LEAST_MM[1] <= sizes[1] <= _MOST_MM[1]):
        return None
    return np.asarray(ordered, float)


def _edge_points(colours: Floats, start: Floats, end: Floats, outward: Floats, detail: int) -> Floats:
    """Points where the print begins along one side: the strongest step of each profile across it."""
    reach = round(_REACH * detail)
    offsets = np.arange(reach, -reach - 1, -1)  # from the field towards the print
    shares = np.linspace(0.06, 0.94, _PROFILES)[:, None]
    along = start + (end - start) * shares
    places = along[:, None, :] + outward * offsets[None, :, None]
    sampled = cv2.remap(
        colours.astype(np.float32),
        places[..., 0].astype(np.float32),
        places[..., 1].astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    steps = np.sqrt((np.diff(sampled, axis=1) ** 2).sum(axis=2))
    points = []
    for row in range(len(steps)):
        line = steps[row]
        strongest = float(line.max())
        if strongest < 0.35:
            continue
        peak = int(line.argmax())
        if not 1 <= peak < len(line) - 1:
            continue
        before, at, after = line[peak - 1 : peak + 2]
        bend = before - 2 * at + after
        shift = 0.5 * (before - after) / bend if abs(bend) > 1e-6 else 0.0
        points.append(along[row] + outward * (reach - (peak + 0.5 + shift)))
    return np.array(points)


def _fit(points: Floats, detail: int) -> tuple[Floats, Floats] | None:
    """A line through most of the points: a point of it and its direction."""
    if len(points) < 30:
        return None
    best: Floats | None = None
    for first in range(0, len(points) // 2, 3):
        for second in range(len(points) // 2, len(points), 7):
            direction = points[second] - points[first]
            direction = direction / (np.linalg.norm(direction) + 1e-9)
            normal = np.array([-direction[1], direction[0]])
            near = np.abs((points - points[first]) @ normal) < 0.08 * detail
            if best is None or near.sum() > best.sum():
                best = near
    if best is None or best.sum() < _AGREEING * _PROFILES:
        return None
    x, y, at_x, at_y = cv2.fitLine(points[best].astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.array([at_x, at_y], float), np.array([x, y], float)


def _crossing(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats:
    shares = np.linalg.solve(np.column_stack([one[1], -other[1]]), other[0] - one[0])
    return np.asarray(one[0] + one[1] * shares[0])


def _sides(colours: Floats, guess: Floats, detail: int) -> list[tuple[Floats, Floats]] | None:
    """The four sides near a first guess; None when one of them is no line."""
    centre = guess.mean(axis=0)
    lines = []
    for side in range(4):
        start, end = guess[side], guess[(side + 1) % 4]
        direction = (end - start) / np.linalg.norm(end - start)
        outward = np.array([direction[1], -direction[0]])
        if (start - centre) @ outward < 0:
            outward = -outward
        line = _fit(_edge_points(colours, start, end, outward, detail), detail)
        if line is None:
            return None
        lines.append(line)
    return lines


def _lengths(corners: Floats) -> tuple[float, ...]:
    """Top, right, bottom, left, in pixels."""
    return tuple(np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1).tolist())


def _corners(colours: Floats, detail: int) -> Floats | None:
    """The corners of the print: of the first guess whose four sides are lines and whose opposite sides agree."""
    unlike = _unlike_the_field(colours, detail)
    for spreads in _SPREADS:
        guess = _box(unlike, spreads, detail)
        lines = _sides(colours, guess, detail) if guess is not None else None
        if lines is None:
            continue
        corners = np.array([_crossing(lines[side - 1], lines[side]) for side in range(4)])
        top, right, bottom, left = _lengths(corners)
        if max(abs(top - bottom), abs(left - right)) <= _APART_MM * detail:
            return corners
    return None


def find_print(field: Pixels, detail: int) -> tuple[float, float, bytes] | None:
    """Width and height in millimetres, and the print straightened as a JPEG; None when no print is found.

    ``detail``: pixels a millimetre of the field.
    """
    corners = _corners(_colours(field), detail)
    if corners is None:
        return None
    top, right, bottom, left = _lengths(corners)
    width, height = (top + bottom) / 2 / detail, (left + right) / 2 / detail
    size = (round(width * detail), round(height * detail))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    flat = cv2.warpPerspective(field, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    _, coded = cv2.imencode(".jpg", flat[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    return width, height, coded.tobytes()
