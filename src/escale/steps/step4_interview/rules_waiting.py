"""The waiting list: who is offered a slot that was given back, and for how long. Pure; our own rules.

First those whose travel is near, the nearest first; then those who have no appointment; then those whose application
was accepted first. One offer at a time, and a slot declined or let pass is not offered again to the same person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from escale.case.policy import number
from escale.steps.step4_interview.rules_slots import NOTICE, instant

# Our decisions: the hours of the applicant's clock that count, and what an offer must leave at least.
AWAKE = (time(8), time(21))
SHORTEST = timedelta(hours=1)
# How long a slot given back may be kept from everybody before somebody looked at the list.
KEPT_BACK = timedelta(minutes=15)
LOOK_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Waiter:
    """Someone on the list. ``booked_at``: the start of the appointment in force."""

    case_id: UUID
    accepted_at: datetime
    asked_at: datetime
    travel_on: date | None
    booked_at: datetime | None


def suits(waiter: Waiter, starts_at: datetime) -> bool:
    """Whether a slot would serve: any slot to who has none, a sooner one to the others."""
    return waiter.booked_at is None or starts_at < waiter.booked_at


def may_join(booked_at: datetime | None, some_free: bool, now: datetime) -> bool:
    """Whoever has an appointment may wait for a sooner one; whoever has none, only while nothing is free."""
    if booked_at is None:
        return not some_free
    return booked_at - now > NOTICE + SHORTEST


def ordered(waiters: list[Waiter], today: date) -> list[Waiter]:
    """The fair order."""

    def rank(waiter: Waiter) -> tuple[bool, date, bool, datetime, datetime]:
        near = today + timedelta(days=number("urgent_travel_days", today))
        urgent = waiter.travel_on is not None and today <= waiter.travel_on <= near
        travel = waiter.travel_on if urgent and waiter.travel_on else date.max
        return not urgent, travel, waiter.booked_at is not None, waiter.accepted_at, waiter.asked_at

    return sorted(waiters, key=rank)


def awake_until(now: datetime, hours: int, tz: ZoneInfo) -> datetime:
    """The instant by which so many waking hours of this clock have passed."""
    left, at = timedelta(hours=hours), now
    while True:
        day = at.astimezone(tz).date()
        at = max(at, instant(day, AWAKE[0], tz))
        open_for = instant(day, AWAKE[1], tz) - at
        if left <= open_for:
            return at + left
        left -= max(open_for, timedelta(0))
        at = instant(day + timedelta(days=1), AWAKE[0], tz)


def hold(starts_at: datetime, now: datetime, tz: ZoneInfo) -> datetime | None:
    """Until when a slot is held for one person; None when less than a waking hour
    would be left to answer."""
    until = min(awake_until(now, number("slot_hold_hours", now.date()), tz), starts_at - NOTICE)
    enough = awake_until(now, SHORTEST // timedelta(hours=1), tz)
    return until if until >= enough else None
