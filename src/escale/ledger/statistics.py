"""How long things take and how they end, from the dates of the entries alone: nothing sealed is opened.

These figures survive the destruction of a case's key.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from escale.ledger.models import Case, Entry

# stage → (first event, last event); the last occurrence of the end after the first occurrence of the start counts
STAGES: dict[str, tuple[str, str]] = {
    "examination": ("ApplicationSubmitted", "ApplicationAccepted"),
    "posting": ("PostingAsked", "EnvelopeReceived"),
    "envelope_check": ("EnvelopeReceived", "PostedItemsVerified"),
    "interview": ("RequestValidated", "InterviewHeld"),
    "production": ("PassportOrdered", "PassportArrivedAtPost"),
    "delivery": ("PassportDispatched", "Delivered"),
    "total": ("ApplicationSubmitted", "Delivered"),
}
SMALLEST_CELL = 5


@dataclass(frozen=True, slots=True)
class Delay:
    """Days of one stage: ``count`` cases, ``median`` and ``p90``; both None when fewer than five cases (masked)."""

    stage: str
    post: str
    count: int
    median: float | None
    p90: float | None


def quantile(values: list[float], share: float) -> float:
    """Nearest-rank quantile. ``values`` is not empty."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def durations(entries: Iterable[tuple[UUID, str, datetime]]) -> dict[str, list[float]]:
    """Days each stage took, case by case."""
    first: dict[tuple[UUID, str], datetime] = {}
    last: dict[tuple[UUID, str], datetime] = {}
    cases: set[UUID] = set()
    for case_id, event, at in entries:
        cases.add(case_id)
        first.setdefault((case_id, event), at)
        last[case_id, event] = at
    found: dict[str, list[float]] = defaultdict(list)
    for stage, (start, end) in STAGES.items():
        for case_id in cases:
            began, ended = first.get((case_id, start)), last.get((case_id, end))
            if began is not None and ended is not None and ended >= began:
                found[stage].append((ended - began).total_seconds() / 86400)
    return found


def delays(*, since: datetime, post: str | None = None) -> list[Delay]:
    """Median and ninetieth percentile of each stage, small cells masked."""
    names = {event for pair in STAGES.values() for event in pair}
    entries = Entry.objects.filter(event__in=names, at__gte=since)
    if post is not None:
        entries = entries.filter(case__post_id=post)
    found = durations(entries.order_by("case_id", "seq").values_list("case_id", "event", "at"))
    return [_delay(stage, post or "", found.get(stage, [])) for stage in STAGES]


def _delay(stage: str, post: str, days: list[float]) -> Delay:
    if len(days) < SMALLEST_CELL:
        return Delay(stage, post, len(days), None, None)
    return Delay(stage, post, len(days), round(quantile(days, 0.5), 1), round(quantile(days, 0.9), 1))


def outcomes(*, since: datetime, post: str | None = None) -> dict[str, int]:
    """How many cases opened since then stand at each outcome."""
    cases = Case.objects.filter(opened_at__gte=since)
    if post is not None:
        cases = cases.filter(post_id=post)
    found: dict[str, int] = defaultdict(int)
    for outcome in cases.values_list("outcome", flat=True):
        found[outcome] += 1
    return dict(found)


def events(names: Iterable[str], *, since: datetime, post: str | None = None) -> dict[str, int]:
    """How many times each of these events happened since then."""
    entries = Entry.objects.filter(event__in=list(names), at__gte=since)
    if post is not None:
        entries = entries.filter(case__post_id=post)
    found: dict[str, int] = defaultdict(int)
    for name in entries.values_list("event", flat=True):
        found[name] += 1
    return dict(found)
