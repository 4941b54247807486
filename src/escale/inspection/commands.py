"""``escale photo check`` and ``escale mrz``: the same checks as the site's, from a terminal, on files of one's own.

Exit codes, the worst of all files: 0 compliant or to be checked by an agent, 1 not compliant or not valid, 2 refused,
unreadable or misused, or a picture asked for that could not be written: the findings are given all the same. ``-`` is
the standard input. With ``--json`` the standard output is one JSON array; where a file could not be opened, or its
picture not be written, a stable ``code`` stands beside the words.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from escale.inspection import recogniser
from escale.inspection.mrz import MrzReading, read_mrz
from escale.inspection.photo import PhotoReport, Verdict, check_photo, is_framed
from escale.inspection.refusals import UploadRefused
from escale.inspection.sandbox import too_heavy
from escale.inspection.uploads import DEFAULT, SafeUpload, sanitise

_SIGNS = {"compliant": "✔", "to_check": "?", "not_compliant": "✘", "agent": "·", "not_measured": "–"}


_EXIT_CODES = (
    "Exit status, the worst of all files: 0 compliant or to be checked, 1 not compliant, 2 refused or unreadable, "
    "or the picture of --picture could not be written (the findings are given all the same)."
)
_STANDARD_INPUT = Path("-")
Result = dict[str, Any]


def _language() -> str:
    """That of the terminal, French or English; French when it is neither."""
    spoken = next((said for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (said := os.environ.get(name))), "")
    return "en" if spoken.startswith("en") else "fr"


def _parser(program: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=description, epilog=_EXIT_CODES)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a picture; - is the standard input")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--lang", choices=("fr", "en"), default=_language(), help="that of the terminal by default")
    for stream in (sys.stdout, sys.stderr):  # a terminal without our letters, a name of a file that is no text
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    return parser


_UNREADABLE = {
    FileNotFoundError: ("no_such_file", "ce fichier n’existe pas", "this file does not exist"),
    IsADirectoryError: ("folder", "c’est un dossier, un fichier est attendu", "this is a folder, a file is expected"),
    PermissionError: (
        "no_permission",
        "ce fichier ne peut pas être lu : droits insuffisants",
        "this file cannot be read: no permission",
    ),
}
_ODD = ("unreadable", "ce fichier ne peut pas être lu", "this file cannot be read")
_NOT_DRAWN = ("not_drawn", "l’image annotée n’a pas pu être écrite", "the picture with its marks could not be written")
_NO_READER = ("no_reader", "le lecteur de texte n’est pas installé", "the text recogniser is not installed")


def _complain(file: Path, options: argparse.Namespace, why: tuple[str, str, str] | UploadRefused) -> tuple[str, str]:
    """The code and the words of what went wrong; one line on the standard error unless the JSON says it."""
    code, french, english = why if isinstance(why, tuple) else (why.code, why.fr, why.en)
    words = english if options.lang == "en" else french
    if not options.json:
        print(f"{file}: {words}", file=sys.stderr)
    return code, words


def _refused(file: Path, options: argparse.Namespace, why: tuple[str, str, str] | UploadRefused) -> Result:
    """A file nothing can be said of."""
    code, words = _complain(file, options, why)
    return {"file": str(file), "refused": words, "code": code}


def _content(file: Path) -> bytes:
    """What a file holds, and never more than an upload may. Raises OSError, UploadRefused."""
    if file == _STANDARD_INPUT:
        content = sys.stdin.buffer.read(DEFAULT.max_bytes + 1)
    else:
        with file.open("rb") as opened:
            content = opened.read(DEFAULT.max_bytes + 1)
    if len(content) > DEFAULT.max_bytes:
        raise too_heavy(len(content) if file == _STANDARD_INPUT else file.stat().st_size, DEFAULT)
    return content


def _open(file: Path, options: argparse.Namespace) -> SafeUpload | Result:
    """The file made anew, or the reason why not."""
    try:
        if file.exists() and not file.is_file() and not file.is_dir():  # a device or a pipe could never end
            return _refused(file, options, _ODD)
        return sanitise(_content(file), filename=file.name)
    except UploadRefused as refused:
        return _refused(file, options, refused)
    except OSError as error:
        return _refused(file, options, _UNREADABLE.get(type(error), _ODD))


def _print_report(file: Path, report: PhotoReport, lang: str) -> None:
    print(f"{file}: {report.verdict_words(lang)}")
    for check in report.checks:
        print(f"  {_SIGNS[check.verdict.value]} {check.title(lang)}: {check.reason(lang)}")
        if check.advice(lang) and check.verdict is Verdict.NOT_COMPLIANT:
            print(f"      {check.advice(lang)}")
    for sentence in report.drawing.words(lang) if report.drawing else []:
        print(f"  | {sentence}")


def _draw(report: PhotoReport, jpeg: bytes, file: Path, target: Path, lang: str) -> None:
    """The picture with its marks, at ``target`` (a PNG file, or a folder when there are several photos)."""
    drawn = report.picture(jpeg, lang)
    if drawn is not None:
        (target / f"{file.stem}-escale.png" if target.is_dir() else target).write_bytes(drawn)


def _check_one(file: Path, options: argparse.Namespace) -> tuple[int, Result]:
    safe = _open(file, options)
    if isinstance(safe, dict):
        return 2, safe
    finished = options.finished or (not options.raw and is_framed(safe.width, safe.height))
    try:
        report = check_photo(safe.content, finished=finished, source_quality=safe.source.jpeg_quality)
    except UploadRefused as refused:
        return 2, _refused(file, options, refused)
    if not options.json:
        _print_report(file, report, options.lang)
    result = {"file": str(file), **report.as_json(options.lang)}
    if options.picture:
        try:
            _draw(report, safe.content, file, options.picture, options.lang)
        except OSError:
            code, words = _complain(file, options, _NOT_DRAWN)
            return 2, {**result, "code": code, "not_drawn": words}
    return int(report.verdict is Verdict.NOT_COMPLIANT), result


def _all(options: argparse.Namespace, one: Callable[[Path, argparse.Namespace], tuple[int, Result]]) -> int:
    results = [one(file, options) for file in options.files]
    if options.json:
        print(json.dumps([result for _, result in results], ensure_ascii=False, indent=2))
    return max(code for code, _ in results)


def main_photo(argv: list[str]) -> int:
    """``photo check FILE…``: check identity photos; ``--picture`` draws the marks in millimetres."""
    parser = _parser("escale photo check", "Check identity photos against the French rules.")
    parser.add_argument("--picture", type=Path, metavar="PNG", help="where to draw the photo with its marks")
    framing = parser.add_mutually_exclusive_group()
    framing.add_argument("--finished", action="store_true", help="the file is a framed photo of 35 × 45 mm")
    framing.add_argument("--raw", action="store_true", help="the file is still to be framed")
    if argv[:1] == ["check"]:
        argv = argv[1:]
    options = parser.parse_args(argv)
    if options.picture is not None:
        _refuse_target(parser, options.picture, len(options.files))
    return _all(options, _check_one)


def _refuse_target(parser: argparse.ArgumentParser, target: Path, photos: int) -> None:
    """Stop before any work when the pictures could not be written, or would cover one another."""
    if photos > 1 and not target.is_dir():
        parser.error(f"--picture: several photos need a folder that exists, {target} is none")
    if not target.is_dir() and not target.parent.is_dir():
        parser.error(f"--picture: the folder {target.parent} does not exist")


def _mrz_json(file: Path, reading: MrzReading | None) -> Result:
    if reading is None:
        return {"file": str(file), "found": False, "valid": False}
    return {
        "file": str(file),
        "found": True,
        "valid": reading.valid,
        "line1": reading.line1,
        "line2": reading.line2,
        "checks": reading.checks,
        "repaired": reading.repaired,
        "confidence": round(reading.confidence, 3),
    }


def _mrz_words(reading: MrzReading | None, lang: str) -> str:
    english = lang == "en"
    if reading is None:
        return "no machine readable zone was seen" if english else "aucune zone de lecture automatique n’a été vue"
    wrong = ", ".join(name for name, holds in reading.checks.items() if not holds)
    if reading.valid:
        state = "the five check digits hold" if english else "les cinq chiffres de contrôle sont justes"
    else:
        state = f"wrong check digits: {wrong}" if english else f"chiffres de contrôle faux : {wrong}"
    return f"{state}\n  {reading.line1}\n  {reading.line2}"


def _read_one(file: Path, options: argparse.Namespace) -> tuple[int, Result]:
    if not recogniser.available():
        return 2, _refused(file, options, _NO_READER)
    safe = _open(file, options)
    if isinstance(safe, dict):
        return 2, safe
    reading = read_mrz(safe.pages[0])
    if not options.json:
        print(f"{file}: {_mrz_words(reading, options.lang)}")
    return int(reading is None or not reading.valid), _mrz_json(file, reading)


def main_mrz(argv: list[str]) -> int:
    """``mrz FILE…``: read the machine readable zone of a passport's page."""
    options = _parser("escale mrz", "Read the machine readable zone of a passport's page.").parse_args(argv)
    return _all(options, _read_one)
