"""The PDF papers that simulators hand out: a Typst template, its pictures, the values printed in it."""

from __future__ import annotations

import typst

MAIN = "main.typ"


def pdf(template: str, values: dict[str, str], **pictures: bytes) -> bytes:
    """One tagged document. ``pictures``: SVG by the name the template calls it, without its ending."""
    files = {MAIN: template.encode(), **{f"{name}.svg": picture for name, picture in pictures.items()}}
    made = typst.compile(  # type: ignore[call-overload]  # several files are taken, which its types do not say
        files, sys_inputs=values, format="pdf", pdf_standards=["ua-1"]
    )
    assert isinstance(made, bytes)
    return made
