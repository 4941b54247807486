"""The waiting list: ask, decline, leave; and the poll that offers what is given back to the next in turn."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.ledger.record import Change, StaleCase, changing
from escale.people.actors import Actor, job
from escale.steps.step4_interview import queries, queries_slots, queries_waiting, rules_waiting
from escale.steps.step4_interview.access import require
from escale.steps.step4_interview.models import Freed, Offer, Waiting
from escale.steps.step4_interview.rules_slots import NOTICE, Slot
from escale.steps.step4_interview.service_slots import end_offer, leave_list, lock_receivers


class _NotForThem(Exception):
    """This applicant cannot be offered this slot after all."""


def join(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Ask for a sooner slot, or for any while none is free. Asking twice changes nothing.

    Raises RuleRefused(``waiting_closed``, ``waiting_needless``), AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        if change.case.interview not in {"bookable", "booked"}:
            raise RuleRefused("waiting_closed")
        if queries_waiting.waiting(case_id) is not None:
            return
        booking = queries.booking_in_force(case_id)
        free = queries_slots.free_slots(change.case.post, now=now, case_id=case_id) if booking is None else []
        if not rules_waiting.may_join(booking.starts_at if booking else None, bool(free), now):
            raise RuleRefused("waiting_needless")
        Waiting.objects.create(case_id=case_id, asked_at=now)
        change.record(Decision.of(e.WaitingListJoined()))


def leave(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Wait no longer; a slot held goes to the next. Raises AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        end_offer(change, "declined")
        if leave_list(change):
            change.record(Decision.of(e.WaitingListLeft()))


def decline(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Let the slot held go to the next, and stay on the list.

    Raises RuleRefused(``offer_over``), AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        if queries_waiting.open_offer(case_id) is None:
            raise RuleRefused("offer_over")
        end_offer(change, "declined")


def settle(*, now: datetime, limit: int = 20) -> None:
    """Poll: end what has expired, pass on what was given back, look for those who have nothing at all."""
    _end_expired(now, limit)
    for freed in Freed.objects.select_related("agent").filter(settled_at=None).order_by("starts_at", "pk")[:limit]:
        _pass_on(freed, now)
    unbooked = Waiting.objects.filter(
        Q(looked_at=None) | Q(looked_at__lte=now - rules_waiting.LOOK_AGAIN),
        case__interview="bookable",
        case__outcome="open",
    )
    due = set(unbooked.values_list("case_id", flat=True)[:limit])
    if due:
        _offer_new_slots(due, now)


def _end_expired(now: datetime, limit: int) -> None:
    """Offers whose time is over, and those of cases that no longer wait for an appointment."""
    over = Offer.objects.filter(Q(until__lte=now) | ~queries_waiting.OPEN, ended_at=None).order_by("until")
    for offer in over[:limit]:
        try:
            with changing(offer.case_id, actor=job("clock"), now=now) as change:
                end_offer(change, "expired" if offer.until <= now else "withdrawn")
        except StaleCase:
            continue  # somebody moved the case: the next round looks again


def _pass_on(freed: Freed, now: datetime) -> None:
    """Offer a slot given back to the first whom it serves; to nobody, it is open to everybody again."""
    if freed.starts_at - now >= NOTICE + rules_waiting.SHORTEST:
        for waiter in queries_waiting.candidates(freed.agent, freed.starts_at, now):
            if _offer(waiter.case_id, freed.starts_at, now, freed):
                return
    Freed.objects.filter(pk=freed.pk, settled_at=None).update(settled_at=now)


def _offer_new_slots(due: set[UUID], now: datetime) -> None:
    """Slots that opened by themselves, a new day or new hours, go to those who have none: the first in turn first."""
    posts = set(Waiting.objects.filter(case_id__in=due).values_list("case__post_id", flat=True))
    for waiter in queries_waiting.waiters(posts, now.date()):
        if waiter.case_id not in due:
            continue
        Waiting.objects.filter(case_id=waiter.case_id).update(looked_at=now)
        if queries_waiting.open_offer(waiter.case_id) is not None:
            continue
        case = Waiting.objects.select_related("case__post").get(case_id=waiter.case_id).case
        had = queries_waiting.offered_before(case.id)
        free = queries_slots.free_slots(case.post, now=now, case_id=case.id)
        fresh = (slot for slot in free if slot.starts_at not in had)
        next((slot for slot in fresh if _offer(case.id, slot.starts_at, now)), None)


def _offer(case_id: UUID, starts_at: datetime, now: datetime, freed: Freed | None = None) -> bool:
    """Hold a slot for an applicant and tell them. Returns whether it could be done."""
    try:
        with changing(case_id, actor=job("clock"), now=now) as change:
            _hold(change, starts_at, freed)
    except (_NotForThem, StaleCase, IntegrityError):
        return False
    return True


def _hold(change: Change, starts_at: datetime, freed: Freed | None) -> None:
    """Under the locks of the case and of those who receive, everything is looked at again."""
    now, case = change.now, change.case
    lock_receivers(change)
    if freed is not None and not Freed.objects.filter(pk=freed.pk, settled_at=None).update(settled_at=now):
        raise _NotForThem
    booking = queries.booking_in_force(case.id)
    still = case.is_open and case.interview in {"bookable", "booked"} and queries_waiting.waiting(case.id) is not None
    if not still or (booking is not None and booking.starts_at <= starts_at):
        raise _NotForThem
    slot = queries_slots.slot_at(case.post, starts_at, now=now, case_id=case.id)
    until = rules_waiting.hold(starts_at, now, queries.applicant_zone(case))
    if slot is None or until is None:
        raise _NotForThem
    _write(change, slot, until)


def _write(change: Change, slot: Slot, until: datetime) -> None:
    offer = Offer.objects.create(
        case_id=change.case.id,
        agent_id=slot.agents[0],
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        offered_at=change.now,
        until=until,
    )
    change.record(Decision.of(e.SlotOffered(slot.starts_at, slot.ends_at, until, offer=str(offer.pk))))
