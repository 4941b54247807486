"""A zone read on several stills taken within a second, each too poor to be read alone.

Movement, grain and compression differ from one still to the next: once the strips of a line are laid over one another
and averaged, what they share is the print. Check digits and the rule of the second look are those of one picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from escale.inspection.mrz import FULLNESSES, SHARES, MrzReading, interpret, looks, weighed
from escale.inspection.mrz_strips import find_lines
from escale.inspection.pixels import Pixels, open_pixels
from escale.inspection.recogniser import recogniser

Floats = NDArray[np.float32]

MOST = 5  # stills of one burst
_HEIGHT = 64  # pixels of a strip laid over another
_FARTHEST = (30, 10)  # pixels a strip may lie off, along and across, before it is laid over
_LIKENESS = 0.85  # correlation under which two strips are not of the same line: others reach it seldom
_UNTIL = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-4)


def _grey(strip: Floats) -> Floats:
    seen = cv2.cvtColor(strip.clip(0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(seen, (0, 0), 1.5), np.float32)


def _laid_over(first: Floats, strip: Floats) -> Floats | None:
    """The strip, moved and stretched until it lies over the first one; None when it is not the same line."""
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
    if likeness < _LIKENESS:
        return None
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (first.shape[1], first.shape[0])
    return np.asarray(cv2.warpAffine(strip, move, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _averaged(strips: Sequence[Pixels]) -> Pixels | None:
    """The strips of one line made one, its edges sharpened; None unless two at least are of the same line."""
    width = round(float(np.median([_HEIGHT * strip.shape[1] / strip.shape[0] for strip in strips])))
    sized = [
        np.asarray(cv2.resize(strip, (width, _HEIGHT), interpolation=cv2.INTER_CUBIC), np.float32) for strip in strips
    ]
    over = [laid for strip in sized[1:] if (laid := _laid_over(sized[0], strip)) is not None]
    if not over:
        return None
    mean = np.mean([sized[0], *over], axis=0)
    return np.asarray((2 * mean - cv2.GaussianBlur(mean, (0, 0), 2)).clip(0, 255), np.uint8)


def _together(pictures: Sequence[Pixels]) -> Iterator[MrzReading]:
    """Readings of the lines that several pictures show, averaged, at each size of the page."""
    network = recogniser()
    for share in SHARES:
        found = [lines[0] for picture in pictures if (lines := find_lines(picture, share=share))]
        if len(found) < 2:
            continue
        for fullness in FULLNESSES:
            uppers, lowers = zip(*(lines.strips(fullness) for lines in found), strict=True)
            upper, lower = _averaged(uppers), _averaged(lowers)
            if upper is None or lower is None:
                continue
            reading = interpret(network.read(upper), network.read(lower))
            if reading is not None:
                yield reading


def _sharpness(picture: Pixels) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var())


def read_burst_pixels(pictures: Sequence[Pixels]) -> tuple[MrzReading | None, int]:
    """The reading of several upright pictures of one page, and the place of the sharpest, which is read alone first."""
    order = sorted(range(len(pictures)), key=lambda place: -_sharpness(pictures[place]))
    ordered = [pictures[place] for place in order]
    return weighed(chain(looks(ordered[0], upright=True), _together(ordered))), order[0]


def read_burst(stills: Sequence[bytes]) -> tuple[MrzReading | None, int]:
    """Read the zone on stills of one second (JPEG pages out of ``sanitise``). Errors: see :func:`mrz.read_mrz`.

    Gives the reading, None when no zone is seen, and the place of the sharpest still: the one worth keeping.
    """
    return read_burst_pixels([open_pixels(still) for still in stills[:MOST]])
