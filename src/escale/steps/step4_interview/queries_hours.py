"""Hours of those who receive, their days off, and the interviews that fall outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from escale.people.access import DECIDERS
from escale.people.actors import Actor
from escale.people.models import Agent, Post
from escale.steps.step4_interview import queries_slots, rules_holidays, rules_slots
from escale.steps.step4_interview.models import Booking, BookingState, DayOff, Opening
from escale.steps.step4_interview.queries_slots import Receiver
from escale.steps.step4_interview.rules_slots import Hours


def of_agent(agent_id: int) -> list[Hours]:
    """The weekly hours an agent has of their own; empty: those of the post."""
    rows = Opening.objects.filter(agent_id=agent_id).order_by("weekday", "start")
    return [Hours(row.weekday, row.start, row.end) for row in rows]


def days_off(post: Post, agent: Agent | None, today: date) -> list[DayOff]:
    """Days without interviews to come that somebody has set: of an agent, or of the whole post."""
    return list(DayOff.objects.filter(post=post, agent=agent, day__gte=today, worked=False).order_by("day"))


def closed(post: Post, days: Iterable[date]) -> set[date]:
    """Of these days, those on which the whole post holds no interview: set so, or public holidays that it keeps."""
    asked = list(days)
    rows = dict(DayOff.objects.filter(post=post, agent=None, day__in=asked).values_list("day", "worked"))
    return {day for day in asked if not rows.get(day, not rules_holidays.rests(post.country, post.region, day))}


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
    return uncovered(rows.order_by("starts_at"), queries_slots.receivers(post))


def uncovered(rows: Iterable[Booking], receiving: Iterable[Receiver]) -> list[Booking]:
    """Of these interviews, those outside the hours of whoever holds them."""
    hours = {one.agent.pk: one for one in receiving}
    return [
        row for row in rows if row.agent_id not in hours or not hours[row.agent_id].covers(row.starts_at, row.ends_at)
    ]


def touched(agent: Agent | None, post: Post, day: date) -> list[Booking]:
    """Interviews to come that a day off would leave outside."""
    tz = ZoneInfo(post.tz)
    since = rules_slots.instant(day, rules_slots.time(0), tz)
    until = rules_slots.instant(day + timedelta(days=1), rules_slots.time(0), tz)
    whose = Q(agent=agent) if agent is not None else Q(agent__post=post)
    rows = Booking.objects.select_related("agent", "case__post").filter(whose, state=BookingState.ACTIVE)
    return list(rows.filter(starts_at__gte=since, starts_at__lt=until).order_by("starts_at"))
