"""A PDF flattened: every page rendered to pixels, and a new PDF made of these pixels alone.

No text, script, form, attachment nor link survives; what was there is reported as warnings.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from escale.inspection.confined.server import Answer, serve
from escale.inspection.refusals import refusal

_ACTIVE_KEYS = {
    "/JavaScript": "javascript",
    "/JS": "javascript",
    "/Launch": "launch",
    "/EmbeddedFile": "attachment",
    "/EmbeddedFiles": "attachment",
    "/EF": "attachment",
    "/RichMedia": "media",
    "/RichMediaContent": "media",
    "/XFA": "form",
    "/OpenAction": "action",
    "/AA": "action",
    "/GoToR": "action",
    "/GoToE": "action",
}
_ACTIVE_SUBTYPES = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "action",
    "/ImportData": "action",
    "/RichMedia": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/FileAttachment": "attachment",
}


def _names(item: Any) -> set[str]:
    """Keys of a dictionary, and its action and annotation types; those of everything held in it directly."""
    found: set[str] = set()
    waiting = [item]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Array):
            inside = list(current)
        elif isinstance(current, (pikepdf.Dictionary, pikepdf.Stream)):
            found.update(_ACTIVE_KEYS.keys() & {str(key) for key in current.keys()})  # noqa: SIM118 - a stream has no iterator
            found.update(_ACTIVE_SUBTYPES.keys() & {str(current.get(key, "")) for key in ("/S", "/Subtype")})
            inside = [value for _, value in current.items()]
        else:
            continue
        waiting += [part for part in inside if isinstance(part, pikepdf.Object) and not part.is_indirect]
    return found


def _active_content(document: pikepdf.Pdf) -> list[str]:
    """What the PDF would do besides being looked at, sorted codes; none of it survives the rendering."""
    names = _names(document.trailer)
    for item in document.objects:
        names |= _names(item)
    found = {(_ACTIVE_KEYS | _ACTIVE_SUBTYPES)[name] for name in names}
    if len(document.attachments):
        found.add("attachment")
    return sorted(found)


def open_pdf(content: bytes, *, max_pages: int) -> tuple[pikepdf.Pdf, int]:
    """The structure of a PDF and its number of pages. Refuses: ``password``, ``no_page``, ``too_many_pages``."""
    try:
        document = pikepdf.open(io.BytesIO(content), attempt_recovery=True)
    except pikepdf.PasswordError:
        raise refusal("password") from None
    pages = len(document.pages)
    if pages == 0:
        raise refusal("no_page")
    if pages > max_pages:
        raise refusal("too_many_pages", pages=pages, limit=max_pages)
    return document, pages


def render_page(
    page: pypdfium2.PdfPage, *, dpi: int, max_page_mm: int, max_side: int, grey: bool = False
) -> Image.Image:
    """One page as pixels at ``dpi`` (less when a side would pass ``max_side``). Forms and their scripts never run."""
    width, height = page.get_size()  # points
    in_mm = tuple(round(points * 25.4 / 72) for points in (width, height))
    if min(in_mm) < 1 or max(in_mm) > max_page_mm:
        raise refusal("page_too_large", width=in_mm[0], height=in_mm[1], limit=max_page_mm)
    scale = min(dpi / 72, max_side / max(width, height))
    bitmap = page.render(scale=scale, may_draw_forms=False, grayscale=grey)
    try:
        image: Image.Image = bitmap.to_pil().convert("L" if grey else "RGB")
    finally:
        bitmap.close()
    return image


def _raster_pdf(pages: list[tuple[bytes, int, int, float, float]]) -> bytes:
    """A PDF of bare JPEG pages: (JPEG, width and height in pixels, width and height in points)."""
    made = pikepdf.new()
    for jpeg, width, height, points_wide, points_high in pages:
        made.add_blank_page(page_size=(points_wide, points_high))
        page = made.pages[-1]
        image = pikepdf.Stream(made, jpeg)
        image.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=made.make_indirect(image)))
        page.Contents = made.make_stream(f"q {points_wide:.3f} 0 0 {points_high:.3f} 0 0 cm /Page Do Q".encode())
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, subsampling=0, optimize=True)
    return out.getvalue()


def job(content: bytes, kind: str, asked: dict[str, Any]) -> Answer:
    """Blobs: the raster PDF, then one JPEG a page."""
    document, count = open_pdf(content, max_pages=asked["max_pages"])
    warned = [f"active_content:{code}" for code in _active_content(document)]
    if document.is_encrypted:
        warned.append("restrictions_removed")
    document.close()
    rendered = []
    with pypdfium2.PdfDocument(content) as sheets:
        for place in range(count):
            page = sheets[place]
            image = render_page(page, dpi=asked["dpi"], max_page_mm=asked["max_page_mm"], max_side=asked["max_side"])
            rendered.append((_jpeg(image), *image.size, *page.get_size()))
            page.close()
    _, width, height, _, _ = rendered[0]
    source = {"kind": kind, "width": width, "height": height, "jpeg_quality": None}
    head = {"width": width, "height": height, "warnings": warned, "source": source}
    return head, [_raster_pdf(rendered), *(page[0] for page in rendered)]


if __name__ == "__main__":
    sys.exit(serve(job))
