"""What is asked of partners again and again, and should have been asked already: for the desk's page of the partners.

A question whose turn came long ago has had no answer: the partner is silent, or nothing asks any more. Counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Min, QuerySet, Value

from escale.ledger.models import Deadline, Effect, EffectState

PATIENCE = timedelta(minutes=15)
"""A question comes within seconds of its turn: after this long it is late."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of question. ``late``: how many have had no answer, the oldest ``since``; none when all is well."""

    code: str
    partner: str
    late: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """Rows of which each is asked of ``partner`` when its ``turn`` has come."""

    code: str
    partner: str
    rows: QuerySet[Any]
    turn: str


def overdue(questions: Iterable[Question], now: datetime) -> list[Feed]:
    """How many of each have had no answer though their turn is past; all of them in one query."""
    asked = {question.code: question for question in questions}
    first, *others = [
        question.rows.filter(**{f"{question.turn}__lte": now - PATIENCE})
        .order_by()
        .annotate(feed=Value(question.code, CharField()))
        .values("feed")
        .annotate(late=Count("pk"), oldest=Min(question.turn))
        .values_list("feed", "late", "oldest")
        for question in asked.values()
    ]
    return [
        Feed(code, asked[code].partner, late, oldest) for code, late, oldest in first.union(*others, all=True) if late
    ]


def stopped(code: str, partner: str, *, read_at: datetime | None, after: timedelta, now: datetime) -> Feed:
    """Something read as a whole: late when it was last read longer ago than ``after``. Never read: not begun."""
    late = read_at is not None and now - read_at > after
    return Feed(code, partner, int(late), read_at if late else None)


def of_the_worker(now: datetime) -> list[Question]:
    """Our own part: what should have left, and dates that should have been acted on. Partner: none."""
    untouched = Effect.objects.filter(state=EffectState.PENDING).exclude(lease_until__gt=now)
    dates = Deadline.objects.filter(closed_at__isnull=True)
    return [Question("effects", "", untouched, "due_at"), Question("deadlines", "", dates, "due_at")]


def tried_again() -> Question:
    """What a partner was asked more than once, and has not taken yet. Partner: any."""
    return Question("tried_again", "", Effect.objects.filter(state=EffectState.PENDING, attempts__gt=1), "created_at")
