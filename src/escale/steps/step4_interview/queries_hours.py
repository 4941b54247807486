"""Hours of those who receive, their days off, and the interviews that fall outside."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from escale.people.access import DECIDERS
from escale.people.actors import Actor
from escale.people.models import FRENCH, Agent, Post
from escale.steps.step4_interview import queries_languages, queries_slots, queries_waiting, rules_slots, words
from escale.steps.step4_interview.models import Booking, BookingState, DayOff, Offer, Opening
from escale.steps.step4_interview.rules_slots import Hours


def of_agent(agent_id: int) -> list[Hours]:
    """The weekly hours an agent has of their own; empty: those of the post."""
    rows = Opening.objects.filter(agent_id=agent_id).order_by("weekday", "start")
    return [Hours(row.weekday, row.start, row.end) for row in rows]


def days_off(post: Post, agent: Agent | None, today: date) -> list[DayOff]:
    """Days without interviews to come: of an agent, or of the whole post."""
    return list(DayOff.objects.filter(post=post, agent=agent, day__gte=today).order_by("day"))


def may_see(actor: Actor, agent: Agent) -> bool:
    """One's own hours, and those of one's post for its supervisor."""
    return str(agent.pk) == actor.id or may_set(actor, agent)


def may_set(actor: Actor, agent: Agent) -> bool:
    """Weekly hours are the supervisor's to set; a day off is also the agent's own."""
    return agent.post_id is not None and supervises(actor, agent.post_id)


def supervises(actor: Actor, post_code: str) -> bool:
    """Whether the calendar of a post is this supervisor's: that of their own."""
    return actor.role == "supervisor" and bool(actor.post) and actor.post == post_code


def team(post: Post) -> list[Agent]:
    """Agents of a post who hold interviews."""
    return list(Agent.objects.filter(post=post, active=True, role__in=DECIDERS).order_by("usual_name", "given_name"))


def outside(post: Post, now: datetime, agent: Agent | None = None) -> list[Booking]:
    """Interviews to come, of the post's agents or of one, that fall outside the hours of those who hold them: they
    stand until somebody moves or cancels them."""
    rows = Booking.objects.select_related("agent", "case__post").filter(
        agent__post=post, state=BookingState.ACTIVE, starts_at__gt=now
    )
    if agent is not None:
        rows = rows.filter(agent=agent)
    receiving = {one.agent.pk: one for one in queries_slots.receivers(post)}
    return [
        row
        for row in rows.order_by("starts_at")
        if row.agent_id not in receiving or not receiving[row.agent_id].covers(row.starts_at, row.ends_at)
    ]


def week(post: Post, monday: date, actor: Actor, now: datetime) -> dict[str, Any]:
    """The week of a post on its own clock: by day, who receives whom, and by agent what is booked, held and free."""
    tz = ZoneInfo(post.tz)
    bookings = queries_slots.week(post, monday)
    left_outside = outside(post, now)
    left_out = {row.pk for row in left_outside}
    since = rules_slots.instant(monday, rules_slots.time(0), tz)
    until = rules_slots.instant(monday + timedelta(days=7), rules_slots.time(0), tz)
    held = Offer.objects.filter(agent__post=post, ended_at=None, starts_at__gte=since, starts_at__lt=until)
    free = queries_slots.free_slots(post, now=now)
    counts: dict[tuple[int, date], dict[str, int]] = defaultdict(lambda: {"booked": 0, "held": 0, "free": 0})
    for row in bookings:
        counts[row.agent_id, row.starts_at.astimezone(tz).date()]["booked"] += 1
    for offer in held:
        counts[offer.agent_id, offer.starts_at.astimezone(tz).date()]["held"] += 1
    for slot in free:
        for agent_id in slot.agents:
            counts[agent_id, slot.starts_at.astimezone(tz).date()]["free"] += 1
    days = [monday + timedelta(days=place) for place in range(7)]
    receiving = queries_slots.receivers(post)
    spoken = queries_languages.of_cases(row.case for row in bookings)
    return {
        "days": [
            {
                "day": day,
                "bookings": [
                    _told(row, post, actor, spoken[row.case_id], outside=row.pk in left_out)
                    for row in bookings
                    if row.starts_at.astimezone(tz).date() == day
                ],
            }
            for day in days
        ],
        "table": [
            (
                one,
                [words.LANGUAGES[code] for code in one.agent.languages],
                [{"day": day, **counts[one.agent.pk, day]} for day in days],
            )
            for one in receiving
        ],
        "closed": set(DayOff.objects.filter(post=post, agent=None, day__in=days).values_list("day", flat=True)),
        "outside": left_outside,
        "waiting": len(queries_waiting.waiters({post.code}, now.date())),
    }


def _told(row: Booking, post: Post, actor: Actor, language: str, *, outside: bool) -> dict[str, Any]:
    """One interview of the week: whether this agent may open it, and the language it wants."""
    return {
        "row": row,
        "outside": outside,
        "opens": row.case.post_id == actor.post or str(row.agent_id) == actor.id,
        "language": words.LANGUAGES[language],
        "foreign": language != FRENCH,
        "spoken": language in row.agent.languages,
        "other_clock": row.case.post.tz if row.case.post.tz != post.tz else "",
    }


def touched(agent: Agent | None, post: Post, day: date) -> list[Booking]:
    """Interviews to come that a day off would leave outside."""
    tz = ZoneInfo(post.tz)
    since = rules_slots.instant(day, rules_slots.time(0), tz)
    until = rules_slots.instant(day + timedelta(days=1), rules_slots.time(0), tz)
    whose = Q(agent=agent) if agent is not None else Q(agent__post=post)
    rows = Booking.objects.select_related("agent", "case__post").filter(whose, state=BookingState.ACTIVE)
    return list(rows.filter(starts_at__gte=since, starts_at__lt=until).order_by("starts_at"))
