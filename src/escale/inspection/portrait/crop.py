"""Framing a photo to 35 × 45 mm: the best place of the frame on the pixels there are, or which constraint conflicts.

No pixel is invented: nothing is enlarged, no background is made up. When the frame would leave the picture, the
photo must be taken again from further away.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from escale.inspection.pixels import Pixels
from escale.inspection.portrait.geometry import Face, Head
from escale.inspection.portrait.networks import Floats

WIDTH_MM, HEIGHT_MM = 35.0, 45.0
_HEAD_RANGE, _TOP_RANGE, _STEP = (32.5, 35.5), (2.0, 9.0), 0.25
_BEST_HEAD, _BEST_TOP, _TOP_WEIGHT = 34.0, 4.5, 0.6
_LEAST_HAIR, _LEAST_CHIN = 1.5, 4.0  # mm
_EYES = (0.50, 0.70)  # of the height, from the bottom
_LEAST_ROLL = 0.7  # degrees: under this the picture is not turned
_MOST_DPI = 600


@dataclass(frozen=True)
class CropProposal:
    """Where to frame.

    ``conflicts`` is empty when a frame exists; otherwise what stands in the way: ``hair``, ``chin``, ``eyes``,
    ``outside_top``, ``outside_bottom``, ``outside_left``, ``outside_right``. ``corners``: the frame in pixels of the
    picture, clockwise from the top left. ``dpi``: dots an inch the picture really has at that size. ``head_mm`` and
    ``top_mm``: height of the head and margin above the crown in the frame.
    """

    conflicts: tuple[str, ...]
    corners: tuple[tuple[float, float], ...]
    turn: float
    dpi: float
    head_mm: float
    top_mm: float

    @property
    def possible(self) -> bool:
        return not self.conflicts


def _corners(face: Face, head: Head, crown_mm: float, top: float, turn: float) -> Floats:
    """The frame whose vertical axis passes between the eyes, ``top`` mm above the crown."""
    pixels = head.crown / crown_mm
    down = np.array([-math.sin(turn), math.cos(turn)])
    right = np.array([math.cos(turn), math.sin(turn)])
    crown = face.chin + face.up * head.crown
    above = crown - down * top * pixels
    start = above + right * (((face.middle - above) @ right) - WIDTH_MM / 2 * pixels)
    across, along = right * WIDTH_MM * pixels, down * HEIGHT_MM * pixels
    return np.array([start, start + across, start + across + along, start + along])


def _outside(corners: Floats, width: int, height: int) -> set[str]:
    names = set()
    if corners[:, 0].min() < -1:
        names.add("outside_left")
    if corners[:, 0].max() > width + 1:
        names.add("outside_right")
    if corners[:, 1].min() < -1:
        names.add("outside_top")
    if corners[:, 1].max() > height + 1:
        names.add("outside_bottom")
    return names


def propose(face: Face, head: Head, width: int, height: int) -> CropProposal:
    """Search every size of head and margin, keep the best that breaks the fewest constraints."""
    turn = math.radians(face.roll) if abs(face.roll) > _LEAST_ROLL else 0.0
    best: tuple[float, CropProposal] | None = None
    eyes_over_chin = face.eyes_to_chin / head.crown
    for size in np.arange(_HEAD_RANGE[0], _HEAD_RANGE[1] + 0.01, _STEP):
        for top in np.arange(_TOP_RANGE[0], _TOP_RANGE[1] + 0.01, _STEP):
            conflicts = set()
            if top - (head.hair / head.crown - 1) * size < _LEAST_HAIR:
                conflicts.add("hair")
            if HEIGHT_MM - top - size < _LEAST_CHIN:
                conflicts.add("chin")
            from_bottom = (HEIGHT_MM - top - size + eyes_over_chin * size) / HEIGHT_MM
            if not _EYES[0] <= from_bottom <= _EYES[1]:
                conflicts.add("eyes")
            corners = _corners(face, head, float(size), float(top), turn)
            conflicts |= _outside(corners, width, height)
            cost = 100.0 * len(conflicts) + abs(size - _BEST_HEAD) + _TOP_WEIGHT * abs(top - _BEST_TOP)
            if best is None or cost < best[0]:
                best = (
                    cost,
                    CropProposal(
                        tuple(sorted(conflicts)),
                        tuple((float(x), float(y)) for x, y in corners),
                        math.degrees(turn),
                        head.crown / float(size) * 25.4,
                        float(size),
                        float(top),
                    ),
                )
    assert best is not None
    return best[1]


def cut(picture: Pixels, proposal: CropProposal) -> Pixels | None:
    """The framed photo at the picture's own resolution (600 dots an inch at the most); None when it is not possible."""
    if not proposal.possible:
        return None
    dpi = min(_MOST_DPI, proposal.dpi)
    width, height = round(WIDTH_MM * dpi / 25.4), round(HEIGHT_MM * dpi / 25.4)
    target = np.array([[0, 0], [width, 0], [width, height]], np.float32)
    matrix = cv2.getAffineTransform(np.array(proposal.corners[:3], np.float32), target)
    scale = dpi / proposal.dpi
    source = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale) if scale < 0.75 else picture
    framed = cv2.warpAffine(source, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(framed)
