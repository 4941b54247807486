"""The paper photo measured on the cover sheet's ruler, from a telephone's picture: it advises, it refuses nothing."""

from __future__ import annotations

import io
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from PIL import Image

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.inspection.print_check import judge_print, overall
from escale.inspection.ruler import PrintReading, measure_print
from escale.inspection.uploads import sanitise
from escale.ledger import queries as ledger
from escale.ledger.leases import free_rows
from escale.ledger.record import changing
from escale.people import access
from escale.people.actors import Actor
from escale.steps.step2_application.service.files import scanner
from escale.steps.step3_posted_items.models import PrintAsked, PrintCheck
from escale.steps.step3_posted_items.service_label import may_act
from escale.vault import documents, sealing
from escale.vault.keys import KeyDestroyed
from escale.vault.models import SealedDocument

LOG = logging.getLogger("escale.step3")
LEASE = timedelta(minutes=2)
PAUSE = timedelta(seconds=20)
MOST_TRIES = 3
KIND = "print_check"
_QUALITY = 88


def ask(*, case_id: UUID, content: bytes, filename: str, line_mm: float, actor: Actor, now: datetime) -> None:
    """Keep the picture of a print for the worker to measure, in place of one that still waits.

    ``line_mm``: what the sheet's line of 50 mm measures.
    Raises UploadRefused, RuleRefused(``not_asked``), AccessDenied.
    """
    case = ledger.get(case_id)
    if not access.may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise access.AccessDenied
    if case.posted_items == "not_asked":
        raise RuleRefused("not_asked")
    safe = sanitise(content, filename=filename, scanner=scanner(), only_picture=True)
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        at_desk = actor.kind == "agent"
        for old in PrintAsked.objects.filter(case_id=case_id, at_desk=at_desk):
            documents.remove(case_id, old.document_id)
            old.delete()
        kept = _seal(case_id, safe.content, now)
        PrintAsked.objects.create(case_id=case_id, at_desk=at_desk, document_id=kept, line_mm=line_mm, due_at=now)
        change.record(Decision.of(e.DocumentAdded(kind=KIND)))


def claim(now: datetime) -> PrintAsked | None:
    """Take one measure that is due; another worker skips it until the lease ends."""
    with transaction.atomic():
        due = PrintAsked.objects.filter(due_at__lte=now).order_by("due_at", "id")
        row = free_rows(due).first()
        if row is not None:
            row.due_at, row.attempts = now + LEASE, row.attempts + 1
            row.save(update_fields=["due_at", "attempts"])
    return row


def run_due(*, now: datetime) -> int:
    """Poll: measure one print that waits. Returns how many were handled."""
    row = claim(now)
    if row is not None:
        perform(row, now)
    return 0 if row is None else 1


def perform(row: PrintAsked, now: datetime) -> None:
    """Measure one claimed print and keep what was found, unless another picture came meanwhile.

    A worker killed in the middle leaves a lease that runs out; after three tries the page says that it failed.
    """
    try:
        reading = _measured(row)
    except (KeyDestroyed, SealedDocument.DoesNotExist):  # the case is over, or another picture took its place
        PrintAsked.objects.filter(pk=row.pk).delete()
        return
    except Exception:  # an engine that fails must not cost the applicant anything: the measure is optional
        LOG.exception("the measure of a print failed, try %s", row.attempts)
        if row.attempts < MOST_TRIES:
            PrintAsked.objects.filter(pk=row.pk, attempts=row.attempts).update(due_at=now + PAUSE * row.attempts)
            return
        reading = PrintReading("not_done")
    reference = ledger.get(row.case_id).reference
    with transaction.atomic():
        deleted, _tables = PrintAsked.objects.filter(pk=row.pk, attempts=row.attempts).delete()
        if deleted:
            documents.remove(row.case_id, row.document_id)
            _keep(row, reading, _findings(reading, line_mm=row.line_mm, reference=reference), now)


def _measured(row: PrintAsked) -> PrintReading:
    if row.attempts > MOST_TRIES:  # every one of them took the worker down
        return PrintReading("not_done")

    def progress(_stage: str, share: float) -> None:
        PrintAsked.objects.filter(pk=row.pk).update(share=round(100 * share))

    content, _media_type = documents.read(row.case_id, row.document_id)
    return measure_print(content, line_mm=row.line_mm, progress=progress)


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


def _keep(asked: PrintAsked, reading: PrintReading, findings: dict[str, Any], now: datetime) -> None:
    case_id, at_desk = asked.case_id, asked.at_desk
    for old in PrintCheck.objects.filter(case_id=case_id, at_desk=at_desk):
        for picture in (old.document_id, old.drawn_fr, old.drawn_en):
            if picture is not None:
                documents.remove(case_id, picture)
        old.delete()
    row = PrintCheck(case_id=case_id, at_desk=at_desk, at=now)
    row.findings = sealing.seal_json(case_id, f"print|{at_desk}", findings)
    if reading.flattened:
        row.document_id = _seal(case_id, reading.flattened, now)
        row.drawn_fr, row.drawn_en = (_drawn(case_id, reading, language, now) for language in ("fr", "en"))
    row.save(force_insert=True)


def _seal(case_id: UUID, jpeg: bytes, now: datetime) -> UUID:
    return documents.add(case_id, kind=KIND, content=jpeg, media_type="image/jpeg", now=now)


def _drawn(case_id: UUID, reading: PrintReading, language: str, now: datetime) -> UUID | None:
    """The print with its marks, as a JPEG; None when no face was found."""
    made = reading.report.picture(reading.flattened, language) if reading.report is not None else None
    if made is None:
        return None
    out = io.BytesIO()
    Image.open(io.BytesIO(made), formats=("PNG",)).save(out, "JPEG", quality=_QUALITY)
    return _seal(case_id, out.getvalue(), now)
