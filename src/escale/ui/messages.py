"""`escale messages update|check|compile`: the English of every French text, without any tool outside Python.

The French text in the code is the message itself. Each application keeps its English in
``locale/en/LC_MESSAGES/django.po``: ``update`` writes there what is new and drops what is gone, ``check`` says what has
no English yet, ``compile`` makes the ``.mo`` files that run. ``update`` never invents a translation.
"""

from __future__ import annotations

import argparse
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from escale.ui.typography import unbreakable

SOURCE = Path(__file__).parents[1]
LANGUAGE = "en"
# Simulators play French partners to French eyes, and the command line speaks English.
LEFT_OUT = ("partners", "simulation", "stack", "storyteller")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    # other names under which modules import gettext where `_` is taken, or mark a text that a page translates later
    **dict.fromkeys(("_l", "_t", "lazy", "now_", "translate")),
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

type Found = tuple[str | tuple[str, ...], str | None]


@dataclass
class Report:
    """What ``check`` finds, in sentences that name the file and the text."""

    problems: list[str] = field(default_factory=list)

    def add(self, path: Path, problem: str, text: object) -> None:
        short = " ".join(str(text).split())[:100]
        self.problems.append(f"{path.relative_to(SOURCE)}: {problem}: {short}")


def applications() -> list[Path]:
    """Folders of the product's applications."""
    folders = sorted(path.parent for path in SOURCE.rglob("apps.py"))
    return [folder for folder in folders if folder.relative_to(SOURCE).parts[0] not in LEFT_OUT]


def sources(folder: Path) -> Iterator[Path]:
    """Python files and templates of one application."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path
    for pattern in ("*.html", "*.txt"):
        yield from sorted(folder.glob(f"templates/**/{pattern}"))


def texts(path: Path) -> Iterator[Found]:
    """Every text of a file that asks for a translation, with its context."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content = "(" + templatize(content, origin=str(path)) + "\n)"  # brackets make indentation harmless
    for _line, text, _comments, context in extract("python", BytesIO(content.encode()), keywords=KEYWORDS):
        yield (text[0], text[1]) if isinstance(text, tuple) else text, context


def fresh_catalogue(folder: Path) -> Catalog:
    """What the application asks for today, without English."""
    catalogue = Catalog(locale=LANGUAGE, domain="django", project="Escale", charset="utf-8")
    for path in sources(folder):
        for text, context in texts(path):
            catalogue.add(text, locations=[(str(path.relative_to(folder)), 0)], context=context)
    return catalogue


def po_path(folder: Path) -> Path:
    return folder / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def stored_catalogue(folder: Path) -> Catalog:
    path = po_path(folder)
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain="django")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="django")


def _english(stored: Catalog, message: Message) -> str | tuple[str, ...] | None:
    known = stored.get(message.id, context=message.context)
    if known is None or known.fuzzy:
        return None
    if isinstance(known.string, str):
        return known.string or None
    forms = tuple(known.string or ())
    return forms if forms and all(forms) else None


def update(folder: Path) -> int:
    """Bring an application's file to what its code asks for. Returns how many texts have no English yet."""
    catalogue, stored, shared = fresh_catalogue(folder), stored_catalogue(folder), stored_catalogue(SOURCE / "ui")
    missing = 0
    for message in catalogue:
        if not message.id:
            continue
        english = _english(stored, message) or _english(shared, message)
        missing += english is None
        message.string = english or (("", "") if message.pluralizable else "")
        message.locations = sorted({(name, None) for name, _ in message.locations})  # type: ignore[misc]  # no line number
    path = po_path(folder)
    if not len(catalogue):
        path.unlink(missing_ok=True)
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, omit_header=False, sort_output=True, include_lineno=False)
    _settle_header(path)
    return missing


def _settle_header(path: Path) -> None:
    """Leave out of the header what changes at each run."""
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', "# "))
        and line not in {"#", "#, fuzzy"}
    ]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def _parts(text: object) -> list[str]:
    return [str(part) for part in text] if isinstance(text, list | tuple) else [str(text)]


def check(folder: Path, report: Report) -> None:
    """Every text has its English, with the same placeholders, and nothing stays that nobody asks for."""
    path, wanted, stored = po_path(folder), fresh_catalogue(folder), stored_catalogue(folder)
    for message in wanted:
        if not message.id:
            continue
        english = _english(stored, message)
        if english is None:
            report.add(path, "no English", _parts(message.id)[0])
            continue
        asked = {name for part in _parts(message.id) for name in _PLACEHOLDER.findall(part)}
        given = {name for part in _parts(english) for name in _PLACEHOLDER.findall(part)}
        if asked != given:
            report.add(path, "other placeholders", _parts(message.id)[0])
    for message in stored:
        if message.id and wanted.get(message.id, context=message.context) is None:
            report.add(path, "nobody asks for", _parts(message.id)[0])


def compile_one(folder: Path) -> bool:
    """Make the ``.mo`` beside the ``.po``, and the French one. Returns whether there was one to make."""
    path = po_path(folder)
    if not path.exists():
        return False
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, stored_catalogue(folder))
    _compile_french(folder)
    return True


def _compile_french(folder: Path) -> None:
    """French is the message itself, but for two things: none is singular (« 0 dossier »), and some of its spaces must
    not be broken. Its catalogue is made from the texts; nobody writes it."""
    french = Catalog(locale="fr")
    for message in stored_catalogue(folder):
        if not message.id:
            continue
        parts = tuple(unbreakable(part) for part in _parts(message.id))
        if message.pluralizable or parts[0] != message.id:
            french.add(message.id, parts if message.pluralizable else parts[0], context=message.context)
    path = folder / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, french)


def chosen(names: list[str]) -> list[Path]:
    """Applications whose path contains one of the words, or all of them."""
    return [folder for folder in applications() if not names or any(name in str(folder) for name in names)]


def main(argv: list[str]) -> int:
    """`escale messages update|check|compile [application …]`."""
    parser = argparse.ArgumentParser(prog="escale messages", description="The English of every French text.")
    parser.add_argument("verb", choices=("update", "check", "compile"))
    parser.add_argument("applications", nargs="*", help="part of their folder's name; all by default")
    arguments = parser.parse_args(argv)
    if not settings.configured:
        settings.configure(USE_I18N=True)
    folders = chosen(arguments.applications)
    if arguments.verb == "compile":
        made = sum(compile_one(folder) for folder in folders)
        print(f"{made} catalogues compiled")
        return 0
    if arguments.verb == "update":
        for folder in folders:
            missing = update(folder)
            if missing:
                print(f"{folder.relative_to(SOURCE)}: {missing} texts without English")
        return 0
    report = Report()
    for folder in folders:
        check(folder, report)
    for problem in report.problems:
        print(problem, file=sys.stderr)
    print(f"{len(report.problems)} problems in {len(folders)} applications")
    return 1 if report.problems else 0
