"""A sample of the hostile files: none passes, none hurts the parent. All of them are tried by ``bench/photo.py``."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from escale.inspection import sandbox
from escale.inspection.refusals import UploadRefused
from escale.inspection.uploads import DEFAULT, sanitise
from tests.inspection.making.hostile import MARKER, HostileFile, hostile_files

FILES = hostile_files()
SAMPLE = [file for number, file in enumerate(FILES) if number % 13 == 0 and "420 MB" not in file.name]


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


def test_there_are_more_than_two_hundred():
    assert len(FILES) >= 200
    assert len({(file.category, file.name) for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", SAMPLE, ids=lambda file: f"{file.category}: {file.name}")
def test_a_hostile_file_is_refused_or_made_harmless(file: HostileFile):
    found = outcome(file)
    assert file.expected in (found, "either")


def test_the_child_is_walled_in():
    head, _ = sandbox.run("image", next(file for file in FILES if file.name == "jpeg + script").content, DEFAULT)
    assert head["walls"]["calls"] or head["walls"]["network"]
