"""What a document says to machines: its own text and its barcodes."""

from __future__ import annotations

import base64
import sys
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pypdfium2
import zxingcpp
from PIL import Image, ImageFilter

from escale.inspection.confined.image import remake
from escale.inspection.confined.pdf import open_pdf, render_page
from escale.inspection.confined.server import Answer, serve
from escale.inspection.confined.squares import redrawn_squares

_DPI, _ROUGH_DPI = 300, 100
# Tried in turn when nothing is read: grain smoothed away, halved, turned a little.
_CLEARER: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda grey: grey.filter(ImageFilter.GaussianBlur(1.2)),
    lambda grey: grey.reduce(2),
    lambda grey: grey.rotate(7, Image.Resampling.BICUBIC, fillcolor=200),
    lambda grey: grey.rotate(-7, Image.Resampling.BICUBIC, fillcolor=200),
)
_DATA_MATRIX = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)
_ANY = zxingcpp.BarcodeFormats([])
_THOROUGH_PAGES = 2  # ten pages of a scan must not use up the time of the child
_FIRST_PAGES = 2  # a seal is on the first, or the second
_SEAL_MM = 8  # side of a square that lies within any seal
# How dark it is on average (seals over 0.5, dense text under 0.23), and how much it changes from dot to dot along and
# across, over that (seals over 1.4 even blurred; logos and photos under 1.2).
_SEAL_DARKNESS, _SEAL_GRAIN = 0.3, 1.3
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


def _barcodes(
    image: Image.Image, *, thorough: bool = True, formats: zxingcpp.BarcodeFormats = _ANY
) -> list[dict[str, Any]]:
    """Every barcode of a picture: format, text, raw bytes (base64), and the corners in pixels.

    ``thorough``: where none is read at first, other looks are tried; then a square of which a part is missing, the
    first one.
    """
    grey = image.convert("L")
    found = zxingcpp.read_barcodes(grey, formats=formats)
    if not found and not thorough:
        return []
    for clearer in _CLEARER:
        if found:
            break
        found = zxingcpp.read_barcodes(clearer(grey), formats=formats)
    if found:
        return [_told(code, _corners(code)) for code in found[:_MAX_CODES]]
    for drawn, corners in redrawn_squares(np.asarray(grey)):
        read = zxingcpp.read_barcodes(drawn, formats=_DATA_MATRIX, is_pure=True)
        if read and read[0].valid:
            return [_told(read[0], corners)]
    return []


def _page(image: Image.Image, text: str, codes: list[dict[str, Any]]) -> dict[str, Any]:
    return {"width": image.width, "height": image.height, "text": text[:_MAX_TEXT], "codes": codes}


def _may_bear_seal(rough: Image.Image) -> bool:
    """Whether somewhere on a page rendered at ``_ROUGH_DPI`` a square as large as the least seal is as dark and as
    grained as seals are."""
    grey = np.asarray(rough)
    paper = max(float(np.percentile(grey[::4, ::4], 80)), 1.0)
    dark = cv2.convertScaleAbs(np.minimum(grey, paper).astype(np.float32) - paper, alpha=255 / paper)
    square = (round(_SEAL_MM / 25.4 * _ROUGH_DPI),) * 2
    darkness = cv2.boxFilter(dark, cv2.CV_32F, square)
    along, across = (
        cv2.boxFilter(np.abs(cv2.Sobel(dark, cv2.CV_16S, *axis)), cv2.CV_32F, square) for axis in ((1, 0), (0, 1))
    )
    grained = np.minimum(along, across) > _SEAL_GRAIN * darkness
    return bool((grained & (darkness > 255 * _SEAL_DARKNESS)).any())


def _read_codes(sheets: pypdfium2.PdfDocument, count: int, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page with its own text, and whatever barcodes it has."""
    pages = []
    for place in range(count):
        page = sheets[place]
        image = render_page(page, dpi=_DPI, max_page_mm=asked["max_page_mm"], max_side=asked["max_side"])
        words = page.get_textpage()
        codes = _barcodes(image, thorough=place < _THOROUGH_PAGES)
        pages.append(_page(image, words.get_text_bounded(), codes))
        words.close()
        page.close()
    return pages


def _read_seals(sheets: pypdfium2.PdfDocument, count: int, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page with its seals, no text. Looked at closely are only those where something is like a seal, and then
    the first ones, while half of the time is left.
    """
    until = time.monotonic() + asked["wall_seconds"] / 2
    size = {"max_page_mm": asked["max_page_mm"], "max_side": asked["max_side"], "grey": True}
    pages, likely = [], []
    for place in range(count):
        rough = render_page(sheets[place], dpi=_ROUGH_DPI, **size)
        likely.append(_may_bear_seal(rough))
        pages.append(_page(rough, "", []))
    thorough = _THOROUGH_PAGES
    for place in sorted(range(count), key=lambda place: (not likely[place], place)):
        if not (likely[place] or place < _FIRST_PAGES) or time.monotonic() > until:
            continue
        fine = render_page(sheets[place], dpi=_DPI, **size)
        again = likely[place] and thorough > 0
        codes = _barcodes(fine, thorough=again, formats=_DATA_MATRIX)
        thorough -= again
        pages[place] = _page(fine, "", codes)
    return pages


def _read_pdf(content: bytes, asked: dict[str, Any]) -> list[dict[str, Any]]:
    document, count = open_pdf(content, max_pages=asked["max_pages"])
    document.close()
    with pypdfium2.PdfDocument(content) as sheets:
        return (_read_seals if asked["seals_only"] else _read_codes)(sheets, count, asked)


def job(content: bytes, kind: str, asked: dict[str, Any]) -> Answer:
    """Head: ``pages``, each with its text (a PDF's own) and the barcodes seen at 300 dots an inch; ``seals_only``: Data
    Matrix alone, and no text."""
    if kind == "pdf":
        return {"pages": _read_pdf(content, asked)}, []
    image, _ = remake(content, kind, asked)
    return {"pages": [_page(image, "", _barcodes(image, formats=_DATA_MATRIX if asked["seals_only"] else _ANY))]}, []


if __name__ == "__main__":
    sys.exit(serve(job))
