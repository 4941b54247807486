"""The electronic stamp: chosen, reserved at submission, consumed at the positive decision only, else released.

Intent is written before each call at the partner; every call can be repeated for the same case without harm.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from escale.case import events as e, policy
from escale.case.decision import Decision, RuleRefused
from escale.case.values import StampNumber
from escale.ledger import record
from escale.ledger.models import Case
from escale.people.actors import Actor, job
from escale.ports import directory
from escale.ports.errors import PartnerError, PartnerRefused
from escale.ports.tax_stamp import StampRefused
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import Stamp, StampState
from escale.steps.step2_application.service.draft import editing, may_act
from escale.vault import keys, sealing

RETRY = timedelta(minutes=5)


def key_of(number: StampNumber) -> str:
    """Keyed digest of a stamp number: tells that two cases name the same stamp, never the number."""
    return keys.index("stamp", number.text)


def tariff(on: date) -> int:
    """Price of the stamp « Français de l'étranger », in cents."""
    return policy.number("stamp_tariff_abroad", on)


def choose(*, case: Case, number: StampNumber, actor: Actor, now: datetime) -> Stamp:
    """Check a stamp the applicant already has, and keep it for this case. It is reserved at submission only.

    Raises RuleRefused (reasons of ``StampRefused``, or ``not_editable``), PartnerUnavailable, AccessDenied.
    """
    may_act(case, actor)
    mine = queries.stamp_in_use(case.id)
    if mine is not None and mine.number_key == key_of(number):
        return mine
    try:
        found = directory.tax_stamp().look_up(number)
    except StampRefused as refused:
        raise RuleRefused(refused.reason) from None
    rules.check_stamp(
        product=found.product, cents=found.cents, valid_until=found.valid_until, state=found.state, on=now.date()
    )
    return keep(
        case=case,
        number=number,
        cents=found.cents,
        bought_on=found.bought_on,
        valid_until=found.valid_until,
        bought_here=False,
        actor=actor,
        now=now,
    )


def keep(
    *,
    case: Case,
    number: StampNumber,
    cents: int,
    bought_on: date,
    valid_until: date,
    bought_here: bool,
    actor: Actor,
    now: datetime,
) -> Stamp:
    """Make a stamp the case's own; the one before is given back. Raises RuleRefused(``reserved_elsewhere``)."""
    try:
        with editing(case, actor=actor, now=now, items=("stamp",)):
            put_aside(case.id, now=now)
            return Stamp.objects.create(
                case_id=case.id,
                number=sealing.seal(case.id, "step2|stamp", number.text.encode()),
                number_key=key_of(number),
                cents=cents,
                bought_on=bought_on,
                valid_until=valid_until,
                bought_here=bought_here,
                chosen_at=now,
            )
    except IntegrityError:
        raise RuleRefused("reserved_elsewhere") from None


def forget(*, case: Case, actor: Actor, now: datetime) -> None:
    """Put the chosen stamp aside so that another one can be chosen. Raises AccessDenied, RuleRefused."""
    with editing(case, actor=actor, now=now, items=()):
        put_aside(case.id, now=now)


def put_aside(case_id: UUID, *, now: datetime) -> None:
    """The stamp in use leaves the case: a reserved one is released by the worker, an unused one stays its owner's."""
    stamps = Stamp.objects.filter(case_id=case_id)
    held = stamps.filter(state__in=(StampState.RESERVING, StampState.RESERVED))
    held.update(state=StampState.RELEASING, next_try_at=now)
    stamps.filter(state=StampState.CHOSEN).update(state=StampState.SPARE)


def reserve(case: Case) -> None:
    """Reserve the case's stamp at the partner, outside any transaction. A no-op for the same case.

    Raises RuleRefused (reasons of ``StampRefused``), PartnerUnavailable.
    """
    stamp = queries.stamp_in_use(case.id)
    if stamp is None:
        raise RuleRefused("incomplete", rule="stamp")
    if stamp.state == StampState.RESERVED:
        return
    Stamp.objects.filter(pk=stamp.pk).update(state=StampState.RESERVING)
    try:
        directory.tax_stamp().reserve(queries.stamp_number(stamp), case_reference=case.reference, cents=stamp.cents)
    except StampRefused as refused:
        Stamp.objects.filter(pk=stamp.pk).update(state=StampState.SPARE)
        raise RuleRefused(refused.reason) from None


def consume(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect of the positive decision. Irreversible; the receipt number is kept sealed.

    Raises PartnerUnavailable (try again) and PartnerRefused (the desk must look).
    """
    case = Case.objects.get(id=case_id)
    stamp = queries.stamp_in_use(case_id)
    if stamp is None or stamp.state == StampState.CONSUMED:
        return
    try:
        receipt = directory.tax_stamp().consume(queries.stamp_number(stamp), case_reference=case.reference)
    except StampRefused as refused:
        raise PartnerRefused("tax_stamp", refused.reason) from None
    with record.changing(case_id, actor=job("stamp"), now=now) as change:
        Stamp.objects.filter(pk=stamp.pk).update(
            state=StampState.CONSUMED, receipt=sealing.seal(case_id, "step2|receipt", receipt.encode())
        )
        change.record(Decision.of(e.StampConsumed()))


def release(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect of a refusal, a withdrawal or a lapse: the stamp is its owner's again.

    Raises PartnerUnavailable.
    """
    Stamp.objects.filter(case_id=case_id, state=StampState.CHOSEN).update(state=StampState.SPARE)
    held = Stamp.objects.filter(
        case_id=case_id, state__in=(StampState.RESERVING, StampState.RESERVED, StampState.RELEASING)
    )
    for stamp in held:
        _give_back(stamp, now=now)


def _give_back(stamp: Stamp, *, now: datetime) -> None:
    case = Case.objects.get(id=stamp.case_id)
    directory.tax_stamp().release(queries.stamp_number(stamp), case_reference=case.reference)
    with record.changing(stamp.case_id, actor=job("stamp"), now=now) as change:
        changed = (
            Stamp.objects.filter(pk=stamp.pk)
            .exclude(state__in=(StampState.RELEASED, StampState.CONSUMED))
            .update(state=StampState.RELEASED, next_try_at=None)
        )
        if changed:
            change.record(Decision.of(e.StampReleased()))


def release_what_was_put_aside(*, now: datetime) -> None:
    """Poll: stamps replaced during a correction go back to their owner."""
    due = Stamp.objects.filter(Q(next_try_at__lte=now), state=StampState.RELEASING)[:5]
    for stamp in due:
        with transaction.atomic():
            Stamp.objects.filter(pk=stamp.pk).update(next_try_at=now + RETRY)
        try:
            _give_back(stamp, now=now)
        except PartnerError:
            continue
