"""The page of a passport, at its true size (125 × 88 mm, Doc 9303-4), as PDF or as a picture of 300 dots an inch.

A specimen: it says so, and imitates no security feature.
"""

from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import typst

_SOURCE = Path(__file__).with_name("datapage.typ")
_FONTS = Path("/usr/share/fonts/opentype/ocr-b")  # Debian package fonts-ocr-b, where it is installed
_DOTS_PER_INCH = 300.0


def render(title: dict[str, Any], photo: bytes, kind: str) -> bytes:
    """``kind``: ``pdf`` or ``png``. ``photo`` is a JPEG, or empty for a grey figure."""
    birth = title["birth"].replace("-00", "-XX").split("-")
    data = {
        "number": title["number"],
        "surname": title["surname"].upper(),
        "given_names": title["given_names"],
        "birth": " ".join(reversed(birth)),
        "sex": title["sex"] or "X",
        "issued": f"{date.fromisoformat(title['issued_on']):%d %m %Y}",
        "expires": f"{date.fromisoformat(title['expires_on']):%d %m %Y}",
        "lines": title["mrz"].splitlines(),
        "photo": bool(photo),
    }
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.typ"
        source.write_bytes(_SOURCE.read_bytes())
        if photo:
            (Path(folder) / "photo.jpg").write_bytes(photo)
        fonts = [str(_FONTS)] if _FONTS.is_dir() else []
        options: dict[str, Any] = {"format": kind, "font_paths": fonts, "ignore_system_fonts": True}
        if kind == "png":
            options["ppi"] = _DOTS_PER_INCH
        made = typst.compile(str(source), root=folder, sys_inputs={"data": json.dumps(data)}, **options)
    assert isinstance(made, bytes), "one page gives one file"
    return made
