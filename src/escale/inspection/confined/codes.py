"""What a document says to machines: its own text and its barcodes."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

from escale.inspection.confined.image import remake
from escale.inspection.confined.pdf import open_pdf, render_page
from escale.inspection.confined.server import Answer, serve

_DPI = 300
# Tried in turn when nothing is read: grain smoothed away, halved, turned a little.
_CLEARER: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda grey: grey.filter(ImageFilter.GaussianBlur(1.2)),
    lambda grey: grey.reduce(2),
    lambda grey: grey.rotate(7, Image.Resampling.BICUBIC, fillcolor=200),
    lambda grey: grey.rotate(-7, Image.Resampling.BICUBIC, fillcolor=200),
)
_MAX_CODES = 40
_MAX_TEXT = 60_000  # characters of one page


def _barcodes(image: Image.Image) -> list[dict[str, Any]]:
    """Every barcode of a picture: format, text, raw bytes (base64), and the corners in pixels."""
    grey = image.convert("L")
    found = zxingcpp.read_barcodes(grey)
    for clearer in _CLEARER:
        if found:
            break
        found = zxingcpp.read_barcodes(clearer(grey))
    codes = []
    for code in found[:_MAX_CODES]:
        corners = code.position
        codes.append(
            {
                "format": str(code.format).removeprefix("BarcodeFormat."),
                "text": code.text,
                "bytes": base64.b64encode(code.bytes).decode(),
                "corners": [
                    [point.x, point.y]
                    for point in (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
                ],
            }
        )
    return codes


def _page(image: Image.Image, text: str) -> dict[str, Any]:
    return {"width": image.width, "height": image.height, "text": text[:_MAX_TEXT], "codes": _barcodes(image)}


def _read_pdf(content: bytes, asked: dict[str, Any]) -> list[dict[str, Any]]:
    document, count = open_pdf(content, max_pages=asked["max_pages"])
    document.close()
    pages = []
    with pypdfium2.PdfDocument(content) as sheets:
        for place in range(count):
            page = sheets[place]
            image = render_page(page, dpi=_DPI, max_page_mm=asked["max_page_mm"], max_side=asked["max_side"])
            words = page.get_textpage()
            pages.append(_page(image, words.get_text_bounded()))
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
