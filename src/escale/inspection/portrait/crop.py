"""Framing a photo to 35 × 45 mm: the best place of the frame on the pixels there are, or which constraint conflicts.

No pixel is invented: nothing is enlarged, no background is made up. When the frame would leave the picture, the
photo must be taken again from further away.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

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

    def as_json(self) -> dict[str, Any]:
        """Plain data, from which :func:`from_json` makes the same proposal."""
        return {"possible": self.possible, **asdict(self)}

    def at_scale(self, scale: float) -> CropProposal:
        """The same frame on the same picture ``scale`` times as large."""
        corners = tuple((x * scale, y * scale) for x, y in self.corners)
        return replace(self, corners=corners, dpi=self.dpi * scale)


def from_json(kept: dict[str, Any]) -> CropProposal:
    """The proposal of a kept report. Raises KeyError when the report is of an older shape."""
    corners = tuple((float(x), float(y)) for x, y in kept["corners"])
    return CropProposal(tuple(kept["conflicts"]), corners, kept["turn"], kept["dpi"], kept["head_mm"], kept["top_mm"])


_HEADS, _TOPS = (
    grid.ravel()
    for grid in np.meshgrid(
        np.arange(_HEAD_RANGE[0], _HEAD_RANGE[1] + 0.01, _STEP),
        np.arange(_TOP_RANGE[0], _TOP_RANGE[1] + 0.01, _STEP),
        indexing="ij",
    )
)
_CONFLICTS = ("hair", "chin", "eyes", "outside_left", "outside_right", "outside_top", "outside_bottom")


def _frames(face: Face, head: Head, turn: float) -> Floats:
    """For every size of head and margin, the four corners of the frame whose axis passes between the eyes."""
    pixels = head.crown / _HEADS  # a millimetre
    down, right = np.array([-math.sin(turn), math.cos(turn)]), np.array([math.cos(turn), math.sin(turn)])
    above = face.chin + face.up * head.crown - down * (_TOPS * pixels)[:, None]
    aside = (face.middle - above) @ right - WIDTH_MM / 2 * pixels
    start = above + right * aside[:, None]
    across, along = right * (WIDTH_MM * pixels)[:, None], down * (HEIGHT_MM * pixels)[:, None]
    return np.stack([start, start + across, start + across + along, start + along], axis=1)


def propose(face: Face, head: Head, inside: tuple[float, float, float, float]) -> CropProposal:
    """Try every size of head and margin above it; keep the best of those that break the fewest constraints.

    ``inside``: left, top, right and bottom of what the frame must not leave, the photo in its picture.
    """
    left, top, right, bottom = inside
    turn = math.radians(face.roll) if abs(face.roll) > _LEAST_ROLL else 0.0
    frames = _frames(face, head, turn)
    low, high = frames.min(axis=1), frames.max(axis=1)
    from_bottom = (HEIGHT_MM - _TOPS - _HEADS + face.eyes_to_chin / head.crown * _HEADS) / HEIGHT_MM
    broken = np.stack(
        [
            _TOPS - (head.hair / head.crown - 1) * _HEADS < _LEAST_HAIR,
            HEIGHT_MM - _TOPS - _HEADS < _LEAST_CHIN,
            (from_bottom < _EYES[0]) | (from_bottom > _EYES[1]),
            low[:, 0] < left - 1,
            high[:, 0] > right + 1,
            low[:, 1] < top - 1,
            high[:, 1] > bottom + 1,
        ]
    )
    cost = 100.0 * broken.sum(axis=0) + np.abs(_HEADS - _BEST_HEAD) + _TOP_WEIGHT * np.abs(_TOPS - _BEST_TOP)
    best = int(cost.argmin())
    return CropProposal(
        conflicts=tuple(name for name, is_broken in zip(_CONFLICTS, broken[:, best], strict=True) if is_broken),
        corners=tuple((float(x), float(y)) for x, y in frames[best]),
        turn=math.degrees(turn),
        dpi=head.crown / float(_HEADS[best]) * 25.4,
        head_mm=float(_HEADS[best]),
        top_mm=float(_TOPS[best]),
    )


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
