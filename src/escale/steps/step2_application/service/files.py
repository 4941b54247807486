"""Supporting documents and the photo: made anew, looked at, sealed page by page."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.inspection.address_proof import Holder, PostalAddress, read_address_proof
from escale.inspection.malware import Scanner
from escale.inspection.mrz import read_mrz
from escale.inspection.photo import check_photo
from escale.inspection.recogniser import available as can_read
from escale.inspection.uploads import SafeUpload, UploadRefused, sanitise
from escale.ledger import queries as ledger, record
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import Document, Page
from escale.steps.step2_application.service.draft import editing, may_act
from escale.vault import documents as vault, sealing

LOG = logging.getLogger("escale.step2")
# A finished photo is 35 × 45 mm: 0.78. Anything near is taken as framed, the rest as a picture to frame.
_FRAMED = (0.74, 0.82)


def scanner() -> Scanner | None:
    """The malware scanner, when the operator has one."""
    address = settings.CLAMAV_ADDRESS
    return Scanner(address) if address else None


def add_document(
    *, case: Case, kind: str, content: bytes, filename: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Take one more file of a kind. Returns its findings.

    Raises UploadRefused, AccessDenied, RuleRefused(``not_editable``, ``unknown_kind``, ``too_many_files``).
    """
    may_act(case, actor)
    if kind not in rules.DOCUMENT:
        raise RuleRefused("unknown_kind")
    if Document.objects.filter(case_id=case.id, kind=kind).count() >= rules.MAX_FILES:
        raise RuleRefused("too_many_files", limit=rules.MAX_FILES)
    safe = sanitise(content, filename=filename, scanner=scanner())
    findings = _read(case, kind, safe, content, now.date())
    with editing(case, actor=actor, now=now, items=(kind,)) as change:
        _keep(change, kind, safe, findings, now)
        change.record(Decision.of(e.DocumentAdded(kind=kind)))
    return findings


def add_photo(*, case: Case, content: bytes, filename: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Take the photo in place of an earlier one. Returns the report of the automatic check.

    The check advises: it never refuses by itself. Raises UploadRefused, AccessDenied, RuleRefused(``not_editable``).
    """
    may_act(case, actor)
    safe = sanitise(content, filename=filename, scanner=scanner())
    if safe.media_type != "image/jpeg":
        raise not_an_image()
    shape = safe.width / safe.height
    report = check_photo(
        safe.content, finished=_FRAMED[0] <= shape <= _FRAMED[1], source_quality=safe.source.jpeg_quality
    )
    findings = {"fr": report.as_json("fr"), "en": report.as_json("en"), "overlay": report.overlay("fr") or ""}
    with editing(case, actor=actor, now=now, items=(queries.PHOTO,)) as change:
        for old in Document.objects.filter(case_id=case.id, kind=queries.PHOTO):
            _forget(old)
        _keep(change, queries.PHOTO, safe, findings, now)
        change.record(Decision.of(e.DocumentAdded(kind=queries.PHOTO)))
    return findings


def not_an_image() -> UploadRefused:
    """A PDF where a picture is expected."""
    return UploadRefused(
        "not_an_image",
        fr="Une image est attendue ici (JPEG, PNG ou HEIC), pas un PDF. Envoyez la photo elle-même.",
        en="A picture is expected here (JPEG, PNG or HEIC), not a PDF. Send the photo itself.",
    )


def remove(*, case: Case, document_id: UUID, actor: Actor, now: datetime) -> str:
    """Take a file out. Returns its kind. Raises AccessDenied, RuleRefused(``not_editable``), Document.DoesNotExist."""
    row = Document.objects.get(id=document_id, case_id=case.id)
    with editing(case, actor=actor, now=now, items=()) as change:
        _forget(row)
        change.record(Decision.of(e.DocumentRemoved(kind=row.kind)))
    return row.kind


def _keep(change: record.Change, kind: str, safe: SafeUpload, findings: dict[str, Any], now: datetime) -> Document:
    case_id = change.case.id
    row = Document(case_id=case_id, kind=kind, size=len(safe.content), findings=b"", added_at=now)
    row.findings = sealing.seal_json(case_id, f"step2|findings|{row.id}", findings)
    row.save(force_insert=True)
    for number, picture in enumerate(safe.pages, start=1):
        vault_id = vault.add(case_id, kind=kind, content=picture, media_type="image/jpeg", now=now)
        Page.objects.create(document=row, number=number, vault_id=vault_id)
    return row


def _forget(row: Document) -> None:
    for page in row.pages.all():
        vault.remove(row.case_id, page.vault_id)
    row.delete()


def _read(case: Case, kind: str, safe: SafeUpload, content: bytes, today: date) -> dict[str, Any]:
    """What a machine can tell of a document: never a refusal, help for the applicant and the agent."""
    findings: dict[str, Any] = {"warnings": list(safe.warnings), "pages": len(safe.pages)}
    try:
        if kind == "passport_page" and can_read():
            findings["mrz"] = _mrz(safe, today)
        if kind in {"address_proof", "host_address_proof"}:
            findings["proof"] = _proof(case, kind, content, today)
    except UploadRefused:
        raise
    except Exception:  # an engine that fails must not cost the applicant the upload: an agent looks anyway
        LOG.exception("automatic reading of a %s failed", kind)
    return findings


def _mrz(safe: SafeUpload, today: date) -> dict[str, Any]:
    for picture in safe.pages[:2]:
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


def _proof(case: Case, kind: str, content: bytes, today: date) -> dict[str, Any]:
    summary = ledger.summary(case)
    address = summary["address"]
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
    shown = [finding for finding in reading.findings if kind == "address_proof" or not finding.code.startswith("name_")]
    return {
        "verdict": reading.verdict if kind == "address_proof" else "agent",
        "findings": [
            {"code": item.code, "verdict": item.verdict, "fr": item.reason("fr"), "en": item.reason("en")}
            for item in shown
        ],
    }
