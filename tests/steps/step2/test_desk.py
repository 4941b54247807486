"""Gate 1 on the desk, and what the applicant reads of it."""

from __future__ import annotations

import pytest

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step2_application import queries
from tests.factories.cases import an_agent
from tests.factories.web import as_agent, as_applicant
from tests.steps.step2.building import submitted
from tests.steps.step2.fakes import FakeStamps

pytestmark = pytest.mark.django_db


def url(case: Case, page: str) -> str:
    return f"/demande/{case.reference}/{page}/"


def desk(case: Case, action: str) -> str:
    return f"/bureau/dossiers/{case.reference}/demande/{action}"


def test_an_agent_opens_a_document_and_the_applicant_can_see_it(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    doc = queries.documents(case.id, "passport_page")[0]

    answer = as_agent(agent).get(desk(case, f"pieces/{doc.id}/1"))

    assert answer.content.startswith(b"\xff\xd8")
    last = ledger.history(case.id)[-1]
    assert (last.event.name, last.event.part, last.actor_id) == ("FileViewed", "passport_page", str(agent.pk))


def test_another_posts_agent_sees_nothing(stamps: FakeStamps):
    case, agent = submitted(), an_agent(post="CA-MONTREAL")
    doc = queries.documents(case.id)[0]
    client = as_agent(agent)

    assert client.get(desk(case, f"pieces/{doc.id}/1")).status_code == 404
    for action in ("accepter", "corriger", "terminer"):
        assert client.post(desk(case, action), {"revision": 1}).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "support"])
def test_a_reader_does_not_decide(stamps: FakeStamps, role: str):
    case, agent = submitted(), an_agent(role)

    assert as_agent(agent).post(desk(case, "accepter"), {"revision": queries.revision(case.id)}).status_code == 404


def test_the_gate_is_passed_from_the_file(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    client = as_agent(agent)
    page = client.get(f"/bureau/dossiers/{case.reference}/").content.decode()
    assert "Accepter la demande" in page

    answer = client.post(desk(case, "accepter"), {"revision": queries.revision(case.id)})

    case.refresh_from_db()
    assert answer["Location"] == f"/bureau/dossiers/{case.reference}/"
    assert case.application == "accepted"


def test_a_correction_is_asked_from_the_file(stamps: FakeStamps):
    case, agent = submitted(), an_agent()

    as_agent(agent).post(
        desk(case, "corriger"), {"revision": queries.revision(case.id), "words_photo": "La photo est floue."}
    )

    assert queries.open_corrections(case.id)["photo"].words == "La photo est floue."


def test_an_end_without_reasons_is_asked_again_with_what_was_chosen(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    given = {"revision": queries.revision(case.id), "kind": "refused", "rule": "E7"}

    answer = as_agent(agent).post(desk(case, "terminer"), given)

    case.refresh_from_db()
    assert answer.status_code == 422
    assert "une décision défavorable est motivée" in answer.content.decode()
    assert case.is_open


def test_a_refusal_is_read_by_the_applicant_with_its_appeal(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    given = {
        "revision": queries.revision(case.id),
        "kind": "refused",
        "rule": "E7",
        "reasons": "Passeport trop ancien.",
    }
    as_agent(agent).post(desk(case, "terminer"), given)

    page = as_applicant(case.applicant_sub).get(url(case, "ma-demande")).content.decode()

    for words in ("Passeport trop ancien.", "E7", "tribunal administratif", case.reference):
        assert words in page
