"""The contact sheet shows every picture of its folder."""

from pathlib import Path

from tests.browser import sheet


def test_states_stand_in_lines_with_their_languages_and_widths(tmp_path: Path):
    for name in ("portal/home-fr-390", "portal/home-fr-1280", "portal/home-en-390", "desk/file-on-bench-fr-1280"):
        picture = tmp_path / f"{name}.png"
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(b"")

    assert sheet.write(tmp_path) == 4

    html = (tmp_path / "index.html").read_text()
    assert html.count("<section>") == 2
    assert "<h3>file-on-bench</h3>" in html
    assert 'src="portal/home-en-390.png" alt="en, 390 px"' in html
