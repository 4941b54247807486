"""The security page names its evidence, and the evidence exists."""

import re

import pytest

from tests.architecture.house import ROOT

PAGE = ROOT / "docs/security.md"
EVIDENCE = re.compile(r"`((?:tests|src)/[\w/.]+\.py|requirements\.lock)(?:::(\w+))?`")


def lines_of_tables(page: str) -> list[list[str]]:
    """Cells of every line of every table, heads left out."""
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows if row[0].strip() != "requirement"]


def absent(page: str) -> list[str]:
    """Evidence that is named and does not exist."""
    found = EVIDENCE.findall(page)
    return [
        f"{path}::{test}" if test else path
        for path, test in found
        if not (ROOT / path).exists() or (test and f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]


def test_every_line_has_evidence():
    rows = lines_of_tables(PAGE.read_text(encoding="utf-8"))

    assert len(rows) > 40
    assert [row[0] for row in rows if not EVIDENCE.search(row[-1])] == []


def test_the_evidence_exists():
    assert absent(PAGE.read_text(encoding="utf-8")) == []


def test_the_page_says_what_is_missing():
    assert "## What is missing" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "named", ["`tests/security/test_nothing.py`", "`tests/security/test_headers.py::test_nothing`"]
)
def test_missing_evidence_is_noticed(named: str):
    assert absent(named) == [named.strip("`")]
