"""The paper photo measured on the cover sheet's ruler, from a telephone's picture: it advises, it refuses nothing."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from uuid import UUID

from PIL import Image

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.inspection.print_check import judge_print, overall
from escale.inspection.refusals import refusal
from escale.inspection.ruler import PrintReading, measure_print
from escale.inspection.uploads import sanitise
from escale.ledger import queries as ledger
from escale.ledger.record import Change, changing
from escale.people import access
from escale.people.actors import Actor
from escale.steps.step2_application.service.files import scanner
from escale.steps.step3_posted_items.models import PrintCheck
from escale.steps.step3_posted_items.service_label import may_act
from escale.vault import documents, sealing

KIND = "print_check"
_QUALITY = 88


def check_print(
    *, case_id: UUID, content: bytes, filename: str, line_mm: float, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Measure a print and keep the result in place of the one before (the applicant's, or the desk's).

    ``line_mm``: what the sheet's line of 50 mm measures. Returns the findings as ``queries_print`` gives them.
    Raises UploadRefused, RuleRefused(``not_asked``), AccessDenied.
    """
    case = ledger.get(case_id)
    if not access.may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise access.AccessDenied
    if case.posted_items == "not_asked":
        raise RuleRefused("not_asked")
    safe = sanitise(content, filename=filename, scanner=scanner())
    if safe.media_type != "image/jpeg":
        raise refusal("not_an_image")
    reading = measure_print(safe.content, line_mm=line_mm)
    findings = _findings(reading, line_mm=line_mm, reference=case.reference)
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        _keep(change, reading, findings, at_desk=actor.kind == "agent")
        change.record(Decision.of(e.DocumentAdded(kind=KIND)))
    return findings


def _findings(reading: PrintReading, *, line_mm: float, reference: str) -> dict[str, Any]:
    lines = judge_print(reading)
    drawing = reading.report.drawing if reading.report is not None else None
    return {
        "problem": reading.problem,
        "words": {language: reading.problem_words(language) for language in ("fr", "en")},
        "verdict": overall(lines).value if lines else "",
        "lines": [
            {"code": one.code, "verdict": one.verdict.value, "value": one.value, "low": one.low, "high": one.high}
            for one in lines
        ],
        "line_mm": line_mm,
        "sheet": "unread" if not reading.code else "same" if reading.code == reference else "other",
        "drawing": {language: drawing.words(language) if drawing else [] for language in ("fr", "en")},
    }


def _keep(change: Change, reading: PrintReading, findings: dict[str, Any], *, at_desk: bool) -> None:
    case_id = change.case.id
    for old in PrintCheck.objects.filter(case_id=case_id, at_desk=at_desk):
        for picture in (old.document_id, old.drawn_fr, old.drawn_en):
            if picture is not None:
                documents.remove(case_id, picture)
        old.delete()
    row = PrintCheck(case_id=case_id, at_desk=at_desk, at=change.now)
    row.findings = sealing.seal_json(case_id, f"print|{at_desk}", findings)
    if reading.flattened:
        row.document_id = _seal(change, reading.flattened)
        row.drawn_fr, row.drawn_en = _drawn(change, reading, "fr"), _drawn(change, reading, "en")
    row.save(force_insert=True)


def _seal(change: Change, jpeg: bytes) -> UUID:
    return documents.add(change.case.id, kind=KIND, content=jpeg, media_type="image/jpeg", now=change.now)


def _drawn(change: Change, reading: PrintReading, language: str) -> UUID | None:
    """The print with its marks, as a JPEG; None when no face was found."""
    made = reading.report.picture(reading.flattened, language) if reading.report is not None else None
    if made is None:
        return None
    out = io.BytesIO()
    Image.open(io.BytesIO(made), formats=("PNG",)).save(out, "JPEG", quality=_QUALITY)
    return _seal(change, out.getvalue())
