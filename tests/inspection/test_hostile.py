"""A sample of the hostile files: none passes, none hurts the parent. All of them are tried by ``bench/photo.py``."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from escale.inspection import sandbox
from escale.inspection.refusals import UploadRefused
from escale.inspection.uploads import DEFAULT, sanitise
from tests.inspection.making.hostile import MARKER, HostileFile, hostile_files

EACH = 13


@pytest.fixture(scope="module")
def files() -> list[HostileFile]:
    """All of them; the bombs take seconds to pack, which a session that runs other tests need not wait for."""
    return hostile_files()


def outcome(file: HostileFile) -> str:
    """``refused``, ``clean``, or an assertion when something of the trick is left."""
    try:
        safe = sanitise(file.content, filename="upload")
    except UploadRefused as refused:
        return "refused" if refused.fr and refused.en else "refused without a reason"
    for blob in (safe.content, *safe.pages):
        assert MARKER not in blob
        assert b"<script" not in blob
    for page in safe.pages:
        Image.open(io.BytesIO(page), formats=("JPEG",)).load()
    return "clean"


def test_there_are_more_than_two_hundred(files: list[HostileFile]):
    assert len(files) >= 200
    assert len({(file.category, file.name) for file in files}) == len(files)


@pytest.mark.parametrize("place", range(0, 251, EACH))
def test_a_hostile_file_is_refused_or_made_harmless(files: list[HostileFile], place: int):
    file = files[place]
    found = outcome(file)
    assert file.expected in (found, "either"), f"{file.category}: {file.name}"


def test_the_child_is_walled_in(files: list[HostileFile]):
    head, _ = sandbox.run("image", next(file for file in files if file.name == "jpeg + script").content, DEFAULT)
    assert head["walls"]["calls"] or head["walls"]["network"]
