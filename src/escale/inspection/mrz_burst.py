"""A zone read on several stills taken within a second, each too poor to be read alone.

Movement, grain and compression differ from one still to the next: once the strips of a line are laid over one another
and averaged, what they share is the print. Check digits and the rule of the second look are those of one picture.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from escale.inspection.mrz import FULLNESSES, SHARES, Look, MrzReading, look_at, looks, weighed
from escale.inspection.mrz_strips import ZoneLines, find_lines
from escale.inspection.pixels import Pixels, open_pixels

Floats = NDArray[np.floating]

LOG = logging.getLogger("escale.inspection")
MOST = 5  # stills of one burst
PATIENCE = 4.0  # seconds: twice what a zone that cannot be read takes on a quiet machine
_HEIGHT = 64  # pixels of a strip laid over another
_FARTHEST = (30, 10)  # pixels a strip may lie off, along and across, before it is laid over
_LIKENESS = 0.85  # correlation under which two strips are not of the same line: others reach it seldom
_UNTIL = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-4)


def _grey(strip: Floats) -> Floats:
    seen = cv2.cvtColor(strip.clip(0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), 1.5), np.float32)


def _movement(first: Floats, strip: Floats) -> Floats | None:
    """How a strip is to be moved and stretched to lie over the first one; None when it is not the same line."""
    window = cv2.createHanningWindow((first.shape[1], first.shape[0]), cv2.CV_32F)
    there, here = _grey(first), _grey(strip)
    (along, across), _ = cv2.phaseCorrelate(there, here, window)
    whole, start = np.ones(there.shape, np.uint8), np.eye(2, 3, dtype=np.float32)
    if abs(along) < _FARTHEST[0] and abs(across) < _FARTHEST[1]:
        start[:, 2] = along, across
    try:
        likeness, move = cv2.findTransformECC(there, here, start, cv2.MOTION_AFFINE, _UNTIL, whole, 3)
    except cv2.error:  # it found no way to lay one over the other
        return None
    return np.asarray(move, np.float32) if likeness >= _LIKENESS else None


def _moved(strip: Floats, move: Floats) -> Floats:
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (strip.shape[1], strip.shape[0])
    return np.asarray(cv2.warpAffine(strip, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


class _Overlay:
    """One line as several pictures show it. How its strips lie over the first is found once, for strips of any height.

    A movement is kept between strips as they were cut, from their middles: (turn and stretch, shift).
    """

    def __init__(self) -> None:
        self._moves: list[tuple[Floats, Floats] | None] | None = None

    def averaged(self, strips: Sequence[Pixels]) -> Pixels | None:
        """The strips made one, its edges sharpened; None unless two at least are of the same line."""
        width = round(float(np.median([_HEIGHT * strip.shape[1] / strip.shape[0] for strip in strips])))
        size = np.array([width, _HEIGHT])
        sized = [
            np.asarray(cv2.resize(strip, (width, _HEIGHT), interpolation=cv2.INTER_CUBIC), np.float32)
            for strip in strips
        ]
        scales = [size / strip.shape[1::-1] for strip in strips]
        middles = [size / 2 + (scale - 1) / 2 for scale in scales]  # pixels are counted from their middles
        if self._moves is None:
            self._moves = [
                None
                if (move := _movement(sized[0], strip)) is None
                else (
                    move[:, :2] * scales[0] / scale[:, None],
                    (move[:, :2] @ middles[0] + move[:, 2] - middle) / scale,
                )
                for strip, scale, middle in zip(sized[1:], scales[1:], middles[1:], strict=True)
            ]
        over = []
        for strip, scale, middle, known in zip(sized[1:], scales[1:], middles[1:], self._moves, strict=True):
            if known is not None:
                turn = known[0] * scale[:, None] / scales[0]
                shift = known[1] * scale + middle - turn @ middles[0]
                over.append(_moved(strip, np.column_stack([turn, shift])))
        if not over:
            return None
        mean = np.mean([sized[0], *over], axis=0)
        return np.asarray((2 * mean - cv2.GaussianBlur(mean, (0, 0), 2)).clip(0, 255), np.uint8)


@dataclass(frozen=True)
class _Zone:
    """The two lines of one page as several pictures show them."""

    found: tuple[ZoneLines, ...]
    overlays: tuple[_Overlay, _Overlay]

    def strip(self, place: int, fullness: float) -> Pixels | None:
        return self.overlays[place].averaged([lines.strip(place, fullness) for lines in self.found])


def _together(pictures: Sequence[Pixels]) -> Iterator[Look]:
    """Looks at the lines that several pictures show, averaged, at each size of the page."""
    for share in SHARES:
        found = tuple(lines[0] for picture in pictures if (lines := find_lines(picture, share=share)))
        if len(found) < 2:
            continue
        zone = _Zone(found, (_Overlay(), _Overlay()))
        for fullness in FULLNESSES:
            seen = look_at(partial(zone.strip, fullness=fullness))
            if seen is not None:
                yield seen


def _sharpness(picture: Pixels) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var())


def _for_seconds(seen: Iterable[Look], seconds: float) -> Iterator[Look]:
    """These looks until the time is over; the last one began within it."""
    end = time.monotonic() + seconds
    for look in seen:
        yield look
        if time.monotonic() > end:
            LOG.info("the zone of a passport was given up after %.0f s", seconds)
            return


def read_burst_pixels(pictures: Sequence[Pixels], *, seconds: float = math.inf) -> tuple[MrzReading | None, int]:
    """The reading of several upright pictures of one page, and the place of the sharpest, which is read alone first."""
    order = sorted(range(len(pictures)), key=lambda place: -_sharpness(pictures[place]))
    ordered = [pictures[place] for place in order]
    seen = chain(looks(ordered[0], upright=True), _together(ordered))
    return weighed(_for_seconds(seen, seconds), doubtful=0), order[0]


def read_burst(stills: Sequence[bytes], *, seconds: float = PATIENCE) -> tuple[MrzReading | None, int]:
    """Read the zone on stills of one second (JPEG pages out of ``sanitise``). Errors: see :func:`mrz.read_mrz`.

    Gives the reading, None when no zone can be believed, and the place of the sharpest still: the one worth keeping.
    Somebody waits: after ``seconds`` of the clock on the wall no other look is begun.
    """
    return read_burst_pixels([open_pixels(still) for still in stills[:MOST]], seconds=seconds)
