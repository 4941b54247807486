"""A small picture of a page that was made anew here: for lists, never for judging."""

from __future__ import annotations

import io

from PIL import Image

LONGEST_SIDE = 360


def thumbnail(jpeg: bytes) -> bytes:
    """``jpeg`` (a page out of ``sanitise``) with its longest side at 360 pixels at most, as a JPEG."""
    image = Image.open(io.BytesIO(jpeg), formats=("JPEG",))
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # decodes no more pixels than needed
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
