"""The language of an interview: the one the applicant chose, else that of the case; and who speaks it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from escale.ledger.models import Case
from escale.people.models import FRENCH, Agent
from escale.steps.step4_interview.models import Booking, Readiness


def _chosen(case: str) -> Subquery:
    return Subquery(Readiness.objects.filter(case_id=OuterRef(case)).exclude(language="").values("language"))


def of_id(case_id: UUID) -> str:
    """The language of a case's interview, in one query; empty when there is no such case."""
    found = Case.objects.filter(pk=case_id).annotate(spoken=Coalesce(_chosen("pk"), "language"))
    return found.values_list("spoken", flat=True).first() or ""


def told(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """The same bookings, each with the ``language`` of its interview."""
    return bookings.annotate(language=Coalesce(_chosen("case_id"), "case__language"))


def foreign(case: Case, chosen: str) -> str:
    """The language of a case's interview when it is not French; empty otherwise. ``chosen``: see Readiness."""
    language = chosen or case.language
    return "" if language == FRENCH else language


def speaks(agent_id: str, language: str) -> bool:
    """Whether this agent holds interviews in a language."""
    spoken = Agent.objects.filter(pk=agent_id).values_list("languages", flat=True).first()
    return language in (spoken or ())
