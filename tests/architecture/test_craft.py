"""The laws of craft that a machine can see: sizes, names, imports, the clock, nothing left for later."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import guards
from tests.architecture.house import HOUSE, ROOT, TESTS, python_files, short, text_files, tree_of

MAX_FILE = 400
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}

# file → why an import waits there until it is needed
LATE_IMPORTS: dict[str, str] = {}
# file → why it may read the machine's clock
CLOCK_KEEPERS = {
    "src/escale/clock.py": "it is the clock",
}
# These name what they forbid.
GUARDS_THEMSELVES = {"tests/architecture/guards.py", "tests/architecture/test_craft.py"}


def offenders(
    find: Callable[[ast.Module], list[str]], *folders: Path, allowed: dict[str, str] | None = None
) -> dict[str, list[str]]:
    """File → places, for every file that is not allowed."""
    found = {short(path): find(tree_of(path)) for path in python_files(*folders)}
    return {path: places for path, places in found.items() if places and path not in (allowed or {})}


def text_offenders(find: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """File → places, over everything a person wrote."""
    found = {short(path): find(path.read_text()) for path in text_files() if short(path) not in GUARDS_THEMSELVES}
    return {path: places for path, places in found.items() if places}


def test_no_file_is_longer_than_four_hundred_lines():
    lengths = {short(path): len(path.read_text().splitlines()) for path in python_files(HOUSE, TESTS)}

    assert {path: length for path, length in lengths.items() if length > MAX_FILE} == {}


def test_functions_and_classes_stay_short():
    assert offenders(guards.long_pieces) == {}


def test_no_module_is_called_after_nothing_in_particular():
    assert [short(path) for path in python_files(HOUSE, TESTS) if NO_NAMES & {path.stem, path.parent.name}] == []


def test_imports_stand_at_the_top():
    assert offenders(guards.inner_imports, allowed=LATE_IMPORTS) == {}


def test_the_clock_is_read_at_one_place():
    assert offenders(guards.clock_readings, allowed=CLOCK_KEEPERS) == {}


def test_nothing_is_left_for_later():
    assert text_offenders(guards.unfinished) == {}


def test_no_trace_of_a_workplace():
    assert text_offenders(guards.workplace_traces) == {}


def test_a_check_is_silenced_with_a_reason():
    found = text_offenders(guards.silenced_without_reason)
    # mypy reads the law and the ports: elsewhere its comments silence nothing.
    strict = ("src/escale/case/", "src/escale/ports/")
    heard = {
        path: [place for place in places if "noqa" in place or path.startswith(strict)]
        for path, places in found.items()
    }

    assert {path: places for path, places in heard.items() if places} == {}


def test_every_exception_is_still_needed():
    late = offenders(guards.inner_imports)
    clocks = offenders(guards.clock_readings)

    assert set(LATE_IMPORTS) - set(late) == set()
    assert {path for path in CLOCK_KEEPERS if (ROOT / path).exists()} - set(clocks) == set()


@pytest.mark.parametrize(
    ("find", "sample"),
    [
        (guards.long_pieces, "def long():\n" + "    pass\n" * 51),
        (guards.long_pieces, "class Long:\n" + "    a = 1\n" * 201),
        (guards.long_pieces, "class Many:\n" + "".join(f"    def m{n}(self): pass\n" for n in range(16))),
        (guards.inner_imports, "def f():\n    import os"),
        (guards.inner_imports, "class A:\n    def f(self):\n        if self:\n            from os import path"),
        (guards.clock_readings, "from datetime import datetime\ndatetime.now()"),
        (guards.clock_readings, "import datetime\ndatetime.datetime.now(datetime.UTC)"),
        (guards.clock_readings, "from django.utils import timezone\ntimezone.now()"),
        (guards.clock_readings, "from django.utils import timezone\ntimezone.localdate()"),
        (guards.clock_readings, "from datetime import date\ndate.today()"),
    ],
)
def test_a_guard_notices(find: Callable[[ast.Module], list[str]], sample: str):
    assert len(find(ast.parse(sample))) == 1


@pytest.mark.parametrize(
    ("find", "sample"),
    [
        (guards.unfinished, "x = 1  # TODO: later"),
        (guards.workplace_traces, 'open("/home/someone/file")'),
        (guards.workplace_traces, "https://pypi.org/simple"),
        (guards.silenced_without_reason, "import os  # noqa: F401"),
        (guards.silenced_without_reason, "x = y  # type: ignore[attr-defined]"),
        (guards.silenced_without_reason, "import os  # noqa"),
    ],
)
def test_a_text_guard_notices(find: Callable[[str], list[str]], sample: str):
    assert len(find(sample)) == 1


@pytest.mark.parametrize(
    ("find", "sample"),
    [
        (guards.silenced_without_reason, "import os  # noqa: F401 - loaded for its side effect"),
        (guards.silenced_without_reason, "x = y  # type: ignore[attr-defined]  # untyped library"),
        (guards.unfinished, "mastodon"),
    ],
)
def test_a_text_guard_lets_pass(find: Callable[[str], list[str]], sample: str):
    assert find(sample) == []
