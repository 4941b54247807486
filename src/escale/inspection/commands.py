"""``escale photo check`` and ``escale mrz``: the same checks as the site's, from a terminal, on files of one's own.

Exit codes: 0 compliant or to be checked by an agent, 1 not compliant or not valid, 2 refused, unreadable or misused.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from escale.inspection import recogniser
from escale.inspection.mrz import MrzReading, read_mrz
from escale.inspection.photo import PhotoReport, Verdict, check_photo, is_framed
from escale.inspection.refusals import UploadRefused
from escale.inspection.sandbox import too_heavy
from escale.inspection.uploads import DEFAULT, SafeUpload, sanitise

_SIGNS = {"compliant": "✔", "to_check": "?", "not_compliant": "✘", "agent": "·", "not_measured": "–"}


def _parser(program: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    parser.add_argument("--lang", choices=("fr", "en"), default="fr")
    return parser


_UNREADABLE = {
    FileNotFoundError: ("ce fichier n’existe pas", "this file does not exist"),
    IsADirectoryError: ("c’est un dossier, un fichier est attendu", "this is a folder, a file is expected"),
    PermissionError: (
        "ce fichier ne peut pas être lu : droits insuffisants",
        "this file cannot be read: no permission",
    ),
}
_ODD = ("ce fichier ne peut pas être lu", "this file cannot be read")


def _open(file: Path, lang: str) -> SafeUpload | str:
    """The file made anew, or the reason why not. Nothing heavier than an upload is read into memory."""
    try:
        if file.exists() and not file.is_file() and not file.is_dir():  # a device or a pipe could never end
            return _ODD[lang == "en"]
        with file.open("rb") as opened:
            content = opened.read(DEFAULT.max_bytes + 1)
        if len(content) > DEFAULT.max_bytes:
            raise too_heavy(file.stat().st_size, DEFAULT)
        return sanitise(content, filename=file.name)
    except UploadRefused as refused:
        return refused.text(lang)
    except OSError as error:
        return _UNREADABLE.get(type(error), _ODD)[lang == "en"]


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


def _check_one(file: Path, options: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    safe = _open(file, options.lang)
    if isinstance(safe, str):
        if not options.json:
            print(f"{file}: {safe}", file=sys.stderr)
        return 2, {"file": str(file), "refused": safe}
    finished = options.finished or (not options.raw and is_framed(safe.width, safe.height))
    try:
        report = check_photo(safe.content, finished=finished, source_quality=safe.source.jpeg_quality)
    except UploadRefused as refused:
        if not options.json:
            print(f"{file}: {refused.text(options.lang)}", file=sys.stderr)
        return 2, {"file": str(file), "refused": refused.text(options.lang)}
    if options.picture:
        _draw(report, safe.content, file, options.picture, options.lang)
    if not options.json:
        _print_report(file, report, options.lang)
    return int(report.verdict is Verdict.NOT_COMPLIANT), {"file": str(file), **report.as_json(options.lang)}


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
    results = [_check_one(file, options) for file in options.files]
    if options.json:
        print(json.dumps([result for _, result in results], ensure_ascii=False, indent=2))
    return max(code for code, _ in results)


def _refuse_target(parser: argparse.ArgumentParser, target: Path, photos: int) -> None:
    """Stop before any work when the pictures could not be written, or would cover one another."""
    if photos > 1 and not target.is_dir():
        parser.error(f"--picture: several photos need a folder that exists, {target} is none")
    if not target.is_dir() and not target.parent.is_dir():
        parser.error(f"--picture: the folder {target.parent} does not exist")


def _mrz_json(file: Path, reading: MrzReading | None) -> dict[str, Any]:
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


def main_mrz(argv: list[str]) -> int:
    """``mrz FILE…``: read the machine readable zone of a passport's page."""
    options = _parser("escale mrz", "Read the machine readable zone of a passport's page.").parse_args(argv)
    if not recogniser.available():
        print("the text recogniser is not installed", file=sys.stderr)
        return 2
    code, results = 0, []
    for file in options.files:
        safe = _open(file, options.lang)
        if isinstance(safe, str):
            code = 2
            results.append({"file": str(file), "refused": safe})
            if not options.json:
                print(f"{file}: {safe}", file=sys.stderr)
            continue
        reading = read_mrz(safe.pages[0])
        code = max(code, 0 if reading is not None and reading.valid else 1)
        results.append(_mrz_json(file, reading))
        if not options.json:
            print(f"{file}: {_mrz_words(reading, options.lang)}")
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))
    return code
