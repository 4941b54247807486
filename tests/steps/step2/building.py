"""An application at any point, made through its own services."""

from __future__ import annotations

import io
from datetime import date, datetime

from PIL import Image

from escale.case.values import StampNumber
from escale.ledger.models import Case
from escale.people.actors import Actor, applicant
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import Document, Page
from escale.steps.step2_application.service import draft, stamp, submission
from escale.vault import documents as vault, sealing
from tests.factories.cases import NOON, a_case
from tests.steps.step2.fakes import GOOD

ANSWERS = {
    "motive": "expiring",
    "usage_origin": "unchanged",
    "usage_name": "",
    "height_cm": 168,
    "eye_colour": "green",
    "hosted": False,
    "phone": "+1 416 555 0101",
    "travel_on": None,
    "passport_number": "17FR42486",
    "passport_issued_on": date(2016, 4, 1),
    "passport_expires_on": date(2026, 3, 31),
    "keeps_visa": False,
    "visa_until": None,
}


def a_jpeg(width: int = 350, height: int = 450) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 205, 220)).save(out, "JPEG")
    return out.getvalue()


def me(case: Case) -> Actor:
    return applicant(case.applicant_sub)


def put_document(case: Case, kind: str, *, now: datetime = NOON) -> Document:
    """A document already made safe: what an upload leaves, without the confined child."""
    row = Document(case_id=case.id, kind=kind, size=10, findings=b"", added_at=now)
    row.findings = sealing.seal_json(case.id, f"step2|findings|{row.id}", {"pages": 1})
    row.save(force_insert=True)
    vault_id = vault.add(case.id, kind=kind, content=a_jpeg(), media_type="image/jpeg", now=now)
    Page.objects.create(document=row, number=1, vault_id=vault_id)
    return row


def a_draft(*, now: datetime = NOON, sub: str | None = None, **answers: object) -> Case:
    """Everything answered and every document there, no stamp."""
    return filled(a_case("draft", now=now, sub=sub), now=now, **answers)


def filled(case: Case, *, now: datetime = NOON, **answers: object) -> Case:
    """The same for a draft that is there already."""
    draft.save(case=case, values={**ANSWERS, **answers}, actor=me(case), now=now)
    for document in rules.documents_wanted(queries.draft(case)):
        put_document(case, document.kind, now=now)
    put_document(case, queries.PHOTO, now=now)
    case.refresh_from_db()
    return case


def with_stamp(case: Case, number: StampNumber = GOOD) -> Case:
    stamp.choose(case=case, number=number, actor=me(case), now=NOON)
    case.refresh_from_db()
    return case


def submitted(**answers: object) -> Case:
    """Sent to the post, the stamp reserved."""
    case = with_stamp(a_draft(**answers))
    submission.submit(case=case, actor=me(case), now=NOON)
    case.refresh_from_db()
    return case
