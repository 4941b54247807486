"""The language of an interview: the one the applicant chose, else that of the case; and who speaks it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from escale.ledger.models import Case
from escale.people.models import FRENCH, Agent
from escale.steps.step4_interview.models import Readiness


def of_cases(cases: Iterable[Case]) -> dict[UUID, str]:
    """The language of each interview, in one query."""
    own = {case.pk: case.language for case in cases}
    chosen = Readiness.objects.filter(case_id__in=own).exclude(language="")
    return own | dict(chosen.values_list("case_id", "language"))


def of_case(case: Case) -> str:
    return of_cases([case])[case.pk]


def of_id(case_id: UUID) -> str:
    """The same for a case known by its identifier alone, in one query; empty when there is none."""
    chosen = Readiness.objects.filter(case_id=OuterRef("pk")).exclude(language="").values("language")
    found = Case.objects.filter(pk=case_id).annotate(spoken=Coalesce(Subquery(chosen), "language"))
    return found.values_list("spoken", flat=True).first() or ""


def foreign(case: Case) -> str:
    """The language of a case's interview when it is not French; empty otherwise."""
    language = of_case(case)
    return "" if language == FRENCH else language


def speaks(agent_id: str, language: str) -> bool:
    """Whether this agent holds interviews in a language."""
    spoken = Agent.objects.filter(pk=agent_id).values_list("languages", flat=True).first()
    return language in (spoken or ())
