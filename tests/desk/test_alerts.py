"""The alarms of the day: those of open cases, and for a week those of cases that have ended."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import escale
from escale.case import events as e
from escale.case.decision import Decision
from escale.desk import alarms
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import Actor, job
from escale.people.models import Agent
from tests.factories.cases import NOON, a_case, a_post
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db


def _alarm(case: Case, days: int) -> Case:
    with changing(case.id, actor=job("test"), now=NOON + timedelta(days=days)) as change:
        change.record(Decision.of(e.AlertRaised(kind="message_undelivered")))
    return case


def test_an_ended_case_raises_alarms_for_a_week(actor: Actor) -> None:
    first_days, later = _alarm(a_case("submitted"), 0), _alarm(a_case("completed"), 5)
    _alarm(a_case("completed", post=a_post("ES-MADRID")), 5)

    def shown(days: int) -> list[Case]:
        return [alarm.case for alarm in alarms.alarms(actor, NOON + timedelta(days=days))]

    assert shown(6) == [later, first_days]
    assert shown(13) == [first_days]


def test_each_alarm_says_what_happened_and_what_settles_it(agent: Agent) -> None:
    case = _alarm(a_case("submitted"), 0)
    page = as_agent(agent).get("/bureau/").content.decode()

    assert "Courriel non remis" in page
    assert "Appelez la personne, et invitez-la à corriger son adresse au Registre." in page
    assert f"{case.reference}/#etape-2" in page


def test_every_alarm_the_code_can_raise_has_words() -> None:
    raised = set()
    for source in Path(escale.__path__[0]).rglob("*.py"):
        raised |= set(re.findall(r'AlertRaised\(kind="(\w+)"', source.read_text(encoding="utf-8")))

    assert len(raised) >= 5
    assert raised - alarms.KINDS.keys() == set()


def test_a_partners_refusal_names_its_code(actor: Actor) -> None:
    case = a_case("approved")
    with changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.PartnerRefused(effect="order_passport", code="photo_rejected")))

    (alarm,) = alarms.alarms(actor, NOON)

    assert (alarm.what, alarm.step) == ("Refus d’un partenaire (photo_rejected)", 5)


def test_alarms_cost_the_same_whatever_their_number(actor: Actor) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            alarms.alarms(actor, NOON)
        return len(seen)

    _alarm(a_case("submitted"), 0)
    few = cost()
    for _ in range(4):
        _alarm(a_case("submitted"), 0)

    assert cost() == few
