"""A carrier's label as a PDF with real text and a Code 128 barcode."""

from __future__ import annotations

import io

import numpy as np
import pikepdf
import zxingcpp


def label_pdf(waybill: str, lines: list[str], *, barcode: str | None = None) -> bytes:
    """One A6 page: the barcode at the top, then the lines in Helvetica."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(298, 420))
    drawn = np.array(zxingcpp.create_barcode(barcode or waybill, zxingcpp.BarcodeFormat.Code128).to_image(scale=3))
    grey = drawn if drawn.ndim == 2 else drawn[..., 0]
    picture = pikepdf.Stream(made, grey.tobytes())
    picture.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=grey.shape[1],
        Height=grey.shape[0],
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
    )
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page = made.pages[0]
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Bars=made.make_indirect(picture)),
        Font=pikepdf.Dictionary(F1=made.make_indirect(font)),
    )
    words = "".join(
        f"BT /F1 9 Tf 20 {300 - 13 * number} Td ({line}) Tj ET\n" for number, line in enumerate(lines) if line
    )
    page.Contents = made.make_stream(b"q 240 0 0 60 29 340 cm /Bars Do Q\n" + words.encode("cp1252"))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
