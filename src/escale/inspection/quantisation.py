"""How hard a JPEG was compressed, from its own tables."""

from __future__ import annotations

from collections.abc import Sequence

_REFERENCE_MEAN = 57.625  # mean of the luminance table of ITU-T T.81, annex K


def jpeg_quality(luminance: Sequence[int]) -> int:
    """Quality 1–100 of the libjpeg scale whose luminance table has the same mean as this one."""
    scale = 100 * (sum(luminance) / len(luminance)) / _REFERENCE_MEAN
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return max(1, min(100, round(quality)))
