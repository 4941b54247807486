"""What a document says to machines: its own text and its barcodes."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

from escale.inspection.confined.image import remake
from escale.inspection.confined.pdf import open_pdf, render_page
from escale.inspection.confined.server import Answer, serve
from escale.inspection.confined.squares import redrawn_squares

_DPI = 300
# Tried in turn when nothing is read: grain smoothed away, halved, turned a little.
_CLEARER: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda grey: grey.filter(ImageFilter.GaussianBlur(1.2)),
    lambda grey: grey.reduce(2),
    lambda grey: grey.rotate(7, Image.Resampling.BICUBIC, fillcolor=200),
    lambda grey: grey.rotate(-7, Image.Resampling.BICUBIC, fillcolor=200),
)
_DATA_MATRIX = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)
_THOROUGH_PAGES = 2  # the code is on the first; ten pages of a scan must not use up the time of the child
_MAX_CODES = 40
_MAX_TEXT = 60_000  # characters of one page


def _told(code: zxingcpp.Barcode, corners: list[list[int]]) -> dict[str, Any]:
    return {
        "format": str(code.format).removeprefix("BarcodeFormat."),
        "text": code.text,
        "bytes": base64.b64encode(code.bytes).decode(),
        "corners": corners,
    }


def _corners(code: zxingcpp.Barcode) -> list[list[int]]:
    seen = code.position
    return [[point.x, point.y] for point in (seen.top_left, seen.top_right, seen.bottom_right, seen.bottom_left)]


def _barcodes(image: Image.Image, *, thorough: bool = True) -> list[dict[str, Any]]:
    """Every barcode of a picture: format, text, raw bytes (base64), and the corners in pixels.

    ``thorough``: where none is read at first, other looks are tried; then a square of which a part is missing, the
    first one.
    """
    grey = image.convert("L")
    found = zxingcpp.read_barcodes(grey)
    if not found and not thorough:
        return []
    for clearer in _CLEARER:
        if found:
            break
        found = zxingcpp.read_barcodes(clearer(grey))
    if found:
        return [_told(code, _corners(code)) for code in found[:_MAX_CODES]]
    for drawn, corners in redrawn_squares(np.asarray(grey)):
        read = zxingcpp.read_barcodes(drawn, formats=_DATA_MATRIX, is_pure=True)
        if read and read[0].valid:
            return [_told(read[0], corners)]
    return []


def _page(image: Image.Image, text: str, *, thorough: bool = True) -> dict[str, Any]:
    codes = _barcodes(image, thorough=thorough)
    return {"width": image.width, "height": image.height, "text": text[:_MAX_TEXT], "codes": codes}


def _read_pdf(content: bytes, asked: dict[str, Any]) -> list[dict[str, Any]]:
    document, count = open_pdf(content, max_pages=asked["max_pages"])
    document.close()
    pages = []
    with pypdfium2.PdfDocument(content) as sheets:
        for place in range(count):
            page = sheets[place]
            image = render_page(page, dpi=_DPI, max_page_mm=asked["max_page_mm"], max_side=asked["max_side"])
            words = page.get_textpage()
            pages.append(_page(image, words.get_text_bounded(), thorough=place < _THOROUGH_PAGES))
            words.close()
            page.close()
    return pages


def job(content: bytes, kind: str, asked: dict[str, Any]) -> Answer:
    """Head: ``pages``, each with its text (a PDF's own) and the barcodes seen at 300 dots an inch."""
    if kind == "pdf":
        return {"pages": _read_pdf(content, asked)}, []
    image, _ = remake(content, kind, asked)
    return {"pages": [_page(image, "")]}, []


if __name__ == "__main__":
    sys.exit(serve(job))
