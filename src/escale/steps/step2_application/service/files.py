"""Supporting documents and the photo: made anew and sealed page by page; what a machine reads on them comes later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.inspection.malware import Scanner
from escale.inspection.photo import frame_photo, is_framed
from escale.inspection.uploads import DEFAULT, SafeUpload, sanitise
from escale.ledger import record
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import Contest, Document, Original, Page
from escale.steps.step2_application.service import checks
from escale.steps.step2_application.service.draft import editing, may_act
from escale.vault import documents as vault, sealing

_ASIDE = 10_000  # a page number nobody has, while two pages change places


def scanner() -> Scanner | None:
    """The malware scanner, when the operator has one."""
    address = settings.CLAMAV_ADDRESS
    return Scanner(address) if address else None


def add_document(
    *, case: Case, kind: str, content: bytes, filename: str, actor: Actor, now: datetime, seen: int | None = None
) -> Document:
    """Add the pages of one more file to a document; its automatic check is asked for, and done by the worker.

    ``seen``: how many pages the document had where the file was chosen; when it has others now, the same form was sent
    twice or another tab was faster, and nothing is added. Nor is a file of which every page is there already: its
    sender could not know that it had arrived. Raises UploadRefused, AccessDenied, RuleRefused(``not_editable``,
    ``unknown_kind``, ``same_file`` with ``page``, ``pages_changed`` with ``there``, ``too_many_pages`` with ``limit``,
    ``there`` and ``sent``).
    """
    may_act(case, actor)
    if kind not in rules.DOCUMENT:
        raise RuleRefused("unknown_kind")
    most = rules.most_pages(kind)
    safe = sanitise(content, filename=filename, limits=replace(DEFAULT, max_pages=most), scanner=scanner())
    digest = hashlib.sha256(content).hexdigest()
    with editing(case, actor=actor, now=now, items=(kind,)) as change:
        row = Document.objects.filter(case_id=case.id, kind=kind).first() or _new(change, kind, now)
        there = row.pages.count()
        already = _place_of(row, digest)
        if already is not None:
            raise RuleRefused("same_file", page=already)
        if seen is not None and seen != there:
            raise RuleRefused("pages_changed", there=there)
        if there + len(safe.pages) > most:
            raise RuleRefused("too_many_pages", limit=most, there=there, sent=len(safe.pages))
        upload = _append(row, safe, after=there, now=now)
        if kind in checks.NEED_ORIGINAL:
            held = vault.add(case.id, kind="original", content=content, media_type="application/octet-stream", now=now)
            Original.objects.create(document=row, upload=upload, vault_id=held, added_at=now)
        _changed(row, now=now, warnings=safe.warnings, files={str(upload): (digest, len(safe.pages))})
        change.record(Decision.of(e.DocumentAdded(kind=kind)))
    return row


def add_photo(
    *, case: Case, content: bytes, filename: str, actor: Actor, now: datetime, source_quality: int | None = None
) -> Document:
    """Take the photo in place of an earlier one; its automatic check is asked for, and done by the worker.

    ``source_quality``: the JPEG quality of the file it was framed from, when that is known. The check advises: it never
    refuses by itself. The same file sent again changes nothing, unless an agent has asked for another photo. Raises
    UploadRefused, AccessDenied, RuleRefused(``not_editable``, ``same_photo``).
    """
    may_act(case, actor)
    safe = sanitise(content, filename=filename, scanner=scanner(), only_picture=True)
    framed = is_framed(safe.width, safe.height)
    digest = hashlib.sha256(content).hexdigest()
    with editing(case, actor=actor, now=now, items=(queries.PHOTO,)) as change:
        asked_again = queries.PHOTO in queries.open_corrections(case.id)
        for old in Document.objects.filter(case_id=case.id, kind=queries.PHOTO):
            if not asked_again and _place_of(old, digest) is not None:
                raise RuleRefused("same_photo")
            _forget(old)
        row = _new(change, queries.PHOTO, now)
        _write(row, {"files": {str(_append(row, safe, after=0, now=now)): (digest, 1)}})
        row.save(update_fields=["findings"])
        qualities = [quality for quality in (source_quality, safe.source.jpeg_quality) if quality is not None]
        checks.ask(row, now=now, source_quality=min(qualities, default=None), framed=framed)
        change.record(Decision.of(e.DocumentAdded(kind=queries.PHOTO)))
    return row


def use_frame(*, case: Case, document_id: UUID, actor: Actor, now: datetime) -> str:
    """Put in place of the photo its part of 35 × 45 mm that the check proposed, pixel for pixel. Returns the kind.

    Raises AccessDenied, RuleRefused(``not_editable``, ``no_frame``), Document.DoesNotExist.
    """
    may_act(case, actor)
    row = Document.objects.select_related("reading").get(id=document_id, case_id=case.id, kind=queries.PHOTO)
    proposal = queries.photo_frame(row)
    framed = frame_photo(queries.photo(case.id), proposal) if proposal is not None else None
    if framed is None:
        raise RuleRefused("no_frame")
    quality = row.reading.source_quality
    add_photo(case=case, content=framed, filename="photo.jpg", actor=actor, now=now, source_quality=quality)
    return queries.PHOTO


def remove(*, case: Case, document_id: UUID, actor: Actor, now: datetime) -> str:
    """Take a document out, with all its pages. Returns its kind.

    Raises AccessDenied, RuleRefused(``not_editable``), Document.DoesNotExist.
    """
    row = Document.objects.get(id=document_id, case_id=case.id)
    with editing(case, actor=actor, now=now, items=()) as change:
        _forget(row)
        change.record(Decision.of(e.DocumentRemoved(kind=row.kind)))
    return row.kind


def remove_page(*, case: Case, document_id: UUID, number: int, actor: Actor, now: datetime) -> str:
    """Take one page out; the others close up. The last page takes the document with it. Returns the kind.

    Raises AccessDenied, RuleRefused(``not_editable``), Document.DoesNotExist, Page.DoesNotExist.
    """
    row = Document.objects.get(id=document_id, case_id=case.id)
    with editing(case, actor=actor, now=now, items=(row.kind,)) as change:
        page = row.pages.get(number=number)
        vault.remove(row.case_id, page.vault_id)
        page.delete()
        for later in row.pages.filter(number__gt=number).order_by("number"):
            Page.objects.filter(pk=later.pk).update(number=later.number - 1)
        if row.pages.exists():
            _changed(row, now=now)
        else:
            _forget(row)
        change.record(Decision.of(e.DocumentRemoved(kind=row.kind)))
    return row.kind


def move_page(*, case: Case, document_id: UUID, number: int, by: int, actor: Actor, now: datetime) -> str:
    """Exchange a page with the one before (``by`` -1) or after (1); at an end nothing moves. Returns the kind.

    Raises AccessDenied, RuleRefused(``not_editable``), Document.DoesNotExist, Page.DoesNotExist.
    """
    row = Document.objects.get(id=document_id, case_id=case.id)
    with editing(case, actor=actor, now=now, items=(row.kind,)):
        page = row.pages.get(number=number)
        other = row.pages.filter(number=number + by).first()
        if other is not None:
            Page.objects.filter(pk=page.pk).update(number=_ASIDE)
            Page.objects.filter(pk=other.pk).update(number=number)
            Page.objects.filter(pk=page.pk).update(number=number + by)
    return row.kind


def contest(*, case: Case, document_id: UUID, actor: Actor, now: datetime) -> str:
    """The applicant finds the automatic check wrong: the agent is told. Returns the kind.

    Raises AccessDenied, RuleRefused(``not_editable``), Document.DoesNotExist.
    """
    may_act(case, actor)
    row = Document.objects.get(id=document_id, case_id=case.id)
    with editing(case, actor=actor, now=now, items=()) as change:
        _contest, first = Contest.objects.get_or_create(document=row, defaults={"at": now})
        if first:
            change.record(Decision.of(e.CheckContested(kind=row.kind)))
    return row.kind


def _new(change: record.Change, kind: str, now: datetime) -> Document:
    row = Document(case_id=change.case.id, kind=kind, size=0, findings=b"", added_at=now)
    _write(row, {})
    row.save(force_insert=True)
    return row


def _append(row: Document, safe: SafeUpload, *, after: int, now: datetime) -> UUID:
    """The pages of one file, at the end."""
    upload = uuid4()
    for number, picture in enumerate(safe.pages, start=after + 1):
        vault_id = vault.add(row.case_id, kind=row.kind, content=picture, media_type="image/jpeg", now=now)
        Page.objects.create(document=row, number=number, vault_id=vault_id, upload=upload)
    row.size += sum(len(picture) for picture in safe.pages)
    row.save(update_fields=["size"])
    return upload


def _place_of(row: Document, digest: str) -> int | None:
    """The number of the first page of a file, when it came with this document and none of its pages was taken out."""
    held = sealing.unseal_json(row.case_id, f"step2|findings|{row.id}", row.findings)
    for upload, (known, pages) in held.get("files", {}).items():
        numbers = list(row.pages.filter(upload=upload).values_list("number", flat=True)) if known == digest else []
        if len(numbers) == pages:
            return min(numbers)
    return None


def _changed(
    row: Document,
    *,
    now: datetime,
    warnings: tuple[str, ...] = (),
    files: Mapping[str, tuple[str, int]] = MappingProxyType({}),
) -> None:
    """Pages came or went: what was read on the others is kept, the rest is read again.

    ``files``: the digest of a file that has come, and how many pages it has, by upload.
    """
    held = sealing.unseal_json(row.case_id, f"step2|findings|{row.id}", row.findings)
    uploads = {str(upload) for upload in row.pages.values_list("upload", flat=True)}
    for original in row.originals.all():
        if str(original.upload) not in uploads:
            checks.erase(row.case_id, original)
    proofs = {upload: proof for upload, proof in held.get("proofs", {}).items() if upload in uploads}
    known = {upload: one for upload, one in {**held.get("files", {}), **files}.items() if upload in uploads}
    told = [*held.get("warnings", []), *warnings]
    _write(row, {"warnings": told, "pages": row.pages.count(), "proofs": proofs, "files": known})
    row.save(update_fields=["findings"])
    Contest.objects.filter(document=row).delete()
    if row.kind in rules.CHECKED:
        checks.ask(row, now=now)


def _write(row: Document, findings: dict[str, Any]) -> None:
    row.findings = sealing.seal_json(row.case_id, f"step2|findings|{row.id}", findings)


def _forget(row: Document) -> None:
    for page in row.pages.all():
        vault.remove(row.case_id, page.vault_id)
    for original in row.originals.all():
        checks.erase(row.case_id, original)
    row.delete()
