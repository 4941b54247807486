"""Documents people print or keep: typst templates made into tagged PDF (PDF/UA-1).

A template reads its data with ``json(bytes(sys.inputs.data))``: user text stays text, it is never run. The compiler
itself refuses a picture without a text alternative and a document without a title.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
import zxingcpp


def render(template: Path, data: dict[str, Any]) -> bytes:
    """The PDF of a template. The same data give the same bytes: no system font, no date of making."""
    made = typst.compile(
        template.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(made)


def code_128(text: str) -> str:
    """A Code 128 barcode as SVG."""
    return str(zxingcpp.write_barcode_to_svg(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128), scale=2))
