"""A contact sheet of the pictures in a folder: one line per state, its languages and widths side by side."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from pathlib import Path

HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pictures of every page</title><style>
body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem }
section { margin-bottom: 2.5rem } h3 { font-size: 1rem; margin-bottom: .25rem }
div { display: flex; gap: 1rem; flex-wrap: wrap; align-items: start }
figure { margin: 0 } figcaption { font-size: .8rem; color: #555 }
img { height: 22rem; max-width: 34rem; object-fit: cover; object-position: top; border: 1px solid #bbb }
</style></head><body><h1>Pictures of every page</h1>
"""


def write(folder: Path) -> int:
    """Write ``index.html`` over ``<site>/<state>-<language>-<width>.png``. Returns how many pictures it shows."""
    sites: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for picture in sorted(folder.glob("*/*.png")):
        state = picture.stem.rsplit("-", 2)[0]
        sites[picture.parent.name][state].append(picture)
    lines = [HEAD, "<p>", *(f'<a href="#{site}">{site}</a> ({len(sites[site])} states) ' for site in sites), "</p>"]
    for site, states in sites.items():
        lines.append(f'<h2 id="{site}">{escape(site)}</h2>')
        lines += [_line(folder, state, pictures) for state, pictures in states.items()]
    (folder / "index.html").write_text("\n".join([*lines, "</body></html>\n"]))
    return sum(len(pictures) for states in sites.values() for pictures in states.values())


def _line(folder: Path, state: str, pictures: list[Path]) -> str:
    shown = "".join(_figure(picture.relative_to(folder).as_posix()) for picture in pictures)
    return f"<section><h3>{escape(state)}</h3><div>{shown}</div></section>"


def _figure(path: str) -> str:
    language, width = path.removesuffix(".png").rsplit("-", 2)[1:]
    words = f"{language}, {width} px"
    return (
        f'<figure><a href="{escape(path)}"><img src="{escape(path)}" alt="{words}" loading="lazy"></a>'
        f"<figcaption>{words}</figcaption></figure>"
    )
