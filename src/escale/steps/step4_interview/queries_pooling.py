"""Agents lent from post to post: what was proposed, what runs, what ends, and the interviews it gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from escale.people.actors import Actor
from escale.people.models import Agent, Post
from escale.steps.step4_interview import queries_hours
from escale.steps.step4_interview.models import Booking, BookingState, Pooling


@dataclass(frozen=True, slots=True)
class Lent:
    """One agent lent to one post. ``to_come``: interviews booked with them for that post. ``theirs``: this supervisor
    lends; otherwise this supervisor receives. ``over``: the last day is past."""

    row: Pooling
    to_come: int
    theirs: bool
    over: bool


def today_of(agent: Agent, now: datetime) -> date:
    """The day where the agent works. Raises LookupError for an agent without a post."""
    if agent.post is None:
        raise LookupError(agent.pk)
    return now.astimezone(ZoneInfo(agent.post.tz)).date()


def lent(post: Post, now: datetime) -> list[Lent]:
    """Every agent that a post lends or receives, whose days are not over or whose interviews are still to come."""
    rows = Pooling.objects.select_related("agent__post", "post", "asked_by", "answered_by").filter(
        Q(agent__post=post) | Q(post=post), agent__post__isnull=False
    )
    agents = [row.agent_id for row in rows]
    booked = Booking.objects.filter(state=BookingState.ACTIVE, starts_at__gt=now, agent__in=agents)
    counts = Counter(booked.values_list("agent_id", "case__post_id"))
    found = [
        Lent(
            row,
            counts[row.agent_id, row.post_id],
            row.agent.post_id == post.pk,
            row.until is not None and row.until < today_of(row.agent, now),
        )
        for row in rows.order_by("agent__usual_name", "agent__given_name", "pk")
    ]
    return [one for one in found if one.to_come or not one.over]


def to_come(agent: Agent, post: Post, now: datetime) -> int:
    """Interviews of a post still to be held by an agent."""
    return Booking.objects.filter(agent=agent, case__post=post, state=BookingState.ACTIVE, starts_at__gt=now).count()


def lenders(actor: Actor, agent: Agent) -> bool:
    """Whether this supervisor may lend this agent: the one of the agent's own post."""
    return queries_hours.may_set(actor, agent)


def receives(actor: Actor, post_code: str) -> bool:
    """Whether this supervisor may accept an agent for this post: its own."""
    return actor.role == "supervisor" and bool(actor.post) and actor.post == post_code
