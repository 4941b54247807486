"""How long things take and how they end, from the dates of the entries alone: nothing sealed is opened.

These figures survive the destruction of a case's key.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from escale.ledger.models import Case, Entry

# stage → (first event, last event); the last occurrence of the end after the first occurrence of the start counts: a
# review done twice lasts until its second end
STAGES: dict[str, tuple[str, str]] = {
    "examination": ("ApplicationSubmitted", "ApplicationAccepted"),
    "posting": ("PostingAsked", "EnvelopeReceived"),
    "envelope_check": ("EnvelopeReceived", "PostedItemsVerified"),
    "interview": ("RequestValidated", "InterviewHeld"),
    "production": ("PassportOrdered", "PassportArrivedAtPost"),
    "delivery": ("PassportDispatched", "Delivered"),
    "total": ("ApplicationSubmitted", "Delivered"),
}
# What the public page shows besides.
DISPATCH = {"dispatch": ("PassportArrivedAtPost", "PassportDispatched")}
NET = "net"
"""The total without the time during which the case waited for the applicant alone."""
SMALLEST_CELL = 5
WINDOW = timedelta(days=365)
"""What is published tells of the year before."""
# event → (what the applicant owes from then on, what they owe no more, what the post has, what it has no more)
_HANDS: dict[str, tuple[set[str], set[str], set[str], set[str]]] = {
    "ApplicationSubmitted": (set(), set(), {"review"}, set()),
    "CorrectionRequested": ({"correction"}, set(), set(), {"review"}),
    "CorrectionSubmitted": (set(), {"correction"}, {"review"}, set()),
    "ApplicationAccepted": (set(), {"correction"}, set(), {"review"}),
    "PostingAsked": ({"posting"}, set(), set(), set()),
    "PostingAnnounced": (set(), {"posting"}, set(), set()),
    "EnvelopeReceived": (set(), {"posting"}, {"envelope"}, set()),
    "ReplacementRequested": ({"posting"}, set(), set(), {"envelope"}),
    "PostedItemsVerified": (set(), {"posting"}, set(), {"envelope"}),
    "RequestValidated": ({"booking"}, set(), set(), set()),
    "InterviewMissed": ({"booking"}, set(), set(), set()),
    "InterviewBooked": (set(), {"booking"}, set(), set()),
    "InterviewHeld": (set(), {"booking"}, set(), set()),
}


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


def applicants_days(lines: Iterable[tuple[str, datetime]], *, until: datetime) -> float:
    """Days, up to ``until``, during which a case waited for its applicant and the post had nothing to do.

    ``lines``: name and hour of the events of one case, oldest first.
    """
    owes: set[str] = set()
    has: set[str] = set()
    since: datetime | None = None
    days = 0.0
    for event, at in [*lines, ("", until)]:
        if since is not None:
            days += max(0.0, (min(at, until) - since).total_seconds() / 86400)
        owed, done, taken, given = _HANDS.get(event, (set(), set(), set(), set()))
        owes, has = (owes | owed) - done, (has | taken) - given
        since = at if owes and not has and at < until else None
    return days


def durations(entries: Iterable[tuple[UUID, str, datetime]]) -> dict[str, list[float]]:
    """Days each stage took, case by case. ``entries``: of each case, oldest first."""
    lines: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    for case_id, event, at in entries:
        lines[case_id].append((event, at))
    found: dict[str, list[float]] = defaultdict(list)
    for of_case in lines.values():
        first: dict[str, datetime] = {}
        for event, at in of_case:
            first.setdefault(event, at)
        last = dict(of_case)
        for stage, (start, end) in {**STAGES, **DISPATCH}.items():
            began, ended = first.get(start), last.get(end)
            if began is not None and ended is not None and ended >= began:
                days = (ended - began).total_seconds() / 86400
                found[stage].append(days)
                if stage == "total":
                    found[NET].append(max(0.0, days - applicants_days(of_case, until=ended)))
    return found


def _entries(since: datetime) -> QuerySet[Entry]:
    """What stages are made of, for cases that went on since then: their earlier events included."""
    names = {event for pair in (*STAGES.values(), *DISPATCH.values()) for event in pair} | set(_HANDS)
    lately = Entry.objects.filter(event__in=names, at__gte=since).values("case_id")
    return Entry.objects.filter(event__in=names, case_id__in=lately).order_by("case_id", "seq")


def delays(*, since: datetime, post: str | None = None) -> list[Delay]:
    """Median and ninetieth percentile of each stage, small cells masked."""
    entries = _entries(since)
    if post is not None:
        entries = entries.filter(case__post_id=post)
    found = durations(entries.values_list("case_id", "event", "at"))
    return [_delay(stage, post or "", found.get(stage, [])) for stage in STAGES]


def delays_by_post(*, since: datetime) -> list[tuple[str, str, dict[str, Delay]]]:
    """Code and name of each post, and its delay for each stage; last, under an empty code, all posts together."""
    of_post: dict[tuple[str, str], list[tuple[UUID, str, datetime]]] = defaultdict(list)
    for name, code, case_id, event, at in _entries(since).values_list(
        "case__post__name", "case__post_id", "case_id", "event", "at"
    ):
        of_post[name, code].append((case_id, event, at))
    together: dict[str, list[float]] = defaultdict(list)
    told = []
    for (name, code), entries in sorted(of_post.items()):
        found = durations(entries)
        for stage, days in found.items():
            together[stage] += days
        told.append((code, name, _cells(code, found)))
    return [*told, ("", "", _cells("", together))]


def _cells(post: str, found: dict[str, list[float]]) -> dict[str, Delay]:
    return {stage: _delay(stage, post, found.get(stage, [])) for stage in (*STAGES, *DISPATCH, NET)}


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
