"""What the room's pages read beside the sheet: the stills, the wait, the minutes of interviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from escale.steps.step4_interview import rules
from escale.steps.step4_interview.models import Booking, BookingState, Interview, Still

SMALLEST = 5


def stills(row: Interview) -> list[Still]:
    """The stills taken in an interview, the oldest first."""
    return list(Still.objects.filter(interview=row, taken_at__isnull=False).order_by("taken_at", "id"))


def still_asked(booking: Booking, now: datetime) -> Still | None:
    """The still the agent has asked for and not yet taken, or None."""
    since = now - timedelta(seconds=rules.STILL_SECONDS)
    last = Still.objects.filter(interview__booking=booking, asked_at__gte=since).order_by("-asked_at", "-id").first()
    return last if last is not None and last.taken_at is None else None


def last_still(booking: Booking, now: datetime) -> Still | None:
    """The still taken in the last minute, so that the applicant is told that it is done."""
    since = now - timedelta(minutes=1)
    return Still.objects.filter(interview__booking=booking, taken_at__gte=since).order_by("-taken_at").first()


@dataclass(frozen=True, slots=True)
class Wait:
    """``ahead``: people the same agent receives first; ``minutes``: how long, about."""

    ahead: int
    minutes: int


def wait(booking: Booking, now: datetime) -> Wait:
    """How long an applicant in the waiting room will still wait. Earlier bookings of the agent that are under way, or
    whose person is there, come first; an absent one does not count once their hour has passed."""
    earlier = list(
        Booking.objects.filter(
            agent_id=booking.agent_id,
            state=BookingState.ACTIVE,
            starts_at__lt=booking.starts_at,
            ends_at__gte=now - timedelta(hours=2),
        ).select_related("case")
    )
    begun = {row.booking_id: row for row in Interview.objects.filter(booking__in=earlier, held_at=None, failed_at=None)}
    until, ahead = None, 0
    for one in sorted(earlier, key=lambda found: found.starts_at):
        here = one.applicant_seen_at is not None and now - one.applicant_seen_at <= rules.PRESENT
        if one.pk not in begun and not here and one.starts_at <= now:
            continue
        ahead += 1
        length = one.ends_at - one.starts_at
        start = begun[one.pk].started_at if one.pk in begun else max(now, one.starts_at, until or now)
        until = max(now + timedelta(minutes=1), start + length)
    minutes = rules.expected_wait(starts_at=booking.starts_at, ahead_until=until, now=now)
    return Wait(ahead, minutes)


@dataclass(frozen=True, slots=True)
class Minutes:
    """Interviews held: their ``count`` and median length in minutes (None under five: masked), and those ``failed``
    for technical reasons."""

    count: int
    median: float | None
    failed: int


def minutes(*, since: datetime, post_code: str = "") -> Minutes:
    """How long interviews last, from their own hours; nothing sealed is opened."""
    rows = Interview.objects.filter(started_at__gte=since)
    if post_code:
        rows = rows.filter(case__post_id=post_code)
    lengths = [
        (end - start).total_seconds() / 60
        for start, end in rows.filter(held_at__isnull=False).values_list("started_at", "held_at")
    ]
    middle = round(median(lengths), 1) if len(lengths) >= SMALLEST else None
    return Minutes(len(lengths), middle, rows.filter(failed_at__isnull=False).count())
