"""What the documents say exists: settings, commands, files."""

import ast
import re
import runpy
import subprocess
from pathlib import Path

import pytest

from escale.cli import COMMANDS
from tests.architecture.house import HOUSE, ROOT, python_files, short

SETTING = re.compile(r"\bESCALE_[A-Z0-9_]*[A-Z0-9]\b")
QUOTED_SETTING = re.compile(r"""["'](ESCALE_[A-Z0-9_]*[A-Z0-9])\b""")
CODE = re.compile(r"```(?:sh|console|bash)?\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
WORDS = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(make|\./dev|escale|python -m escale)(?: ([a-z][a-z-]*))?")


def documents() -> list[Path]:
    """Pages that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def commands_in(text: str) -> list[tuple[str, str]]:
    """(program, first word) for every command line of ours in a page."""
    found = []
    for block, inline in CODE.findall(text):
        for line in (block or inline).splitlines():
            match = WORDS.match(line.strip())
            if match and match[2]:
                found.append((match[1], match[2]))
    return found


def known(program: str) -> set[str]:
    """First words that a program of ours understands."""
    if program == "make":
        listed = re.search(r"^COMMANDS = (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
        return set(listed[1].split()) | {"help"} if listed else set()
    if program == "./dev":
        return set(re.findall(r"^  ([a-z-]+)\) ", (ROOT / "dev").read_text(), re.MULTILINE)) | {"help"}
    return set(COMMANDS)


def settings_read() -> set[str]:
    """Settings of ours that the sources name."""
    return {name for path in python_files() for name in QUOTED_SETTING.findall(path.read_text())}


def partner_settings(source: str) -> list[list[str]]:
    """What a partner's module reads: for each setting the names it may have, one per partner the module speaks of."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    partners = sorted({str(call.args[1].value) for call in calls if ast.unparse(call.func) == "Options"})
    names = {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"text", "secret", "number", "among"}
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    return [[f"{partner}_{name}" for partner in partners] for name in sorted(names)]


def test_every_setting_has_a_line_in_the_operations_manual():
    manual = set(SETTING.findall((ROOT / "docs/operations.md").read_text()))

    assert sorted(settings_read() - manual) == []


def test_every_setting_of_a_partner_has_a_line_in_the_operations_manual():
    manual = (ROOT / "docs/operations.md").read_text()
    missing = {
        path.parent.name: [
            names for names in partner_settings(path.read_text()) if not any(f"{n}`" in manual for n in names)
        ]
        for path in sorted((HOUSE / "partners").glob("*/settings.py"))
    }

    assert {partner: names for partner, names in missing.items() if names} == {}


def test_a_setting_of_a_partner_is_found_in_its_source():
    source = 'read = Options(environ, "COURIER")\nread.secret("URL", a)\nread.number("TIMEOUT", 1)\nread.other("X")'

    assert partner_settings(source) == [["COURIER_TIMEOUT"], ["COURIER_URL"]]


def test_the_operations_manual_names_no_setting_that_nobody_reads():
    manual = set(SETTING.findall((ROOT / "docs/operations.md").read_text()))

    assert sorted(manual - settings_read()) == []


@pytest.mark.parametrize("page", documents(), ids=short)
def test_commands_of_a_page_exist(page: Path):
    assert [(program, word) for program, word in commands_in(page.read_text()) if word not in known(program)] == []


@pytest.mark.parametrize("page", documents(), ids=short)
def test_links_of_a_page_lead_somewhere(page: Path):
    links = LINK.findall(page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_make_target_is_a_command_of_dev():
    assert known("make") == known("./dev")


def test_the_help_of_dev_names_every_command():
    said = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout

    assert sorted(word for word in known("./dev") - {"help"} if word not in said) == []


def test_a_command_that_does_not_exist_is_noticed():
    page = "Type `make run`, or:\n```sh\nESCALE_MODE=demo escale dance --now\n./dev sing\n```\n"

    found = commands_in(page)

    assert found == [("make", "run"), ("escale", "dance"), ("./dev", "sing")]
    assert [pair for pair in found if pair[1] not in known(pair[0])] == [("escale", "dance"), ("./dev", "sing")]


def test_the_picture_of_the_journey_is_the_one_that_is_drawn():
    drawing = runpy.run_path(str(ROOT / "docs/img/draw_journey.py"))

    assert (ROOT / "docs/img/journey.svg").read_text() == drawing["picture"]()


def test_every_step_says_the_words_of_the_poster():
    steps = sorted(path for path in (HOUSE / "steps").glob("step*") if (path / "__init__.py").exists())

    assert [path.name for path in steps if not (path / "__init__.py").read_text().startswith('"""')] == []
