"""A day given as a limit is itself in time, and a post's name never follows an article it may not agree with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MAILS = sorted((Path(__file__).parents[2] / "src" / "escale").glob("**/templates/mail/*/*.txt"))
LIMIT = re.compile(r"avant le \{\{ \w+\|day_in_zone:\w+ \}\}(.{0,7})", re.DOTALL)


def test_the_mails_are_found() -> None:
    assert len(MAILS) > 60


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: f"{mail.parts[-2]}-{mail.stem}")
def test_a_last_day_is_said_to_count(mail: Path) -> None:
    text = mail.read_text()
    assert [after for after in LIMIT.findall(text) if after != " inclus"] == []
    assert re.findall(r"before \{\{ \w+\|day_in_zone", text) == []
    assert re.findall(r"\b(?:au|du|le|à la) \{\{ post_name", text) == []
