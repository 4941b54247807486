"""Agents lent from post to post: what was proposed, what runs, what ends, and the interviews it gave."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from escale.people.models import Agent, Post
from escale.steps.step4_interview.models import Booking, BookingState, Pooling


@dataclass(frozen=True, slots=True)
class Lent:
    """One agent lent to one post. ``to_come``: interviews booked with them for that post. ``theirs``: this supervisor
    lends; otherwise this supervisor receives. ``over``: the last day is past."""

    row: Pooling
    to_come: int
    theirs: bool
    over: bool


def is_over(row: Pooling, now: datetime) -> bool:
    """Whether the last day of slots is past where the agent works."""
    return row.until is not None and row.until < row.agent.day(now)


def _to_come(now: datetime) -> QuerySet[Booking]:
    return Booking.objects.filter(state=BookingState.ACTIVE, starts_at__gt=now)


def lent(post: Post, now: datetime) -> list[Lent]:
    """Every agent that a post lends or receives, whose days are not over or whose interviews are still to come."""
    rows = Pooling.objects.select_related("agent__post", "post", "asked_by", "answered_by").filter(
        Q(agent__post=post) | Q(post=post), agent__post__isnull=False
    )
    booked = _to_come(now).filter(agent__in=[row.agent_id for row in rows])
    counts = Counter(booked.values_list("agent_id", "case__post_id"))
    found = [
        Lent(
            row,
            counts[row.agent_id, row.post_id],
            row.agent.post_id == post.pk,
            is_over(row, now),
        )
        for row in rows.order_by("agent__usual_name", "agent__given_name", "pk")
    ]
    return [one for one in found if one.to_come or not one.over]


def to_come(agent: Agent, post: Post, now: datetime) -> int:
    """Interviews of a post still to be held by an agent."""
    return _to_come(now).filter(agent=agent, case__post=post).count()
