"""Opening a picture that may be opened here: a JPEG made by :mod:`escale.inspection.uploads`, and nothing else."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from escale.inspection.refusals import refusal
from escale.inspection.sniffing import accepted_kind
from escale.inspection.uploads import DEFAULT, sanitise

Pixels = NDArray[np.uint8]


def made_here(content: bytes) -> bool:
    """Whether these bytes have the shape our re-encoding gives: a bare JFIF without any application data."""
    return content.startswith(b"\xff\xd8\xff\xe0") and content[6:11] == b"JFIF\0" and b"\xff\xe1" not in content[:64]


def clean_picture(content: bytes) -> bytes:
    """The JPEG to look at: ``content`` itself when it was made here, or else the first page of what it becomes.

    Raises :class:`~escale.inspection.refusals.UploadRefused` for anything that is not a picture.
    """
    if accepted_kind(content) == "pdf":
        raise refusal("not_an_image")
    if made_here(content):
        return content
    return sanitise(content, filename="").content


def open_pixels(content: bytes, *, largest: int | None = None) -> Pixels:
    """Red, green, blue, 8 bits each, as an array (height, width, 3). Raises UploadRefused.

    With ``largest``, a larger picture (in pixels) is opened at a half, a quarter or an eighth of its size, which the
    decoder does by itself.
    """
    try:
        picture = Image.open(io.BytesIO(clean_picture(content)), formats=("JPEG",))
        if picture.width * picture.height > DEFAULT.max_pixels:
            raise refusal(
                "too_many_pixels", width=picture.width, height=picture.height, limit=DEFAULT.max_pixels // 1_000_000
            )
        shrink = 1
        while largest is not None and max(picture.size) > largest * shrink and shrink < 8:
            shrink *= 2
        if shrink > 1:
            picture.draft("RGB", (picture.width // shrink, picture.height // shrink))
        return np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise refusal("damaged") from error
