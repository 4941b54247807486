"""People of one address: when their interviews are, and which slots come just before or after. For the desk alone: an
applicant never learns that another case exists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from escale.case.policy import number
from escale.ledger.models import Case
from escale.steps.step4_interview.models import Booking, BookingState
from escale.steps.step4_interview.rules_slots import Slot


def bookings(cases: Iterable[Case]) -> dict[UUID, Booking]:
    """The appointment in force of each case, in one query."""
    rows = Booking.objects.select_related("agent").filter(case__in=[case.pk for case in cases])
    return {row.case_id: row for row in rows.filter(state=BookingState.ACTIVE)}


def step(day: date) -> timedelta:
    """From the start of an interview to that of the next."""
    return timedelta(minutes=number("interview_minutes", day) + number("interview_buffer_minutes", day))


def follow(one: datetime, other: datetime) -> bool:
    """Whether two interviews come one after the other."""
    return abs(one - other) == step(one.date())


def near(case: Case, slots: Iterable[Slot]) -> list[Slot]:
    """Of these slots, those that touch the interview of somebody at the same address, at the same post."""
    if not case.household_key:
        return []
    same = Booking.objects.filter(case__household_key=case.household_key, case__post_id=case.post_id)
    starts = list(same.filter(state=BookingState.ACTIVE).exclude(case=case).values_list("starts_at", flat=True))
    return [slot for slot in slots if any(follow(slot.starts_at, start) for start in starts)]
