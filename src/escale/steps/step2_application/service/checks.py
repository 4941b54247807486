"""The automatic checks of documents and photo: a queue of rows that the worker empties.

A check advises and holds nothing back: the application may be sent while it waits, and one that cannot be done ends
as « to be checked by an agent ». A worker killed in the middle leaves a lease that runs out; three tries at most.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from escale.inspection.address_proof import Holder, PostalAddress, read_address_proof
from escale.inspection.mrz import read_mrz
from escale.inspection.photo import check_photo
from escale.inspection.recogniser import available as can_read
from escale.inspection.uploads import UploadRefused
from escale.ledger import queries as ledger
from escale.ledger.leases import free_rows
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import WAITING, Check, CheckState, Document, Original
from escale.vault import documents as vault, sealing
from escale.vault.keys import KeyDestroyed

LOG = logging.getLogger("escale.step2")
LEASE = timedelta(minutes=2)
PAUSE = timedelta(seconds=20)
MOST_TRIES = 3
AT_ONCE = 3
ORIGINALS_LIVE = timedelta(hours=24)
# A 2D-Doc may be printed small: it is looked for on the file received, not on the pages made anew.
NEED_ORIGINAL = frozenset({"address_proof", "host_address_proof"})


def ask(document: Document, *, now: datetime, source_quality: int | None = None, framed: bool = False) -> None:
    """Ask for the check of what the document holds now; an earlier one is forgotten, even in the middle."""
    values = {
        "state": CheckState.PENDING,
        "attempts": 0,
        "source_quality": source_quality,
        "framed": framed,
        "asked_at": now,
        "due_at": now,
        "done_at": None,
    }
    row, created = Check.objects.get_or_create(document=document, defaults=values)
    if not created:
        Check.objects.filter(pk=row.pk).update(**values, revision=row.revision + 1)


def erase(case_id: UUID, original: Original) -> None:
    """Erase a file kept as it was received."""
    vault.remove(case_id, original.vault_id)
    original.delete()


def claim(now: datetime, *, limit: int = AT_ONCE) -> list[Check]:
    """Take checks that are due; another worker skips them until the lease ends."""
    with transaction.atomic():
        due = Check.objects.filter(state__in=WAITING, due_at__lte=now).order_by("due_at", "document_id")
        claimed = list(free_rows(due)[:limit])
        for row in claimed:
            row.state, row.due_at, row.attempts = CheckState.RUNNING, now + LEASE, row.attempts + 1
            row.save(update_fields=["state", "due_at", "attempts"])
    return claimed


def run_due(*, now: datetime) -> int:
    """Poll: do the checks that wait, and erase originals left for a day. Returns how many checks were handled."""
    for original in Original.objects.select_related("document").filter(added_at__lte=now - ORIGINALS_LIVE)[:20]:
        erase(original.document.case_id, original)
    claimed = claim(now)
    for row in claimed:
        perform(row, now)
    return len(claimed)


def perform(row: Check, now: datetime) -> None:
    """Do one claimed check and keep what it found, unless the document changed meanwhile."""
    if row.attempts > MOST_TRIES:  # every one of them took the worker down
        _finish(row, CheckState.FAILED, {}, now)
        return
    try:
        document = Document.objects.get(pk=row.document_id)
        found = _photo(document, row) if document.kind == queries.PHOTO else _reading(document, now.date())
    except Document.DoesNotExist:
        return  # taken out meanwhile, and the check with it
    except KeyDestroyed:
        _finish(row, CheckState.FAILED, None, now)
    except Exception:  # an engine that fails must not cost the applicant anything: an agent looks anyway
        LOG.exception("the automatic check of a document failed, try %s", row.attempts)
        if row.attempts >= MOST_TRIES:
            _finish(row, CheckState.FAILED, {}, now)
        else:
            _of_this_try(row).update(state=CheckState.PENDING, due_at=now + PAUSE * row.attempts)
    else:
        _finish(row, CheckState.DONE, found, now)


def _of_this_try(row: Check) -> Any:
    return Check.objects.filter(pk=row.pk, revision=row.revision, attempts=row.attempts, state=CheckState.RUNNING)


def _finish(row: Check, state: str, found: dict[str, Any] | None, now: datetime) -> None:
    """Keep the result of this very content. ``found`` None: nothing can be written any more."""
    with transaction.atomic():
        if not _of_this_try(row).update(state=state, done_at=now) or found is None:
            return
        document = Document.objects.get(pk=row.document_id)
        place = f"step2|findings|{document.id}"
        held = sealing.unseal_json(document.case_id, place, document.findings)
        sealed = sealing.seal_json(document.case_id, place, {**held, **found})
        Document.objects.filter(pk=document.pk).update(findings=sealed)
        for original in document.originals.all():
            erase(document.case_id, original)


def _pages(document: Document, most: int) -> list[bytes]:
    return [vault.read(document.case_id, page.vault_id)[0] for page in document.pages.all()[:most]]


def _photo(document: Document, row: Check) -> dict[str, Any]:
    """The report of the photo, in both languages: measures, table and networks it was judged with, lines of the
    drawing; never the mesh of the face."""
    (picture,) = _pages(document, 1)
    report = check_photo(picture, finished=row.framed, source_quality=row.source_quality)
    marks = {language: report.overlay(language) or "" for language in ("fr", "en")}
    return {"fr": report.as_json("fr"), "en": report.as_json("en"), "marks": marks}


def _reading(document: Document, today: date) -> dict[str, Any]:
    """What a machine can tell of a document: never a refusal, help for the applicant and the agent."""
    if document.kind in NEED_ORIGINAL:
        return _proofs(document, today)
    return {"mrz": _mrz(_pages(document, 4), today)} if can_read() else {"unread": True}


def _mrz(pages: list[bytes], today: date) -> dict[str, Any]:
    for picture in pages:
        reading = read_mrz(picture)
        if reading is not None and reading.valid and reading.mrz is not None:
            zone = reading.mrz
            return {
                "valid": True,
                "number": zone.number,
                "expires_on": zone.expiry(today=today).isoformat(),
                "birth": zone.birth(today=today),
                "surname": zone.surname,
                "given_names": zone.given_names,
                "sex": zone.sex,
            }
    return {"valid": False}


def _proofs(document: Document, today: date) -> dict[str, Any]:
    """Each file received is read once; the one that says most speaks for the document."""
    held = sealing.unseal_json(document.case_id, f"step2|findings|{document.id}", document.findings)
    proofs = dict(held.get("proofs", {}))
    for original in document.originals.all():
        content, _media_type = vault.read(document.case_id, original.vault_id)
        try:
            proofs[str(original.upload)] = _proof(document, content, today)
        except UploadRefused:  # opened once already: a barcode reader that gives up leaves it to the agent
            continue
    best = sorted(proofs.values(), key=_worth)
    return {"proofs": proofs, "proof": best[-1]} if best else {"unread": True}


def _worth(proof: dict[str, Any]) -> tuple[bool, bool]:
    sealed = any(finding["code"] != "no_2d_doc" for finding in proof["findings"])
    return proof["verdict"] == "confirmed", sealed


def _proof(document: Document, content: bytes, today: date) -> dict[str, Any]:
    summary = ledger.summary(ledger.get(document.case_id))
    address, own = summary["address"], document.kind == "address_proof"
    surnames = tuple(name for name in (summary["family_name"], summary.get("usage_name", "")) if name)
    reading = read_address_proof(
        content,
        holder=Holder(surnames=surnames, given_names=summary["given_names"]),
        address=PostalAddress(
            lines=tuple(line for line in (address["line1"], address["line2"]) if line),
            postcode=address["postcode"],
            city=address["city"],
            country=address["country"],
        ),
        today=today,
    )
    shown = [finding for finding in reading.findings if own or not finding.code.startswith("name_")]
    return {
        "verdict": reading.verdict if own else "agent",
        "findings": [
            {"code": item.code, "verdict": item.verdict, "fr": item.reason("fr"), "en": item.reason("en")}
            for item in shown
        ],
    }
