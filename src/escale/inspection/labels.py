"""Reading the prepaid label an applicant brings: its waybill, its receiver, and any adult-signature option.

Such an option stops the carrier from leaving the passport with whoever is at home, and is forbidden for this
procedure. It cannot be had from the carrier's tracking, so it is looked for on the label itself; what cannot be
read there is for the agent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from escale.case.values import InvalidValue, Waybill
from escale.inspection import sandbox
from escale.inspection.sandbox import DEFAULT, Limits

_TEN_DIGITS = re.compile(r"(?<![0-9A-Z])(\d{2}[ .]?\d{4}[ .]?\d{4})(?![0-9A-Z])")
_CERTAIN = (
    "ADULT SIGNATURE",
    "SIGNATURE ADULTE",
    "SIGNATURE D'UN ADULTE",
    "SIGNATURE OBLIGATOIRE D'UN ADULTE",
    "SIGNATURE PAR UN ADULTE",
)
# DHL's service code, alone or in a list of codes; a State or a name written « SD » must not pass for it.
_SERVICE_CODE = re.compile(r"(?:^|[\s,;:/(])SD(?=$|[\s,;:/)])")
_CODE_LINE = re.compile(r"^\W*[A-Z0-9]{1,3}(?:\W+[A-Z0-9]{1,3}){0,9}\W*$")
_CODE_CONTEXT = re.compile(r"SERVICE|FEATURE|OPTION|VAS|SPECIAL|HANDLING|PRODUCT|PRESTATION")
_RECEIVER_HEADING = re.compile(r"^\s*(?:TO|RECEIVER|CONSIGNEE|DESTINATAIRE|SHIP TO|DELIVER TO|A|À)\s*:?\s*(.*)$", re.I)
_OTHER_HEADING = re.compile(
    r"^\s*(?:FROM|SHIPPER|SENDER|EXPEDITEUR|EXPÉDITEUR|CONTACT|REF|WAYBILL|ACCOUNT|CONTENTS?|CONTENU|"
    r"PIECE|WEIGHT|POIDS|ORIGIN|DATE)\b",
    re.I,
)
_RECEIVER_LINES = 7


@dataclass(frozen=True)
class Barcode:
    """One barcode: its symbology as the reader names it, and its text."""

    symbology: str
    text: str


@dataclass(frozen=True)
class LabelReading:
    """What a label says.

    ``waybills`` are the ten-digit candidates whose check digit holds, those of barcodes first, without repeats;
    ``from_barcode`` says whether the first came from a barcode. ``adult_signature`` is ``yes``, ``maybe`` (a bare
    « SD » that could be something else), ``no``, or ``unreadable`` when the file carries no text at all.
    ``revealing`` are the words that made it so. ``receiver`` is the receiver's block, empty when not found.
    """

    waybills: tuple[str, ...]
    from_barcode: bool
    barcodes: tuple[Barcode, ...]
    text: str
    text_readable: bool
    adult_signature: str
    revealing: tuple[str, ...]
    receiver: tuple[str, ...]
    pages: int

    def __repr__(self) -> str:
        return f"LabelReading({len(self.waybills)} waybill(s), adult signature: {self.adult_signature})"


def is_waybill(digits: str) -> bool:
    """Ten digits, the tenth being the first nine modulo 7."""
    try:
        Waybill.parse(digits, carrier="dhl")
    except InvalidValue:
        return False
    return True


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.upper().replace("’", "'"))
    return "".join(character for character in bare if not unicodedata.combining(character))


def waybill_candidates(text: str) -> list[str]:
    """Waybills in a text, in order, grouped or not, without repeats."""
    found = [re.sub(r"\D", "", match) for match in _TEN_DIGITS.findall(text)]
    return [digits for digits in dict.fromkeys(found) if is_waybill(digits)]


def adult_signature_words(text: str) -> tuple[str, tuple[str, ...]]:
    """``yes``, ``maybe`` or ``no``, and the words that say so."""
    plain = " ".join(_plain(text).split())
    certain = tuple(words for words in _CERTAIN if words in plain)
    if certain:
        return "yes", certain
    doubtful = []
    for line in _plain(text).splitlines():
        if _SERVICE_CODE.search(line):
            if _CODE_CONTEXT.search(line) or _CODE_LINE.match(line):
                return "yes", ("SD",)
            doubtful.append("SD")
    return ("maybe", tuple(doubtful[:1])) if doubtful else ("no", ())


def receiver_block(text: str) -> tuple[str, ...]:
    """The lines that follow the receiver's heading, up to an empty line or another heading."""
    block: list[str] = []
    inside = False
    for line in text.splitlines():
        if not inside:
            heading = _RECEIVER_HEADING.match(line)
            if heading:
                inside = True
                block = [heading.group(1).strip()] if heading.group(1).strip() else []
            continue
        if (not line.strip() and block) or _OTHER_HEADING.match(line) or len(block) == _RECEIVER_LINES:
            break
        if line.strip():
            block.append(" ".join(line.split()))
    return tuple(block)


def interpret(pages: list[dict[str, Any]]) -> LabelReading:
    """A label's pages as the child read them, made into a reading."""
    text = "\n".join(str(page.get("text", "")) for page in pages).replace("\r\n", "\n").strip()
    barcodes = tuple(
        Barcode(str(code.get("format", "")), str(code.get("text", "")))
        for page in pages
        for code in page.get("codes", ())
    )
    scanned = [digits for code in barcodes for digits in waybill_candidates(code.text)]
    printed = waybill_candidates(text)
    readable = any(character.isalpha() for character in text)
    found, revealing = adult_signature_words(text) if readable else ("unreadable", ())
    return LabelReading(
        waybills=tuple(dict.fromkeys([*scanned, *printed])),
        from_barcode=bool(scanned),
        barcodes=barcodes,
        text=text,
        text_readable=readable,
        adult_signature=found,
        revealing=revealing,
        receiver=receiver_block(text),
        pages=len(pages),
    )


def read_label(
    pdf_or_image: bytes, *, limits: Limits = DEFAULT, progress: Callable[[str, float], None] | None = None
) -> LabelReading:
    """Read the original file of a label; it is only opened in the confined child. Raises UploadRefused."""
    if progress is not None:
        progress("label", 0.0)
    head, _ = sandbox.run("codes", pdf_or_image, replace(limits, max_side=5000))
    if progress is not None:
        progress("label", 1.0)
    return interpret(head.get("pages", []))
