"""What the evaluation report asks of the interview: each control with its results. Nothing sealed is opened.

CNIL, deliberations 2023-077 and 2025-076: the experiment measures fraud and what the controls bring against it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from django.db.models import Q, QuerySet

from escale.ledger.models import Entry
from escale.steps.step4_interview import rules
from escale.steps.step4_interview.models import Challenge, Conflict, Interview, Opinion, Still

type Results = dict[tuple[str, str], int]
UNFLAGGED = "none"


def _of(post: str | None, path: str = "case__post_id") -> Q:
    return Q() if post is None else Q(**{path: post})


def endings_by_ground(*, since: datetime, post: str | None) -> Results:
    """How many interviews ended badly, by decision (``refuse``, ``in_person``) and ground; two absences included."""
    bad = Opinion.objects.filter(_of(post, "interview__case__post_id"), at__gte=since).exclude(decision="approve")
    found: Results = Counter(bad.values_list("decision", "ground"))
    directed = Entry.objects.filter(_of(post), event="InterviewDirectedInPerson", actor_kind="job", at__gte=since)
    missed = directed.count()
    return {**found, ("in_person", rules.MISSED_TWICE): missed} if missed else dict(found)


def flags(*, since: datetime, post: str | None) -> Results:
    """Interviews held, by flag that stood (``none`` without any) and by how they ended: ``approve``, ``refuse``,
    ``in_person``, or ``pending``."""
    held = _held(since, post)
    ended = _endings(held)
    found: Counter[tuple[str, str]] = Counter()
    for pk, standing in held.values_list("pk", "flags"):
        found.update((flag, ended.get(pk, "pending")) for flag in standing or [UNFLAGGED])
    return dict(found)


def second_opinions(*, since: datetime, post: str | None) -> Results:
    """Approvals that needed a second agent, by what the second one said; ``pending`` until then."""
    held = _held(since, post)
    asked = set(
        Opinion.objects.filter(interview__in=held, decision="approve", second=False)
        .exclude(interview__flags=[])
        .values_list("interview_id", flat=True)
    )
    said = dict(Opinion.objects.filter(interview__in=asked, second=True).values_list("interview_id", "decision"))
    return dict(Counter(("asked", said.get(pk, "pending")) for pk in asked))


def challenges(*, since: datetime, post: str | None) -> Results:
    """Challenges drawn, by kind and result: ``passed``, ``failed``, or ``expired`` without a verdict."""
    rows = Challenge.objects.filter(_of(post, "interview__case__post_id"), drawn_at__gte=since)
    results = {True: "passed", False: "failed", None: "expired"}
    drawn = rows.values_list("code", "passed").iterator()
    return dict(Counter((code.partition(":")[0], results[passed]) for code, passed in drawn))


def readings(*, since: datetime, post: str | None) -> Results:
    """Stills of the passport, by what the machine read there: ``match``, ``differs``, ``unread``."""
    rows = Still.objects.filter(_of(post, "interview__case__post_id"), purpose="passport", taken_at__gte=since)
    return dict(Counter(("passport", reading) for reading in rows.values_list("reading", flat=True) if reading))


def conflicts(*, since: datetime, post: str | None) -> int:
    """Conflicts of interest that agents declared."""
    return Conflict.objects.filter(_of(post), declared_at__gte=since).count()


def _held(since: datetime, post: str | None) -> QuerySet[Interview]:
    return Interview.objects.filter(_of(post), held_at__gte=since)


def _endings(held: QuerySet[Interview]) -> dict[int, str]:
    """The decision that ended each interview: an approval over a flag counts once a second agent gave it."""
    given: dict[int, list[tuple[str, bool, list[str]]]] = defaultdict(list)
    rows = Opinion.objects.filter(interview__in=held).order_by("at", "pk")
    for pk, decision, second, standing in rows.values_list("interview_id", "decision", "second", "interview__flags"):
        given[pk].append((decision, second, standing))
    return {
        pk: decision
        for pk, lines in given.items()
        for decision, second, standing in lines[-1:]
        if decision != "approve" or second or not standing
    }
