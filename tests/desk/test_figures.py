"""Figures of the evaluation report: minutes at each gate, endings by rule, items sent back, and the table of them."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta

import pytest

from escale import clock
from escale.desk import figures, gate_time, service
from escale.people.models import Agent
from escale.steps.step2_application import queries
from escale.steps.step2_application.service import review
from escale.ui.said import Said
from tests.factories.cases import NOON, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step2.building import submitted
from tests.steps.step2.fakes import FakeStamps

CASE = uuid.UUID(int=1)


def _facts(*told: tuple[float, str, str]) -> list[gate_time.Fact]:
    return [(CASE, event, agent, NOON + timedelta(minutes=at)) for at, event, agent in told]


def test_a_pause_counts_for_five_minutes_at_most() -> None:
    facts = _facts(
        (0, "FileViewed", "1"), (2, "FileViewed", "1"), (60, "FileViewed", "1"), (61, "ApplicationAccepted", "1")
    )

    assert gate_time.minutes(facts) == {"gate1": [8.0]}


def test_each_decision_counts_what_its_own_agent_did_since_the_decision_before() -> None:
    facts = _facts(
        (0, "FileViewed", "1"),
        (1, "FileViewed", "2"),
        (3, "CorrectionRequested", "1"),
        (100, "FileViewed", "1"),
        (104, "ApplicationAccepted", "1"),
        (105, "PostedItemsVerified", "1"),
    )

    assert gate_time.minutes(facts) == {"gate1": [3.0, 4.0]}


@pytest.mark.django_db
def test_the_report_tells_minutes_endings_and_items_without_a_name(agent: Agent, stamps: FakeStamps) -> None:
    now = clock.now()
    case = submitted()
    service.open_file(case.id, part="file", actor=acting(agent), now=now)
    given = {"case": case, "actor": acting(agent), "revision": queries.revision(case.id)}
    review.ask_correction(words={"photo": Said("Floue.")}, now=now + timedelta(minutes=2), **given)
    review.end(kind="refused", rule="E7", reasons=Said("Trop ancien."), now=now + timedelta(minutes=3), **given)
    since = now - timedelta(days=1)

    assert gate_time.minutes(
        [(case.id, "FileViewed", "1", now), (case.id, "CorrectionRequested", "1", now + timedelta(minutes=2))]
    ) == {"gate1": [2.0]}
    found = figures.year(post=None, since=since)
    assert found.raw["adverse"] == [
        {"gate": "gate1", "kind": "refused", "code": "E7", "count": None},
        {"gate": "gate1", "kind": "sent_back", "code": "photo", "count": None},
    ]
    assert figures.year(post="ES-MADRID", since=since).raw["adverse"] == []
    page = as_agent(an_agent("supervisor")).get("/bureau/statistiques/").content.decode()
    assert "Minutes d’agent par décision" in page
    assert "DURAND" not in page


@pytest.mark.django_db
def test_the_table_has_every_figure_of_the_report() -> None:
    answer = as_agent(an_agent("auditor")).get("/bureau/statistiques/?format=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))

    assert answer["Content-Type"].startswith("text/csv")
    assert rows[0] == ["section", "code", "count", "median", "p90"]
    sections = {row[0] for row in rows[1:]}
    assert {"delay_days", "gate_minutes", "outcomes", "controls", "results"} <= sections
    assert ["outcomes", "refused", "0", "", ""] in rows


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["agent", "support", "administrator"])
def test_figures_are_for_supervision_alone(role: str) -> None:
    assert as_agent(an_agent(role)).get("/bureau/statistiques/?format=csv").status_code == 404
