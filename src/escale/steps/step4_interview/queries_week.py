"""The week of a post: who receives whom and when, what is held and what is free. A constant number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from escale.ledger import queries as ledger
from escale.people.access import may_read_case
from escale.people.actors import Actor
from escale.people.models import FRENCH, Post
from escale.steps.step4_interview import (
    queries_hours,
    queries_languages,
    queries_slots,
    queries_waiting,
    rules_slots,
    words,
)
from escale.steps.step4_interview.models import Booking, BookingState
from escale.steps.step4_interview.queries_slots import MARGIN, TAKEN, Receiver, Taken


def week(post: Post, monday: date, actor: Actor, now: datetime) -> dict[str, Any]:
    """The week on the post's own clock: by day, who receives whom, and by agent what is booked, held and free."""
    tz = ZoneInfo(post.tz)
    days = [monday + timedelta(days=place) for place in range(7)]
    receiving = queries_slots.receivers(post)
    rows = _bookings(post, receiving, days, now)
    of_the_post = [row for row in rows if row.agent.post_id == post.pk or row.case.post_id == post.pk]
    shown = [row for row in of_the_post if row.starts_at.astimezone(tz).date() in days]
    to_come = [row for row in rows if row.agent.post_id == post.pk and row.starts_at > now]
    outside = queries_hours.uncovered((row for row in to_come if row.state == BookingState.ACTIVE), receiving)
    left_out = {row.pk for row in outside}
    counts = _counts(receiving, rows, shown, now, tz)
    names = _names([*shown, *outside], actor)
    return {
        "days": [
            {
                "day": day,
                "bookings": [
                    _told(row, post, actor, name=names.get(row.case_id, ""), outside=row.pk in left_out)
                    for row in shown
                    if row.starts_at.astimezone(tz).date() == day
                ],
            }
            for day in days
        ],
        "table": [
            (
                one,
                [words.LANGUAGES[code] for code in one.agent.languages],
                [{"day": day, **{kind: counts[one.agent.pk, day, kind] for kind in KINDS}} for day in days],
            )
            for one in receiving
        ],
        "closed": queries_hours.closed(post, days),
        "outside": [(row, names.get(row.case_id, "")) for row in outside],
        "waiting": queries_waiting.count(post.code),
    }


KINDS = ("booked", "held", "free")


def _bookings(post: Post, receiving: list[Receiver], days: list[date], now: datetime) -> list[Booking]:
    """Every booking of the week, and every one to come, of the post and of those who receive for it, in order."""
    tz = ZoneInfo(post.tz)
    since = rules_slots.instant(days[0], rules_slots.time(0), tz)
    until = rules_slots.instant(days[-1] + timedelta(days=1), rules_slots.time(0), tz)
    whose = Q(agent__post=post) | Q(case__post=post) | Q(agent__in=[one.agent for one in receiving])
    when = Q(starts_at__gte=since, starts_at__lt=until) | Q(ends_at__gte=now - MARGIN)
    rows = Booking.objects.select_related("agent", "case__post").filter(whose, when, state__in=TAKEN)
    return list(queries_languages.told(rows).order_by("starts_at", "agent_id"))


def _counts(
    receiving: list[Receiver], rows: list[Booking], shown: list[Booking], now: datetime, tz: ZoneInfo
) -> Counter[tuple[int, date, str]]:
    """How many slots of each agent and day are booked, held for the waiting list, and free."""
    counts: Counter[tuple[int, date, str]] = Counter()
    taken: Taken = defaultdict(list)
    for row in rows:
        taken[row.agent_id].append((row.starts_at, row.ends_at))
    for agent_id, starts_at, ends_at, held in queries_slots.kept((one.agent for one in receiving), now):
        taken[agent_id].append((starts_at, ends_at))
        counts[agent_id, starts_at.astimezone(tz).date(), "held"] += held
    for row in shown:
        counts[row.agent_id, row.starts_at.astimezone(tz).date(), "booked"] += 1
    for slot in queries_slots.free_among(receiving, taken, now):
        for agent_id in slot.agents:
            counts[agent_id, slot.starts_at.astimezone(tz).date(), "free"] += 1
    return counts


def _names(rows: list[Booking], actor: Actor) -> dict[UUID, str]:
    """Who is received, by case: those whose file this agent may read, and those they receive for another post."""
    cases = {
        row.case_id: row.case
        for row in rows
        if str(row.agent_id) == actor.id
        or may_read_case(actor, post_code=row.case.post_id, applicant_sub=row.case.applicant_sub)
    }
    found = ledger.summaries(cases.values()) if cases else {}
    return {case_id: ledger.full_name(person) for case_id, person in found.items()}


def named(rows: list[Booking], actor: Actor) -> list[tuple[Booking, str]]:
    """Appointments with the name of whom is received, empty where this agent may not know it."""
    names = _names(rows, actor)
    return [(row, names.get(row.case_id, "")) for row in rows]


def _told(row: Booking, post: Post, actor: Actor, *, name: str, outside: bool) -> dict[str, Any]:
    """One interview of the week: whom, whether this agent may open it, the language it wants, whether it was moved."""
    language: str = row.language  # type: ignore[attr-defined]  # annotated by queries_languages.told
    return {
        "row": row,
        "name": name,
        "moved": row.sequence > 0,
        "outside": outside,
        "opens": row.case.post_id == actor.post or str(row.agent_id) == actor.id,
        "language": words.LANGUAGES[language],
        "foreign": language != FRENCH,
        "spoken": language in row.agent.languages,
        "other_clock": row.case.post.tz if row.case.post.tz != post.tz else "",
    }
