"""Booking: take a slot, move, cancel, and what happens when nobody came."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.tracks import Track
from escale.ledger import queries as ledger
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied
from escale.people.actors import Actor, job
from escale.people.models import LANGUAGES
from escale.steps.step3_posted_items.service_label import unchanged
from escale.steps.step4_interview import clocks, queries, queries_slots, rules, rules_slots
from escale.steps.step4_interview.access import may_act, require
from escale.steps.step4_interview.models import Booking, BookingState, Readiness
from escale.steps.step4_interview.rules_slots import Slot
from escale.steps.step4_interview.service_slots import (
    answer_offer,
    end_offer,
    give_back,
    leave_list,
    lock_receivers,
)


def book(*, case_id: UUID, starts_at: datetime, actor: Actor, now: datetime, revision: int | None = None) -> Booking:
    """Book the slot that starts then. Of any number of hands on one slot exactly as many succeed as agents are free.

    Raises RuleRefused(``slot_taken``), MoveRefused, StaleCase, AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        unchanged(change, revision)
        _forget_stale(change)
        if change.case.interview == "booked":
            raise RuleRefused("already_booked")
        answer_offer(change, starts_at)
        booking = _take(change, starts_at, uid=f"{uuid4()}@escale", sequence=0)
        leave_list(change)
        change.record(Decision.of(e.InterviewBooked(booking.starts_at, booking.ends_at, slot=str(booking.pk))))
        return booking


def move(
    *,
    case_id: UUID,
    starts_at: datetime,
    actor: Actor,
    now: datetime,
    reason: str = "",
    revision: int | None = None,
    seen: datetime | None = None,
) -> Booking:
    """Take another slot in place of the one in force; the calendar keeps one appointment. An agent says why: one of
    ``rules_slots.REASONS``, which the applicant reads. ``seen``: the start of the appointment their page showed.

    Raises RuleRefused(``slot_taken``, ``same_slot``, ``too_late_to_change``, ``reason_missing``,
    ``appointment_changed``), MoveRefused, StaleCase, AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        unchanged(change, revision)
        before = _in_force(case_id, seen)
        if actor.kind == "applicant" and before.starts_at == starts_at:
            raise RuleRefused("same_slot")
        rules_slots.may_change(before.starts_at, now, by_applicant=actor.kind == "applicant")
        by, reason = _answering(actor, reason)
        if answer_offer(change, starts_at):
            leave_list(change)
        _end(before, BookingState.MOVED, now)
        booking = _take(change, starts_at, uid=before.uid, sequence=before.sequence + 1)
        moved = e.InterviewMoved(booking.starts_at, booking.ends_at, slot=str(booking.pk), by=by, reason=reason)
        change.record(Decision.of(moved))
        return booking


def cancel(
    *,
    case_id: UUID,
    actor: Actor,
    now: datetime,
    reason: str = "",
    revision: int | None = None,
    seen: datetime | None = None,
) -> None:
    """Give the slot back. An agent says why, and ``seen`` is told, as for a move.

    Raises RuleRefused(``too_late_to_change``, ``reason_missing``, ``appointment_changed``), MoveRefused, StaleCase,
    AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        unchanged(change, revision)
        before = _in_force(case_id, seen)
        rules_slots.may_change(before.starts_at, now, by_applicant=actor.kind == "applicant")
        by, reason = _answering(actor, reason)
        change.record(Decision.of(e.InterviewCancelled(by=by, reason=reason)))
        end_offer(change, "withdrawn")
        leave_list(change)
        _end(before, BookingState.CANCELLED, now)


def _answering(actor: Actor, reason: str) -> tuple[str, str]:
    """Who answers for a change, and why: the applicant owes no reason, the post always does."""
    if actor.kind == "applicant":
        return "applicant", ""
    if reason not in rules_slots.REASONS:
        raise RuleRefused("reason_missing")
    return "post", reason


def _in_force(case_id: UUID, seen: datetime | None) -> Booking:
    booking = queries.booking_in_force(case_id)
    if booking is None:
        raise RuleRefused("nothing_booked")
    if seen is not None and booking.starts_at != seen:
        raise RuleRefused("appointment_changed")
    return booking


def _end(booking: Booking, state: BookingState, now: datetime) -> None:
    booking.state = state
    booking.save(update_fields=["state"])
    give_back(booking.agent_id, booking.starts_at, booking.ends_at, now=now)


def _forget_stale(change: Change) -> None:
    """A validation withdrawn by the law leaves its booking behind: give the slot back before taking another."""
    if change.case.interview in {"locked", "bookable"}:
        release(change.case.id, now=change.now)


def release(case_id: UUID, *, now: datetime) -> None:
    """Give back the slot of a case whose booking no longer stands."""
    for booking in Booking.objects.filter(case_id=case_id, state=BookingState.ACTIVE):
        _end(booking, BookingState.RELEASED, now)


def _take(change: Change, starts_at: datetime, *, uid: str, sequence: int) -> Booking:
    """Lock those who could receive (always in the same order), look again at what is free, and take it."""
    case, now = change.case, change.now
    lock_receivers(change)
    slot = queries_slots.slot_at(case.post, starts_at, now=now, case_id=case.id)
    for agent_id in slot.agents if slot else ():
        booking = _try(case.id, agent_id, slot, uid=uid, sequence=sequence, now=now) if slot else None
        if booking is not None:
            return booking
    raise RuleRefused("slot_taken")


def _try(case_id: UUID, agent_id: int, slot: Slot, *, uid: str, sequence: int, now: datetime) -> Booking | None:
    """The database has the last word: one booking per agent and slot."""
    try:
        with transaction.atomic():
            return Booking.objects.create(
                case_id=case_id,
                agent_id=agent_id,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                uid=uid,
                sequence=sequence,
                made_at=now,
            )
    except IntegrityError:
        return None


def remind(*, case_id: UUID, now: datetime) -> None:
    """The hour of a reminder has come. When several are due at once, because the clock or a worker was late, the
    newest alone is sent; the others close. It may run twice without harm."""
    with changing(case_id, actor=job("clock"), now=now) as change:
        booking = queries.booking_in_force(case_id)
        newest = rules_slots.newest_reminder(booking.starts_at, now) if booking else None
        waiting = ledger.open_deadlines(case_id)
        for kind in rules_slots.REMINDERS:
            if kind in waiting and waiting[kind] <= now:
                if kind == newest:
                    change.record(Decision.of(e.ReminderDue(kind=kind.value)))
                change.close_deadline(kind)


def settle_absence(*, case_id: UUID, now: datetime) -> None:
    """The grace of a slot has run out and nobody started: a no-show, or not. It may run twice without harm."""
    with changing(case_id, actor=job("clock"), now=now) as change:
        booking = queries.booking_in_force(case_id)
        if change.case.tracks[Track.INTERVIEW] != "booked" or booking is None:
            return
        facts = rules.Absence(
            misses=ledger.count(case_id, e.InterviewMissed),
            failure_reported=booking.failure_reported_at is not None,
            applicant_seen=booking.applicant_seen_at is not None and booking.applicant_seen_at >= booking.starts_at,
            slot_over=now >= booking.ends_at,
        )
        decision = rules.absent(facts, today=now.date())
        change.record(decision)
        if change.case.interview != "booked":
            missed = isinstance(decision.events[0], e.InterviewMissed | e.InterviewDirectedInPerson)
            _end(booking, BookingState.MISSED if missed else BookingState.CANCELLED, now)


def settle_forgotten(*, now: datetime, limit: int = 20) -> None:
    """Slots that are over, whose applicant waited and whom nobody received: give the case its booking back."""
    over = Booking.objects.filter(
        state=BookingState.ACTIVE,
        ends_at__lte=now - timedelta(minutes=10),
        applicant_seen_at__gte=F("starts_at"),
        case__interview="booked",
    )
    for case_id in over.values_list("case_id", flat=True)[:limit]:
        settle_absence(case_id=case_id, now=now)


def choose_clock(*, case_id: UUID, zone: str, actor: Actor) -> None:
    """The applicant says which clock they read. Raises RuleRefused(``zone_unknown``), AccessDenied."""
    case = ledger.get(case_id)
    if not may_act(actor, case):
        raise AccessDenied
    if zone not in clocks.zones(ledger.summary(case)["address"]["country"]):
        raise RuleRefused("zone_unknown")
    Readiness.objects.update_or_create(case_id=case_id, defaults={"tz": zone})


def choose_language(*, case_id: UUID, language: str, actor: Actor) -> None:
    """The applicant says which language they speak in the interview. Raises RuleRefused(``language_unknown``),
    AccessDenied."""
    if not may_act(actor, ledger.get(case_id)):
        raise AccessDenied
    if language not in LANGUAGES:
        raise RuleRefused("language_unknown")
    Readiness.objects.update_or_create(case_id=case_id, defaults={"language": language})


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What worked during a rehearsal."""

    camera: bool
    microphone: bool
    network: bool


def keep_rehearsal(*, case_id: UUID, found: Rehearsed, actor: Actor, now: datetime) -> None:
    """The result of a rehearsal: the applicant and the agent see it. Raises AccessDenied."""
    if not may_act(actor, ledger.get(case_id)):
        raise AccessDenied
    Readiness.objects.update_or_create(case_id=case_id, defaults={"rehearsed_at": now, **asdict(found)})
