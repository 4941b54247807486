"""The bench of the post: passports arrive, are checked, leave with the applicant's label, come back, are destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.mrz import Mrz
from escale.case.values import InvalidValue, PassportNumber, Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor
from escale.ports import directory
from escale.steps.step3_posted_items.queries_parties import applicant_party, post_party
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step5_dispatch import queries, rules
from escale.steps.step5_dispatch.models import Dispatch, FreshLabel
from escale.vault import documents, sealing


@dataclass(frozen=True, slots=True)
class OnTheBench:
    """What one scan did, to be said aloud at the bench."""

    case: Case
    came_back: bool = False


def _bench(case: Case) -> rules.Bench:
    return rules.Bench(dispatch=case.dispatch, delivery=case.delivery, closed=not case.is_open)


def _found(number: PassportNumber, actor: Actor) -> UUID:
    """The case of this passport, at the agent's own post. Raises RuleRefused(``unknown_passport``)."""
    case_id = queries.find_by_passport_number(number)
    if case_id is None:
        raise RuleRefused("unknown_passport")
    case = ledger.get(case_id)
    if not may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise RuleRefused("unknown_passport")
    return case_id


def _only_agents(change: Change) -> None:
    case = change.case
    if change.actor.kind != "agent" or not may_act_on_case(
        change.actor, post_code=case.post_id, applicant_sub=case.applicant_sub
    ):
        raise AccessDenied


def arrive(*, number: PassportNumber, zone: Mrz, actor: Actor, now: datetime) -> OnTheBench:
    """A passport is on the bench: its number and zone agree with issuance's, then it is at the post.

    Raises RuleRefused: unknown_passport, zone_of_another_number, zone_differs, here_already, not_produced,
    delivered_already.
    """
    case_id = _found(number, actor)
    with changing(case_id, actor=actor, now=now) as change:
        made = queries.title(case_id)
        rules.check_zone(number, zone, queries.as_issued(made) if made else None)
        events = rules.arrival(_bench(change.case))
        change.record(Decision(events))
        came_back = any(isinstance(event, e.PassportCameBack) for event in events)
        if came_back:
            last = Dispatch.objects.filter(case_id=case_id).order_by("-attempt").first()
            if last is not None:
                Dispatch.objects.filter(pk=last.pk).update(came_back_at=now)
        hand_over(change, "new_passport", "post")
        return OnTheBench(change.case, came_back)


def dispatch(*, number: PassportNumber, waybill_typed: str, actor: Actor, now: datetime) -> OnTheBench:
    """Two scans, one parcel: this passport leaves under its own applicant's label, which never served.

    Raises RuleRefused: unknown_passport, waybill_shape, waybill_check, not_at_post, sent_already, no_label, label_used,
    label_of_another_case, case_closed.
    """
    case_id = _found(number, actor)
    expected = queries.expected_label(case_id)
    try:
        scanned = Waybill.parse(waybill_typed, carrier=expected.carrier if expected else "dhl")
    except InvalidValue as error:
        raise RuleRefused(error.code) from None
    with changing(case_id, actor=actor, now=now) as change:
        expected = queries.expected_label(case_id)
        used = queries.is_used(scanned)
        events = rules.dispatching(_bench(change.case), scanned=scanned, expected=expected, used=used)
        change.record(Decision(events))
        _keep_parcel(change, scanned)
        hand_over(change, "label", "courier")
        hand_over(change, "new_passport", "courier")
        return OnTheBench(change.case)


def _keep_parcel(change: Change, waybill: Waybill) -> None:
    change.make_findable("waybill", waybill.text)
    case_id = change.case.id
    try:
        with transaction.atomic():
            Dispatch.objects.create(
                case_id=case_id,
                attempt=queries.next_attempt(case_id),
                carrier=waybill.carrier,
                waybill_index=queries.waybill_index(waybill),
                sealed=sealing.seal_with(change.key, case_id, "dispatch", waybill.text.encode()),
                dispatched_at=change.now,
            )
    except IntegrityError:
        raise RuleRefused("label_used") from None


def destroy(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Destroy a passport nobody claimed for three months; it is then invalidated. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change)
        tz = ZoneInfo(change.case.post.tz)
        back = queries.came_back_at(case_id)
        change.record(Decision(rules.destroying(change.case.dispatch, back, tz=tz, now=now)))
        hand_over(change, "new_passport", "destroyed")


def _may_prepare(change: Change) -> int:
    """The rank of the parcel a new label is for. Raises RuleRefused, AccessDenied."""
    case = change.case
    if not may_act_on_case(change.actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise AccessDenied
    attempt = queries.next_attempt(case.id)
    if attempt == 1:
        raise RuleRefused("first_label_is_step_three")
    if case.delivery not in {"returned"} or case.dispatch not in {"dispatched", "at_post"}:
        raise RuleRefused("no_new_label_needed")
    if attempt > 2 and change.actor.kind == "applicant":
        raise RuleRefused("one_second_sending")
    return attempt


def generate_label(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Make a new label at the carrier for a parcel that came back. The intent is written first, so that a lost reply is
    recovered by our reference. Raises RuleRefused, AccessDenied, PartnerUnavailable, PartnerRefused."""
    with changing(case_id, actor=actor, now=now) as change:
        attempt = _may_prepare(change)
        case = change.case
        row, _ = FreshLabel.objects.get_or_create(
            case_id=case_id,
            attempt=attempt,
            defaults={
                "reference": f"{case.reference}-R{attempt}",
                "source": "generated",
                "carrier": case.post.carrier,
                "asked_at": now,
            },
        )
    if row.sealed is not None:
        return
    label = directory.courier().create_label(
        reference=row.reference,
        sender=post_party(case.post),
        receiver=applicant_party(case),
        ready_at=now + timedelta(days=1),
        language=case.language,
    )
    with changing(case_id, actor=actor, now=now) as change:
        document = documents.add(case_id, kind="label", content=label.pdf, media_type="application/pdf", now=now)
        _keep_label(change, row, label.waybill, source="generated", document=document)


def type_label(*, case_id: UUID, carrier: str, typed: str, actor: Actor, now: datetime) -> None:
    """The applicant sent another prepaid label: its number is enough. Raises RuleRefused, AccessDenied."""
    try:
        waybill = Waybill.parse(typed, carrier=carrier)
    except InvalidValue as error:
        raise RuleRefused(error.code) from None
    with changing(case_id, actor=actor, now=now) as change:
        attempt = _may_prepare(change)
        if queries.is_used(waybill):
            raise RuleRefused("label_used")
        row, _ = FreshLabel.objects.get_or_create(
            case_id=case_id,
            attempt=attempt,
            defaults={
                "reference": f"{change.case.reference}-R{attempt}",
                "source": "typed",
                "carrier": carrier,
                "asked_at": now,
            },
        )
        _keep_label(change, row, waybill, source="typed", document=row.document_id)


def _keep_label(change: Change, row: FreshLabel, waybill: Waybill, *, source: str, document: UUID | None) -> None:
    sealed = sealing.seal_with(change.key, change.case.id, "fresh-label", waybill.text.encode())
    FreshLabel.objects.filter(pk=row.pk).update(
        source=source, carrier=waybill.carrier, sealed=sealed, document_id=document
    )
    change.record(Decision.of(e.DocumentAdded(kind="label")))
