"""Loss of eligibility at any moment, and the whole file carried over to an appointment in person."""

from __future__ import annotations

import pytest

from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.models import Agent
from tests.factories.cases import a_case, an_agent
from tests.factories.web import as_agent
from tests.steps.step2.building import submitted
from tests.steps.step2.fakes import FakeStamps

pytestmark = pytest.mark.django_db


def page_of(case: Case, page: str) -> str:
    return f"/bureau/dossiers/{case.reference}/{page}/"


def test_a_condition_is_read_over_in_both_languages_before_anything_is_recorded(
    agent: Agent, stamps: FakeStamps
) -> None:
    case, client = submitted(), as_agent(agent)

    page = client.post(page_of(case, "eligibilite"), {"rule": "E7", "version": case.version}).content.decode()

    case.refresh_from_db()
    assert case.is_open
    assert "Votre passeport actuel est expiré depuis plus de 5\u00a0ans." in page
    assert 'lang="en"' in page
    assert "more than 5 years" in page
    assert "tribunal administratif" in page


def test_confirmed_it_ends_the_case_and_tells_the_person(agent: Agent, stamps: FakeStamps) -> None:
    case, client = submitted(), as_agent(agent)
    given = {"rule": "X1", "version": case.version, "confirmer": "1"}

    client.post(page_of(case, "eligibilite"), given)

    case.refresh_from_db()
    line = ledger.latest(case.id, e.EligibilityLost)
    assert (case.identity, case.is_open) == ("ineligible", False)
    assert line is not None
    assert (line.event, line.actor_id) == (e.EligibilityLost(rules=("X1",)), str(agent.pk))
    kinds = {effect.kind for effect in ledger.pending_effects(case.id)}
    assert {"send_message", "release_stamp"} <= kinds


def test_a_page_out_of_date_decides_nothing(agent: Agent, stamps: FakeStamps) -> None:
    case, client = submitted(), as_agent(agent)
    given = {"rule": "X1", "version": case.version - 1, "confirmer": "1"}

    page = client.post(page_of(case, "eligibilite"), given, follow=True).content.decode()

    case.refresh_from_db()
    assert case.is_open
    assert "Relisez-le avant de décider" in page


def test_no_condition_chosen_is_asked_again(agent: Agent, stamps: FakeStamps) -> None:
    case = submitted()

    answer = as_agent(agent).post(page_of(case, "eligibilite"), {"version": case.version, "confirmer": "1"})

    case.refresh_from_db()
    assert answer.status_code == 422
    assert "Choisissez la condition." in answer.content.decode()
    assert case.is_open


def test_after_the_order_it_is_too_late(agent: Agent) -> None:
    case = a_case("in_production")

    page = as_agent(agent).get(page_of(case, "eligibilite"), follow=True).content.decode()

    assert "la fabrication est commandée" in page


def test_the_file_on_paper_has_everything_and_is_recorded(agent: Agent, stamps: FakeStamps) -> None:
    case, client = submitted(), as_agent(agent)
    client.post(page_of(case, "eligibilite"), {"rule": "X1", "version": case.version, "confirmer": "1"})

    page = client.get(page_of(case, "dossier")).content.decode()

    for words in ("MARTIN Jeanne Marie", case.reference, "17FR42486", "X1", "24/08/1962", "12 Elm Street"):
        assert words in page
    assert page.count('class="desk-sheet"') == 3
    assert "1234 5678" not in page
    assert ledger.history(case.id)[-1].event == e.FileViewed(part="file")


@pytest.mark.parametrize("role", ["auditor", "support", "administrator"])
def test_readers_neither_end_nor_print(role: str, stamps: FakeStamps) -> None:
    case, client = submitted(), as_agent(an_agent(role))

    assert client.post(page_of(case, "eligibilite"), {"rule": "X1", "confirmer": "1"}).status_code == 404
    assert client.get(page_of(case, "dossier")).status_code == 404
