"""What the room's pages read beside the sheet: the stills, the wait, the minutes of interviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.statistics import SMALLEST_CELL, quantile
from escale.people.actors import Actor
from escale.people.models import Agent
from escale.steps.step4_interview import rules
from escale.steps.step4_interview.models import Booking, BookingState, Interview, Still


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
class Waiter:
    """Somebody in the waiting room: ``minutes`` since they came, ``agent`` who holds their interview."""

    case: Case
    name: str
    starts_at: datetime
    tz: str
    minutes: int
    agent: Agent
    mine: bool


def waiting_room(actor: Actor, now: datetime, *, but: UUID | None = None) -> list[Waiter]:
    """Everybody who is in the waiting room now and whom this agent may receive: those of the post, and those of a
    pooled post that are this agent's. One's own first, then by hour. ``but``: the case whose page asks."""
    rows = Booking.objects.select_related("case__post", "agent").filter(
        Q(case__post_id=actor.post) | Q(agent_id=int(actor.id)),
        state=BookingState.ACTIVE,
        case__interview="booked",
        applicant_seen_at__gte=now - rules.PRESENT,
    )
    here = [row for row in rows if row.case_id != but and rules.doors_open(row.starts_at, row.ends_at, now)]
    people = ledger.summaries([row.case for row in here]) if here else {}
    found = [
        Waiter(
            case=row.case,
            name=ledger.full_name(people[row.case_id]),
            starts_at=row.starts_at,
            tz=row.case.post.tz,
            minutes=int((now - (row.waiting_since or now)).total_seconds() // 60),
            agent=row.agent,
            mine=str(row.agent_id) == actor.id,
        )
        for row in here
        if row.case_id in people
    ]
    return sorted(found, key=lambda one: (not one.mine, one.starts_at))


@dataclass(frozen=True, slots=True)
class Minutes:
    """Interviews held: their ``count``, the median and ninetieth percentile of their minutes (None under five: masked),
    and those ``failed`` for technical reasons."""

    count: int
    median: float | None
    p90: float | None
    failed: int


def minutes(*, since: datetime, post_code: str | None = None) -> Minutes:
    """How long interviews last, from their own hours; nothing sealed is opened. Of every post unless one is named."""
    rows = Interview.objects.filter(started_at__gte=since)
    if post_code is not None:
        rows = rows.filter(case__post_id=post_code)
    held = rows.filter(held_at__isnull=False).values_list("started_at", "held_at")
    lengths = [(end - start).total_seconds() / 60 for start, end in held if start and end]
    failed = rows.filter(failed_at__isnull=False).count()
    if len(lengths) < SMALLEST_CELL:
        return Minutes(len(lengths), None, None, failed)
    return Minutes(len(lengths), round(quantile(lengths, 0.5), 1), round(quantile(lengths, 0.9), 1), failed)
