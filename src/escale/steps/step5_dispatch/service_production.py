"""Have the passport made: order it, follow its production, repair a rejected order."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor, partner
from escale.ports import directory
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.issuance import IssuanceEvent, Order, OrderState, Title
from escale.steps.step1_sign_in import queries as step1
from escale.steps.step2_application import queries as step2
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step5_dispatch import rules
from escale.steps.step5_dispatch.models import ProducedTitle, ProductionOrder, PushedEvent
from escale.steps.step5_dispatch.queries import number_index
from escale.vault import sealing

LOG = logging.getLogger("escale.step5")
ASK_EVERY = timedelta(minutes=15)
ASK_AGAIN = timedelta(seconds=20)
CIVIL_STATUS = ("family_name", "given_names", "birthdate", "gender", "birthplace", "birthcountry")


def _approved_by(case_id: UUID) -> str:
    line = ledger.latest(case_id, e.InterviewApproved)
    return f"{line.actor_kind}:{line.actor_id}" if line else ""


def collect(case: Case) -> Order:
    """Everything issuance needs, from what steps 1 and 2 hold.

    Raises PartnerUnavailable while the stamp of a paid request is reserved but not consumed: the order waits for it.
    """
    identity, application = step1.identity(case), step2.application(case.id)
    if application is None or application.passport_number is None:
        raise PartnerUnavailable("application", "nothing_kept")
    if not application.free and not application.stamp_receipt:
        raise PartnerUnavailable("tax_stamp", "not_consumed_yet")
    return Order(
        case_reference=case.reference,
        civil_status={name: str(identity.get(name) or "") for name in CIVIL_STATUS},
        usage_name=application.usage_name,
        height_cm=application.height_cm,
        eye_colour=application.eye_colour,
        address={name: str(value) for name, value in identity["address"].items()},
        numic=identity["numic"],
        post_code=case.post_id,
        motive=application.motive,
        previous_number=application.passport_number,
        keeps_expiry_of_previous=application.keeps_expiry,
        photo=step2.photo(case.id),
        stamp_receipt=application.stamp_receipt or "",
        agent_id=_approved_by(case.id),
        evidence_digest=identity["evidence_digest"],
    )


def order_passport(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect of PassportOrdered. An order refused for good comes back as a rejected production, which agents repair.

    Raises PartnerUnavailable: the same key is tried again later, and issuance makes one passport.
    """
    if ProductionOrder.objects.filter(key=key).exists():
        return
    case = ledger.get(case_id)
    try:
        number = directory.issuance().order(collect(case), key=key)
    except PartnerRefused as refused:
        with changing(case_id, actor=partner("issuance"), now=now) as change:
            if change.case.dispatch == "ordered":
                change.record(Decision.of(e.ProductionRejected(code=refused.code[:40])))
                _keep_order(change, key, "", state="rejected", code=refused.code)
        return
    with changing(case_id, actor=partner("issuance"), now=now) as change:
        _keep_order(change, key, number, state="open", code="")


def _keep_order(change: Change, key: str, number: str, *, state: str, code: str) -> None:
    ProductionOrder.objects.get_or_create(
        key=key,
        defaults={
            "case_id": change.case.id,
            "number": number,
            "state": state,
            "code": code[:40],
            "ordered_at": change.now,
            "ended_at": None if state == "open" else change.now,
            # Asked at once: after a lost reply, what issuance pushed before this row existed is learnt here.
            "next_poll_at": change.now,
        },
    )


def receive_event(*, event: IssuanceEvent, now: datetime) -> bool:
    """A pushed event is a hint: it only brings the next question forward. False when it was received already."""
    try:
        with transaction.atomic():
            PushedEvent.objects.create(event_id=event.event_id[:120], received_at=now)
    except IntegrityError:
        return False
    ProductionOrder.objects.filter(case__reference=event.case_reference, state="open").update(next_poll_at=now)
    return True


def poll_orders(*, now: datetime, limit: int = 20) -> None:
    """Ask issuance about the orders whose turn has come. Its answer is the truth."""
    due = ProductionOrder.objects.select_related("case").filter(state="open", next_poll_at__lte=now)
    for order in due.order_by("next_poll_at")[:limit]:
        ProductionOrder.objects.filter(pk=order.pk).update(next_poll_at=now + ASK_EVERY)
        try:
            state = directory.issuance().state(order.case.reference)
        except PartnerUnavailable as error:
            LOG.warning("issuance is out of reach: %s", error.code)
            ProductionOrder.objects.filter(pk=order.pk).update(next_poll_at=now + ASK_AGAIN)
            return
        except PartnerRefused as error:
            LOG.warning("issuance does not tell the state of an order: %s", error.code)
            continue
        advance(order=order, state=state, now=now)


def advance(*, order: ProductionOrder, state: OrderState, now: datetime) -> None:
    """Bring a case to the state issuance tells. Nothing happens when it tells nothing new."""
    if not rules.production_events(order.case.dispatch, state):
        return
    with changing(order.case_id, actor=partner("issuance"), now=now) as change:
        events = rules.production_events(change.case.dispatch, state)
        change.record(Decision(events))
        if any(isinstance(event, e.ProductionRejected) for event in events):
            ProductionOrder.objects.filter(pk=order.pk).update(
                state="rejected", code=state.code[:40], ended_at=change.now
            )
        if state.title is not None and any(isinstance(event, e.PassportProduced) for event in events):
            _keep_title(change, state.title)
            hand_over(change, "new_passport", "producer")
            ProductionOrder.objects.filter(pk=order.pk).update(state="made", ended_at=change.now)


def _keep_title(change: Change, made: Title) -> None:
    change.make_findable("passport", made.number.text)
    plain = json.dumps({"number": made.number.text, "mrz": made.mrz}).encode()
    ProducedTitle.objects.create(
        case_id=change.case.id,
        number_index=number_index(made.number),
        sealed=sealing.seal_with(change.key, change.case.id, "title", plain),
        issued_on=made.issued_on,
        expires_on=made.expires_on,
        produced_at=change.now,
    )


def _deciding(change: Change) -> None:
    case = change.case
    if change.actor.kind != "agent" or not may_act_on_case(
        change.actor, post_code=case.post_id, applicant_sub=case.applicant_sub
    ):
        raise AccessDenied


def order_again(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Order again after a rejection that no object of the applicant caused. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _deciding(change)
        if change.case.dispatch != "production_rejected":
            raise RuleRefused("not_rejected")
        if change.case.posted_items != "verified":
            raise RuleRefused("photo_awaited")
        change.record(Decision.of(e.PassportOrdered()))
