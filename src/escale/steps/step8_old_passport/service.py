"""What the applicant does about the old passport: prepare its return, say how it travels, ask to keep it for a visa."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.values import InvalidValue, Waybill
from escale.inspection.uploads import sanitise
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor
from escale.ports import directory
from escale.steps.step3_posted_items.queries_parties import applicant_party, post_party
from escale.steps.step3_posted_items.rules import generates
from escale.steps.step6_delivery.service import follow_return
from escale.steps.step8_old_passport import queries, rules
from escale.steps.step8_old_passport.models import Return, VisaRequest
from escale.vault import documents, sealing


def may_act(change: Change) -> None:
    """Raises AccessDenied."""
    case = change.case
    if not may_act_on_case(change.actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise AccessDenied


def _row(change: Change, carrier: str) -> Return:
    row, _ = Return.objects.get_or_create(
        case=change.case,
        defaults={"reference": f"{change.case.reference}-B1", "carrier": carrier, "asked_at": change.now},
    )
    return row


def generate_label(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """A prepaid label from the applicant to the post. The intent is written first: a lost reply is recovered by our
    reference. Raises RuleRefused, AccessDenied, PartnerUnavailable, PartnerRefused."""
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        rules.announce(queries.duties(change.case), "")
        case = change.case
        if not generates(case.post.carrier):
            raise RuleRefused("carrier_generates_none")
        row = _row(change, case.post.carrier)
    if row.source == "generated":
        return
    label = directory.courier().create_label(
        reference=row.reference,
        sender=applicant_party(case),
        receiver=post_party(case.post),
        ready_at=now + timedelta(days=1),
        language=case.language,
    )
    with changing(case_id, actor=actor, now=now) as change:
        document = documents.add(case_id, kind="return_label", content=label.pdf, media_type="application/pdf", now=now)
        _keep(change, label.waybill, source="generated", document=document)


def announce(*, case_id: UUID, carrier: str, typed: str, actor: Actor, now: datetime) -> None:
    """The applicant bought a label elsewhere and types its number. Raises RuleRefused, AccessDenied."""
    try:
        waybill = Waybill.parse(typed, carrier=carrier)
    except InvalidValue as error:
        raise RuleRefused(error.code) from None
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        _keep(change, waybill, source="typed", document=None)


def _keep(change: Change, waybill: Waybill, *, source: str, document: UUID | None) -> None:
    decision = rules.announce(queries.duties(change.case), waybill.carrier)
    row = _row(change, waybill.carrier)
    follow_return(change, waybill)
    row.carrier, row.source, row.document_id, row.announced_at = waybill.carrier, source, document, change.now
    row.sealed = sealing.seal_with(change.key, change.case.id, "return", waybill.text.encode())
    row.save()
    change.make_findable("waybill", waybill.text)
    change.record(decision)


def ask_to_keep(*, case_id: UUID, content: bytes, filename: str, until: date, actor: Actor, now: datetime) -> None:
    """Ask to keep the old passport while its visa lasts; an agent answers on the copy.

    Raises UploadRefused, RuleRefused(visa_ended, return_under_way, visa_asked_already), AccessDenied.
    """
    safe = sanitise(content, filename=filename)
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        rules.keep_for_visa(change.case.old_passport, until=until, today=now.date())
        if VisaRequest.objects.filter(case_id=case_id, state="pending").exists():
            raise RuleRefused("visa_asked_already")
        document = documents.add(case_id, kind="visa", content=safe.content, media_type=safe.media_type, now=now)
        VisaRequest.objects.create(case_id=case_id, document_id=document, until=until, asked_at=now)
        change.record(Decision.of(e.DocumentAdded(kind="visa")))
