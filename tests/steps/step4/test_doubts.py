"""A doubt outlives what comes after it: a second challenge, a breakdown, another interview."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from escale import clock
from escale.ledger.models import Case
from escale.people.actors import Actor, applicant
from escale.people.models import Agent
from escale.steps.step4_interview import service, service_challenge, service_interview
from tests.factories.web import as_agent
from tests.steps.step4.scenes import controlled, first_slot, started

pytestmark = pytest.mark.django_db


def fail_a_challenge(case: Case, agent: Actor, now: datetime) -> None:
    drawn = service_challenge.draw_challenge(case_id=case.id, actor=agent, now=now)
    service_challenge.judge_challenge(case_id=case.id, challenge_id=drawn.pk, passed=False, actor=agent, now=now)


def interrupted_and_begun_anew(sub: str, case: Case, agent: Actor, now: datetime) -> datetime:
    """The applicant says that nothing works any more, books again, and is received again."""
    me, later = applicant(sub), now + timedelta(hours=1)
    service_interview.report_failure(case_id=case.id, side="applicant", actor=me, now=now)
    case.refresh_from_db()
    slot = first_slot(case, later)
    service.book(case_id=case.id, starts_at=slot.starts_at, actor=me, now=later)
    service_interview.start(case_id=case.id, no_conflict=True, actor=agent, now=slot.starts_at)
    return slot.starts_at


def test_a_challenge_once_failed_is_not_undone_by_the_next(sub: str):
    case, (agent,), booking = started(sub)
    fail_a_challenge(case, agent, booking.starts_at)
    controlled(case, agent, booking.starts_at)  # the next one is passed

    assert service_interview.hold(case_id=case.id, actor=agent, now=booking.starts_at) == ("challenge_failed",)


def test_a_breakdown_does_not_wash_a_doubt_away(sub: str, monkeypatch: pytest.MonkeyPatch):
    case, (agent,), booking = started(sub)
    controlled(case, agent, booking.starts_at, own_doubt=True, face_photo="doubt")
    again = interrupted_and_begun_anew(sub, case, agent, booking.starts_at)

    monkeypatch.setattr(clock, "now", lambda: again)
    page = as_agent(Agent.objects.get(pk=agent.id)).get(f"/bureau/entretien/{case.reference}/").content.decode()
    controlled(case, agent, again)
    raised = service_interview.hold(case_id=case.id, actor=agent, now=again)

    assert "Entretien interrompu par une panne" in page
    assert "doute sur le visage, doute signalé par l’agent." in page
    assert raised == ("face_doubt", "agent")


def test_a_breakdown_alone_raises_nothing(sub: str):
    case, (agent,), booking = started(sub)
    again = interrupted_and_begun_anew(sub, case, agent, booking.starts_at)
    controlled(case, agent, again)

    assert service_interview.hold(case_id=case.id, actor=agent, now=again) == ()
