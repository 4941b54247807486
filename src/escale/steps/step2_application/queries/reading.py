"""What later steps and pages may read of step 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import get_language, gettext as _

from escale.case.values import PassportNumber
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step1_sign_in import queries as step1
from escale.steps.step2_application import rules
from escale.steps.step2_application.models import (
    UNSETTLED,
    WAITING,
    Application as Row,
    Correction,
    Document,
    Page,
    Payment,
    PaymentState,
    Ruling,
    Stamp,
)
from escale.steps.step2_application.queries.stamps import stamp_in_use, stamp_number, stamp_receipt
from escale.ui.said import Said, opened
from escale.vault import documents as vault, sealing

PHOTO = "photo"


class NoPhoto(Exception):
    """The case holds no photo (yet, or any more)."""


@dataclass(frozen=True, slots=True)
class Doc:
    """One document of the application, whole. ``pages`` counts its pictures; ``findings`` is what was read on it.

    ``check``: ``pending``, ``done``, ``failed`` (an agent looks), or empty when no machine reads this kind.
    """

    id: UUID
    kind: str
    label: str
    added_at: datetime
    findings: dict[str, Any]
    pages: int
    check: str = ""
    checked_since: datetime | None = None
    contested: bool = False
    framed: bool = False

    @property
    def machine(self) -> str:
        """The machine's opinion in one word: compliant, to_check, not_compliant, failed; empty while there is none."""
        if self.check in {"pending", ""} and not self.findings:
            return ""
        if self.check == "failed":
            return "failed"
        if self.kind == PHOTO:
            return str(self.findings.get("fr", {}).get("verdict", ""))
        verdicts = [told["verdict"] for told in self.told]
        return "" if not verdicts else "to_check" if "check" in verdicts else "compliant"

    @property
    def page_numbers(self) -> range:
        return range(1, self.pages + 1)

    @property
    def notices(self) -> list[dict[str, str]]:
        """What an agent must know of the check itself: it waits, it could not be made, it is contested."""
        words = {
            "pending": _("Contrôle automatique en attente : regarder soi-même, ou revenir dans une minute."),
            "failed": _("Contrôle automatique impossible : à vérifier par un agent."),
        }
        told = [{"text": words[self.check], "verdict": "check"}] if self.check in words else []
        if self.findings.get("unread"):
            told.append({"text": words["failed"], "verdict": "check"})
        if self.contested:
            text = _("Le demandeur conteste l’avis automatique : regarder soi-même.")
            told.append({"text": text, "verdict": "check"})
        return told

    @property
    def told(self) -> list[dict[str, str]]:
        """What a machine read on the file, in the reader's language: ``text`` and ``verdict`` (``ok`` or ``check``)."""
        return findings_in_words(self.findings)


@dataclass(frozen=True, slots=True)
class Application:
    """The application as later steps read it. ``stamp_receipt`` is empty until the stamp is consumed."""

    motive: str
    usage_name: str
    height_cm: int
    eye_colour: str
    travel_on: date | None
    passport_number: PassportNumber | None
    passport_issued_on: date | None
    passport_expires_on: date | None
    photo_document_id: UUID | None
    free: bool
    keeps_expiry: bool
    stamp_masked: str
    stamp_receipt: str
    documents: tuple[Doc, ...]
    keeps_visa: bool
    visa_until: date | None
    phone: str
    submitted_at: datetime | None
    revision: int
    draft: rules.Draft


@dataclass(frozen=True, slots=True)
class Sent:
    """A correction asked for, in the agent's words."""

    item: str
    label: str
    page: str
    said: Said
    asked_at: datetime
    answered: bool

    @property
    def words(self) -> str:
        """In the reader's language."""
        return self.said.here


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why an agent ended the application."""

    kind: str
    rule: str
    said: Said
    at: datetime

    @property
    def words(self) -> str:
        """In the reader's language."""
        return self.said.here


def findings_in_words(findings: dict[str, Any]) -> list[dict[str, str]]:
    """See ``Doc.told``. A proof without a seal is usual abroad: nothing is said of it."""
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    told = []
    zone = findings.get("mrz")
    if zone is not None:
        text = _("Le bas de la page est bien lu.") if zone["valid"] else _("Le bas de la page n’est pas lisible.")
        told.append({"text": text, "verdict": "ok" if zone["valid"] else "check"})
    for finding in findings.get("proof", {}).get("findings", []):
        if finding["code"] != "no_2d_doc":
            told.append({"text": finding[language], "verdict": finding["verdict"]})
    return told


def answers(case_id: UUID) -> dict[str, Any]:
    """The answers given so far, as JSON values."""
    row = Row.objects.filter(case_id=case_id).first()
    return _answers(row) if row else {}


def _answers(row: Row) -> dict[str, Any]:
    opened: dict[str, Any] = sealing.unseal_json(row.case_id, "step2|answers", row.answers)
    return opened


def revision(case_id: UUID) -> int:
    """Grows with every change of the application's content: what an agent decides on must not change under the eye."""
    row = Row.objects.filter(case_id=case_id).only("revision").first()
    return row.revision if row else 0


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def usage_name(case: Case, given: dict[str, Any]) -> str:
    """The usage name to print: the one the register knows, unless the answers change it."""
    origin = given.get("usage_origin", "unchanged")
    if origin == "unchanged":
        return str(ledger.summary(case).get("usage_name") or "")
    return "" if origin == "none" else str(given.get("usage_name", ""))


def draft(case: Case) -> rules.Draft:
    """Everything given so far, as the rules read it."""
    kinds = set(Document.objects.filter(case_id=case.id).values_list("kind", flat=True))
    return _draft(answers(case.id), kinds, stamp_in_use(case.id), step1.declared_passport(case), corrections(case.id))


def _draft(
    given: dict[str, Any],
    kinds: set[str],
    stamp: Stamp | None,
    declared: step1.DeclaredPassport,
    sent_back: tuple[Sent, ...],
) -> rules.Draft:
    return rules.Draft(
        motive=given.get("motive", ""),
        accepts_old_expiry=given.get("accepts_old_expiry", False),
        usage_origin=given.get("usage_origin", ""),
        usage_name=given.get("usage_name", ""),
        height_cm=given.get("height_cm"),
        eye_colour=given.get("eye_colour", ""),
        hosted=given.get("hosted"),
        phone=given.get("phone", ""),
        contact_seen="hosted" in given,
        travel_on=_day(given.get("travel_on")),
        passport_number=given.get("passport_number", ""),
        passport_issued_on=_day(given.get("passport_issued_on")) or declared.issued_on,
        passport_expires_on=_day(given.get("passport_expires_on")) or declared.expires_on,
        keeps_visa=given.get("keeps_visa"),
        visa_until=_day(given.get("visa_until")),
        documents=frozenset(kinds - {PHOTO}),
        photo=PHOTO in kinds,
        stamp=stamp.state if stamp else "",
        corrections=tuple(sent.item for sent in sent_back if not sent.answered),
    )


def documents(case_id: UUID, kind: str | None = None) -> tuple[Doc, ...]:
    """Files of the application, the oldest first."""
    pages = Page.objects.filter(document_id=OuterRef("pk")).order_by().values("document_id")
    counted = Subquery(pages.annotate(number_of=Count("pk")).values("number_of"))
    rows = Document.objects.filter(case_id=case_id).select_related("reading", "contest").annotate(counted=counted)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return tuple(
        Doc(
            id=row.id,
            kind=row.kind,
            label=rules.ITEM_LABELS.get(row.kind, row.kind),
            added_at=row.added_at,
            findings=sealing.unseal_json(case_id, f"step2|findings|{row.id}", row.findings),
            pages=row.counted or 0,
            check=_check_state(row),
            checked_since=row.reading.asked_at if hasattr(row, "reading") else None,
            contested=hasattr(row, "contest"),
            framed=hasattr(row, "reading") and row.reading.framed,
        )
        for row in rows
    )


def _check_state(row: Document) -> str:
    if not hasattr(row, "reading"):
        return ""
    return "pending" if row.reading.state in WAITING else str(row.reading.state)


def check_state(case_id: UUID, document_id: UUID) -> str | None:
    """``pending``, ``done``, ``failed`` or empty; None when the document is not of this case."""
    row = Document.objects.filter(case_id=case_id, id=document_id).select_related("reading").first()
    return _check_state(row) if row is not None else None


def sent_at(case_id: UUID) -> datetime | None:
    """When the application, or its last correction, was sent; None before."""
    return Row.objects.filter(case_id=case_id).values_list("submitted_at", flat=True).first()


def saved_at(case_id: UUID) -> datetime | None:
    """When the application was last saved; None before the first page."""
    return Row.objects.filter(case_id=case_id).values_list("changed_at", flat=True).first()


def page(case_id: UUID, document_id: UUID, number: int) -> tuple[bytes, str] | None:
    """The picture of one page and the kind of its document, or None when it is not of this case."""
    found = Page.objects.select_related("document").filter(
        document_id=document_id, document__case_id=case_id, number=number
    )
    row = found.first()
    if row is None:
        return None
    content, _media_type = vault.read(case_id, row.vault_id)
    return content, row.document.kind


def photo(case_id: UUID) -> bytes:
    """The photo as a JPEG. Raises NoPhoto."""
    row = Page.objects.filter(document__case_id=case_id, document__kind=PHOTO).order_by("-document__added_at").first()
    if row is None:
        raise NoPhoto(str(case_id))
    content, _media_type = vault.read(case_id, row.vault_id)
    return content


def unsettled_payment(case_id: UUID) -> Payment | None:
    return Payment.objects.filter(case_id=case_id, state__in=UNSETTLED).first()


def left_payments(case_id: UUID) -> int:
    """Payments the applicant has left, whose end is not known yet."""
    return Payment.objects.filter(case_id=case_id, state=PaymentState.ABANDONED).count()


def last_payment(case_id: UUID) -> Payment | None:
    return Payment.objects.filter(case_id=case_id).order_by("-opened_at", "-id").first()


def corrections(case_id: UUID) -> tuple[Sent, ...]:
    """Corrections asked for, the oldest first."""
    return tuple(
        Sent(
            item=row.item,
            label=rules.ITEM_LABELS.get(row.item, row.item),
            page=rules.PAGE_OF_ITEM.get(row.item, "motive"),
            said=opened(case_id, f"step2|words|{row.item}", row.words, row.words_en),
            asked_at=row.asked_at,
            answered=row.answered_at is not None,
        )
        for row in Correction.objects.filter(case_id=case_id)
    )


def corrections_of(case: Case) -> tuple[Sent, ...]:
    """The same, for a page that asks it at several of its places."""
    return ledger.once(case, "corrections", lambda: corrections(case.id))


def open_corrections(case_id: UUID) -> dict[str, Sent]:
    """By item: what the applicant must still change."""
    return {sent.item: sent for sent in corrections(case_id) if not sent.answered}


def ruling(case_id: UUID) -> Reasons | None:
    """Why an agent ended the application, or None."""
    row = Ruling.objects.filter(case_id=case_id).first()
    if row is None:
        return None
    said = opened(case_id, "step2|reasons", row.reasons, row.reasons_en)
    return Reasons(row.kind, row.rule, said, row.at)


def application(case_id: UUID) -> Application | None:
    """The application, or None while nothing has been answered."""
    row = Row.objects.select_related("case__post").filter(case_id=case_id).first()
    return _application(row.case, row) if row else None


def application_of(case: Case) -> Application | None:
    """The same, for a page that asks it at several of its places."""
    row = Row.objects.filter(case_id=case.id)
    return ledger.once(case, "application", lambda: _application(case, kept) if (kept := row.first()) else None)


def _application(case: Case, row: Row) -> Application:
    given, stamp, files = _answers(row), stamp_in_use(case.id), documents(case.id)
    declared = step1.as_declared(step1.kept_of(case).declared)
    read = _draft(given, {doc.kind for doc in files}, stamp, declared, corrections_of(case))
    photos = [doc.id for doc in files if doc.kind == PHOTO]
    return Application(
        motive=read.motive,
        usage_name=usage_name(case, given),
        height_cm=read.height_cm or 0,
        eye_colour=read.eye_colour,
        travel_on=read.travel_on,
        passport_number=PassportNumber(read.passport_number) if read.passport_number else None,
        passport_issued_on=read.passport_issued_on,
        passport_expires_on=read.passport_expires_on,
        photo_document_id=photos[-1] if photos else None,
        free=read.free,
        keeps_expiry=read.free,
        stamp_masked=stamp_number(stamp).masked if stamp else "",
        stamp_receipt=stamp_receipt(stamp),
        documents=files,
        keeps_visa=bool(read.keeps_visa),
        visa_until=read.visa_until,
        phone=read.phone,
        submitted_at=row.submitted_at,
        revision=row.revision,
        draft=read,
    )
