"""Doubts that outlive a verdict: those of interviews that were interrupted, and a challenge once failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from escale.people.models import Agent
from escale.steps.step4_interview import queries, rules
from escale.steps.step4_interview.models import Challenge, Interview


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An interview of the case that a failure stopped, and what was doubted in it."""

    agent: Agent
    started_at: datetime
    flags: tuple[str, ...]


def interrupted(case_id: UUID) -> tuple[Interrupted, ...]:
    """Interviews that a failure stopped, the oldest first: whoever was doubted cannot start anew by a breakdown."""
    rows = list(Interview.objects.select_related("agent").filter(case_id=case_id, failed_at__isnull=False))
    failed = set(Challenge.objects.filter(interview__in=rows, passed=False).values_list("interview_id", flat=True))
    found = []
    for row in sorted(rows, key=lambda one: one.started_at):
        seen, noted = queries.sheet(row), ("challenge_failed",) if row.pk in failed else ()
        raised = rules.flags(seen.controls, motive="", own_doubt=seen.own_doubt, noted=noted)
        found.append(Interrupted(row.agent, row.started_at, raised))
    return tuple(found)


def noted(row: Interview) -> set[str]:
    """Flags that no later verdict lifts: of a challenge failed in this interview, of those that were interrupted."""
    before = {flag for one in interrupted(row.case_id) for flag in one.flags}
    return before | ({"challenge_failed"} if Challenge.objects.filter(interview=row, passed=False).exists() else set())
