"""What pages may read of the paper photo's measure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy as _

from escale.steps.step3_posted_items.models import PrintAsked, PrintCheck
from escale.vault import documents, sealing

TITLES = {
    "width": _("Largeur de la photo"),
    "height": _("Hauteur de la photo"),
    "face": _("Hauteur du visage, du menton au sommet du crâne"),
    "axis": _("Écart du visage au milieu"),
}
LIMITS = {
    "width": _("35 mm attendus"),
    "height": _("45 mm attendus"),
    "face": _("de 32 à 36 mm attendus"),
    "axis": _("au plus 1,75 mm"),
}
ADVICE = {
    "width": _("Demandez un tirage à la taille exacte de 35 × 45 mm, ou faites recouper la photo."),
    "height": _("Demandez un tirage à la taille exacte de 35 × 45 mm, ou faites recouper la photo."),
    "face": _("Demandez une photo où le visage a la bonne taille : ne la recadrez pas vous-même aux ciseaux."),
    "axis": _("Demandez une photo où le visage est au milieu."),
}
VERDICTS = {
    "compliant": _("conforme"),
    "to_check": _("à vérifier"),
    "not_compliant": _("non conforme"),
    "not_measured": _("non mesuré"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the result; lengths in millimetres."""

    title: str
    limits: str
    verdict: str
    verdict_words: str
    advice: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PrintResult:
    """One measure of the print. ``problem``: why nothing was measured, in the reader's words; then no lines.

    ``sheet`` among same, other (the ruler of another case), unread.
    """

    at: datetime
    at_desk: bool
    problem: str
    verdict: str
    sheet: str
    line_mm: float
    lines: tuple[Measured, ...]
    drawing: tuple[str, ...]
    picture: UUID | None


def waiting(case_id: UUID, *, at_desk: bool) -> int | None:
    """How far the measure that the worker is making is, in hundredths; None when none waits."""
    return PrintAsked.objects.filter(case_id=case_id, at_desk=at_desk).values_list("share", flat=True).first()


def last_check(case_id: UUID, *, at_desk: bool) -> PrintResult | None:
    """The last measure by the applicant, or at the desk. Raises KeyDestroyed after the end of retention."""
    row = PrintCheck.objects.filter(case_id=case_id, at_desk=at_desk).first()
    if row is None:
        return None
    found = sealing.unseal_json(case_id, f"print|{row.at_desk}", row.findings)
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    drawn = row.drawn_en if language == "en" else row.drawn_fr
    return PrintResult(
        at=row.at,
        at_desk=row.at_desk,
        problem=found["words"][language],
        verdict=found["verdict"],
        sheet=found["sheet"],
        line_mm=found["line_mm"],
        lines=tuple(_measured(line) for line in found["lines"]),
        drawing=tuple(found["drawing"][language]),
        picture=drawn or row.document_id,
    )


def _measured(line: dict[str, Any]) -> Measured:
    code, verdict = line["code"], line["verdict"]
    advice = str(ADVICE[code]) if verdict in {"to_check", "not_compliant"} else ""
    return Measured(
        str(TITLES[code]), str(LIMITS[code]), verdict, str(VERDICTS[verdict]), advice,
        line["value"], line["low"], line["high"],
    )  # fmt: skip


def picture(case_id: UUID, *, at_desk: bool) -> bytes | None:
    """The print with its marks in the reader's language, as a JPEG; None when there is none."""
    result = last_check(case_id, at_desk=at_desk)
    if result is None or result.picture is None:
        return None
    return documents.read(case_id, result.picture)[0]


def verdict_for_gate(case_id: UUID) -> str:
    """The desk's verdict when it measured, else the applicant's, else nothing; another sheet's measure says nothing."""
    rows = {row.at_desk: row for row in PrintCheck.objects.filter(case_id=case_id)}
    for at_desk in (True, False):
        if at_desk in rows:
            found = sealing.unseal_json(case_id, f"print|{at_desk}", rows[at_desk].findings)
            if found["verdict"] and found["sheet"] != "other":
                return str(found["verdict"])
    return ""
