"""Static files are collected once per state of the sources."""

import os
from pathlib import Path

import pytest

from escale.stack import static


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house with one style sheet."""
    package = tmp_path / "src" / "escale"
    sheet = package / "ui" / "static" / "site.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("body {}")
    monkeypatch.setattr(static, "PACKAGE", package)
    monkeypatch.setattr(static, "CHECKOUT", tmp_path)
    (tmp_path / "requirements.lock").write_text("django==1")
    return sheet


def collect(folder: Path) -> None:
    (folder / "site.css").write_text("collected")


def refuse(folder: Path) -> None:
    raise AssertionError(f"collected again into {folder}")


def test_the_same_sources_are_collected_once(sources: Path, tmp_path: Path):
    first = static.collected(tmp_path / "data", collect)

    assert static.collected(tmp_path / "data", refuse) == first
    assert (first / "site.css").read_text() == "collected"


def test_a_changed_file_is_collected_anew(sources: Path, tmp_path: Path):
    first = static.collected(tmp_path / "data", collect)
    sources.write_text("body { margin: 0 }")

    assert static.collected(tmp_path / "data", collect) != first


def test_other_packages_are_collected_anew(sources: Path, tmp_path: Path):
    first = static.collected(tmp_path / "data", collect)
    (tmp_path / "requirements.lock").write_text("django==2")

    assert static.collected(tmp_path / "data", collect) != first


def test_each_mode_has_files_of_its_own(sources: Path, tmp_path: Path):
    """Tests collect without a manifest; a demonstration that took their folder could serve no page."""
    first = static.collected(tmp_path / "data", collect, mode="test")

    assert static.collected(tmp_path / "data", collect, mode="demo") != first


def test_a_collection_that_failed_half_way_is_done_again(sources: Path, tmp_path: Path):
    def break_down(folder: Path) -> None:
        collect(folder)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        static.collected(tmp_path / "data", break_down)

    assert (static.collected(tmp_path / "data", collect) / "site.css").exists()


def test_collections_of_other_days_are_forgotten_and_those_in_use_stay(sources: Path, tmp_path: Path):
    made = []
    for number in range(3):
        sources.write_text("x" * number)
        made.append(static.collected(tmp_path / "data", collect))
    os.utime(made[0], (0, 0))

    sources.write_text("another day")
    last = static.collected(tmp_path / "data", collect)

    assert {path for path in last.parent.iterdir() if path.is_dir()} == {*made[1:], last}


def test_an_installed_package_collects_into_its_data_folder(sources: Path, tmp_path: Path):
    (tmp_path / "requirements.lock").unlink()

    assert static.collected(tmp_path / "data", collect).parent == tmp_path / "data" / "static"
