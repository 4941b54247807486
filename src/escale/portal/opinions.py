"""The question asked at the end of a request, and what people answered, counted.

Only what all posts together answered is published: beside it, the figures of each post would give away the small ones
by subtraction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from escale.case.decision import RuleRefused
from escale.case.journey import STEPS
from escale.case.tracks import Outcome
from escale.ledger.models import Case
from escale.ledger.statistics import SMALLEST_CELL
from escale.people.access import AccessDenied
from escale.people.actors import Actor
from escale.portal.models import DEGREES, Answered, Opinion

ASKED_AFTER = frozenset({Outcome.COMPLETED, Outcome.REFUSED, Outcome.DIRECTED_IN_PERSON, Outcome.WITHDRAWN})
MONTHS = 12
NUMBERS = tuple(step.number for step in STEPS)


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


DEGREE_WORDS: dict[int, str] = {
    5: N_("Très bien"),
    4: N_("Plutôt bien"),
    3: N_("Ni bien ni mal"),
    2: N_("Plutôt mal"),
    1: N_("Très mal"),
}


def asked(case: Case) -> bool:
    """Whether the person of this case is asked: it has ended in one of the four ways they can judge, unanswered."""
    return case.outcome in ASKED_AFTER and not answered(case)


def answered(case: Case) -> bool:
    return Answered.objects.filter(case=case).exists()


def keep(*, case: Case, degree: int, steps: Iterable[int], actor: Actor, now: datetime) -> None:
    """Count an answer, once for each case, without what would tell whose it is.

    Raises AccessDenied; RuleRefused: ``opinion_early`` (the case has not ended so), ``opinion_given`` (already).
    ValueError: a degree or a step that does not exist.
    """
    if actor.kind != "applicant" or actor.id != case.applicant_sub:
        raise AccessDenied(case.reference)
    chosen = sorted(set(steps))
    if degree not in DEGREES or not set(chosen) <= set(NUMBERS):
        raise ValueError("no such degree or step")
    if case.outcome not in ASKED_AFTER:
        raise RuleRefused("opinion_early")
    with transaction.atomic():
        if not Answered.objects.get_or_create(case=case)[1]:
            raise RuleRefused("opinion_given")
        line, _made = Opinion.objects.get_or_create(
            post_id=case.post_id,
            month=now.date().replace(day=1),
            degree=degree,
            steps=",".join(str(number) for number in chosen),
        )
        Opinion.objects.filter(pk=line.pk).update(times=F("times") + 1)


@dataclass(frozen=True, slots=True)
class Count:
    """How many chose one answer. None: from one to four, too few to be shown. ``share``: percent of a drawn bar."""

    code: int
    label: str
    label_en: str
    times: int | None
    share: int


@dataclass(frozen=True, slots=True)
class Opinions:
    """The answers of the last months, all posts together."""

    degrees: list[Count]
    steps: list[Count]

    @property
    def says_something(self) -> bool:
        return any(line.times for line in self.degrees)


def counted(now: datetime) -> Opinions:
    """The answers of the month under way and of the eleven before."""
    same_month_last_year = now.date().replace(day=1, year=now.year - 1)
    by_degree: Counter[int] = Counter()
    by_step: Counter[int] = Counter()
    for degree, steps, times in _lines(same_month_last_year):
        by_degree[degree] += times
        for number in filter(None, steps.split(",")):
            by_step[int(number)] += times
    return Opinions(
        [_count(code, (DEGREE_WORDS[code], ""), by_degree) for code in DEGREES],
        [_count(step.number, (step.caption, step.caption_en), by_step) for step in STEPS],
    )


def _lines(after: date) -> Iterable[tuple[int, str, int]]:
    return Opinion.objects.filter(month__gt=after).values_list("degree", "steps", "times")


def _count(code: int, labels: tuple[str, str], found: Counter[int]) -> Count:
    times = found[code]
    small = 0 < times < SMALLEST_CELL
    most = max(found.values(), default=0)
    return Count(code, *labels, None if small else times, 0 if small else round(100 * times / max(most, 1)))


def as_json(now: datetime) -> dict[str, Any]:
    """The same for machines. Masked cells are null."""
    found = counted(now)
    return {
        "months": MONTHS,
        "degrees": {str(line.code): line.times for line in found.degrees},
        "difficult_steps": {str(line.code): line.times for line in found.steps},
    }
