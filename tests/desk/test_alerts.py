"""The alarms of the day: those of open cases, and for a week those of cases that have ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.decision import Decision
from escale.desk import queries
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import Actor, job
from tests.factories.cases import NOON, a_case, a_post

pytestmark = pytest.mark.django_db


def _alarm(case: Case, days: int) -> Case:
    with changing(case.id, actor=job("test"), now=NOON + timedelta(days=days)) as change:
        change.record(Decision.of(e.AlertRaised(kind="message_undelivered")))
    return case


def test_an_ended_case_raises_alarms_for_a_week(actor: Actor) -> None:
    first_days, later = _alarm(a_case("submitted"), 0), _alarm(a_case("completed"), 5)
    _alarm(a_case("completed", post=a_post("ES-MADRID")), 5)

    def shown(days: int) -> list[Case]:
        return [entry.case for entry, _ in queries.alerts(actor, NOON + timedelta(days=days))]

    assert shown(6) == [later, first_days]
    assert shown(13) == [first_days]
