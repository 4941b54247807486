"""The label that will bring the passport home: generated here, imported, or known by its number alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from escale.case.decision import RuleRefused
from escale.case.values import InvalidValue, Waybill
from escale.inspection.labels import LabelReading, read_label
from escale.inspection.uploads import sanitise
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import Change, StaleCase, changing
from escale.people import access
from escale.people.actors import Actor
from escale.ports import directory
from escale.ports.courier import Label
from escale.steps.step2_application.service.files import scanner
from escale.steps.step3_posted_items import queries, rules
from escale.steps.step3_posted_items.models import LabelIntent, LabelSource, Posting
from escale.steps.step3_posted_items.queries_parties import applicant_party, post_party
from escale.vault import documents, sealing


def posting_of(change: Change) -> Posting:
    """The envelope's row of the case under change, made when missing."""
    row, _ = Posting.objects.get_or_create(
        case_id=change.case.id, defaults={"carrier": rules.carrier(change.case.post.carrier).code}
    )
    return row


def may_act(change: Change) -> None:
    """Raises AccessDenied unless the actor may act on the case."""
    case = change.case
    if not access.may_act_on_case(change.actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise access.AccessDenied


def unchanged(change: Change, revision: int | None) -> None:
    """Raises StaleCase when the case has moved since the actor looked at it."""
    if revision is not None and queries.revision(change.case.id) != revision:
        raise StaleCase(change.case.reference)


def expected_receiver(case: Case) -> rules.Expected:
    """To whom the label must be addressed."""
    summary = ledger.summary(case)
    address = summary["address"]
    return rules.Expected(
        surnames=tuple(name for name in (summary["family_name"], summary.get("usage_name")) if name),
        given_names=summary["given_names"],
        lines=tuple(line for line in (address["line1"], address.get("line2")) if line),
        postcode=address["postcode"],
        city=address["city"],
        country=address["country"],
    )


def generate_label(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Make a label at the carrier, from the post to the applicant at the register's address, without any option.

    The intent is written first; asked again after a lost reply, the carrier finds the same shipment by our reference.
    Raises RuleRefused, AccessDenied, PartnerUnavailable, PartnerRefused.
    """
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        rules.may_prepare(change.case.posted_items)
        row = posting_of(change)
        if not rules.generates(row.carrier):
            raise RuleRefused("carrier_generates_none")
        intent, _ = LabelIntent.objects.get_or_create(
            case_id=case_id,
            round=row.label_round,
            defaults={"reference": f"{change.case.reference}-L{row.label_round}", "created_at": now},
        )
        if intent.done_at is not None and row.label_source == LabelSource.GENERATED:
            return
        case = change.case
    label = directory.courier().create_label(
        reference=intent.reference,
        sender=post_party(case.post),
        receiver=applicant_party(case),
        ready_at=now + timedelta(days=1),
        language=case.language,
    )
    _keep_generated(case_id, intent, label, actor=actor, now=now)


def _keep_generated(case_id: UUID, intent: LabelIntent, label: Label, *, actor: Actor, now: datetime) -> None:
    with changing(case_id, actor=actor, now=now) as change:
        rules.may_prepare(change.case.posted_items)
        document = documents.add(case_id, kind="label", content=label.pdf, media_type="application/pdf", now=now)
        _keep(change, LabelSource.GENERATED, label.waybill, document, rules.BY_CONSTRUCTION)
        LabelIntent.objects.filter(pk=intent.pk).update(done_at=now)


def import_label(*, case_id: UUID, content: bytes, filename: str, actor: Actor, now: datetime) -> None:
    """Read the label an applicant bought, and keep a remade copy when it can be used.

    Raises UploadRefused, RuleRefused (forbidden option, other receiver, other country, no valid number, number already
    used by another case), AccessDenied.
    """
    safe = sanitise(content, filename=filename, scanner=scanner())
    reading = read_label(content)
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        rules.may_prepare(change.case.posted_items)
        findings = rules.examine_label(_facts(reading), expected_receiver(change.case))
        rules.refuse_unusable(findings)
        media = safe.media_type
        document = documents.add(case_id, kind="label", content=safe.content, media_type=media, now=now)
        waybill = Waybill("dhl", reading.waybills[0])
        _keep(change, LabelSource.IMPORTED, waybill, document, findings)


def _facts(reading: LabelReading) -> rules.ReadLabel:
    return rules.ReadLabel(reading.waybills, reading.adult_signature, reading.receiver, reading.text_readable)


def type_waybill(*, case_id: UUID, typed: str, carrier: str, actor: Actor, now: datetime) -> None:
    """Know a label by its number alone: everything else is for the agent's eyes.

    Raises RuleRefused(``waybill_shape``, ``waybill_check``, ``waybill_used``), AccessDenied.
    """
    try:
        waybill = Waybill.parse(typed, carrier=carrier)
    except InvalidValue as error:
        raise RuleRefused(error.code) from None
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        rules.may_prepare(change.case.posted_items)
        _keep(change, LabelSource.TYPED, waybill, None, ())


def _keep(
    change: Change, source: LabelSource, waybill: Waybill, document: UUID | None, findings: Iterable[rules.Finding]
) -> None:
    """Put a label in place of the one before. Raises RuleRefused(``waybill_used``)."""
    case_id, row = change.case.id, posting_of(change)
    if row.label_document_id is not None and row.label_document_id != document:
        documents.remove(case_id, row.label_document_id)
    row.carrier = waybill.carrier
    row.label_source = source
    row.label_waybill = sealing.seal_with(change.key, case_id, "label_waybill", waybill.text.encode())
    row.label_waybill_index = queries.waybill_index(waybill.text)
    row.label_document_id = document
    row.label_findings = [[finding.check, finding.verdict, finding.why] for finding in findings]
    row.label_made_at, row.label_scanned_at, row.label_poll_at = change.now, None, rules.next_poll(change.now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise RuleRefused("waybill_used") from None
    change.make_findable("waybill", waybill.text)


def next_round(row: Posting) -> None:
    """Forget the label of a round that is over: another one is expected."""
    if row.label_document_id is not None:
        documents.remove(row.case_id, row.label_document_id)
    row.label_round += 1
    row.label_source, row.label_waybill, row.label_waybill_index = LabelSource.NONE, None, ""
    row.label_findings, row.label_made_at, row.label_poll_at, row.label_scanned_at = [], None, None, None
    row.label_document_id = None
