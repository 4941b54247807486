"""The home of a case at every point of its journey, and the pages around it."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import time_machine
from django.utils.html import conditional_escape

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger.record import changing
from escale.people.actors import job
from escale.ports import directory
from escale.ports.mailer import Message
from escale.vault import keys
from escale.worker import messages as message_worker
from tests.factories.cases import NOON, POINTS, a_case, acting, an_agent
from tests.factories.web import a_client, as_applicant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("point", POINTS)
def test_the_home_tells_what_to_do_at_every_point(point: str):
    case = a_case(point)
    page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/").content.decode()

    assert len(re.findall(r'<li data-state="(?:done|now|next|waiting|stopped)">', page)) == 8
    assert 'class="escale-now__sentence"' in page
    assert page.count('data-holder="') == 4
    assert case.post.email in page


@pytest.mark.parametrize("point", ["matched", "draft", "bookable"])
def test_what_waits_for_the_applicant_has_one_main_action(point: str):
    case = a_case(point)
    page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/").content.decode()
    now = page.split('class="escale-now"')[1].split("</section>")[0]

    assert "À vous, maintenant" in now
    assert now.count("fr-btn--lg") == 1


def test_what_waits_for_the_post_says_there_is_nothing_to_do():
    case = a_case("submitted")
    page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/").content.decode()

    assert "Rien à faire pour vous" in page


def test_what_is_over_is_not_offered_to_be_withdrawn():
    over, going = a_case("completed"), a_case("submitted")

    for case, offered in ((over, False), (going, True)):
        page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/").content.decode()
        assert (f"/demande/{case.reference}/retirer/" in page) is offered


@pytest.mark.parametrize("page", ["", "messages/", "historique/", "mes-donnees/"])
def test_another_persons_case_does_not_exist(page: str):
    case = a_case("draft")

    assert as_applicant("somebody").get(f"/demande/{case.reference}/{page}").status_code == 404
    assert "connexion" in a_client("portal").get(f"/demande/{case.reference}/{page}")["Location"]


def test_my_cases_are_mine():
    case, other = a_case("draft"), a_case("draft")

    page = as_applicant(case.applicant_sub).get("/mes-demandes/").content.decode()

    assert case.reference in page
    assert other.reference not in page


def test_without_a_case_one_is_led_to_the_register():
    assert as_applicant("newcomer").get("/mes-demandes/")["Location"] == "/registre/"


def test_the_history_says_who_opened_the_file():
    case, agent = a_case("submitted"), an_agent()
    client = as_applicant(case.applicant_sub)
    assert "Personne ne l’a encore ouvert" in client.get(f"/demande/{case.reference}/historique/").content.decode()

    with changing(case.id, actor=acting(agent), now=NOON) as change:
        change.record(Decision.of(e.FileViewed(part="address_proof")))

    page = client.get(f"/demande/{case.reference}/historique/").content.decode()
    assert "un agent consulaire, Consulat général de France à Toronto" in page
    assert "Justificatif de domicile" in page
    assert agent.usual_name not in page


def test_every_message_sent_is_listed():
    case = a_case("submitted")
    with changing(case.id, actor=job("messages"), now=NOON) as change:
        change.record(Decision.of(e.MessageSent(kind="submitted"), e.MessageFailed(kind="accepted")))

    page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/messages/").content.decode()

    assert "Votre demande est envoyée" in page
    assert "non distribué" in page


def test_a_message_is_read_again_as_it_was_sent_and_by_nobody_else(monkeypatch: pytest.MonkeyPatch):
    case, other = a_case("submitted"), a_case("submitted")
    box: list[Message] = []
    monkeypatch.setattr(directory, "mailer", lambda: SimpleNamespace(send=box.append))
    for one in (case, other):
        message_worker.send(one, e.ApplicationSubmitted(motive="expiring"), key=f"k-{one.reference}", now=NOON)

    page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/messages/").content.decode()

    first_line = next(line for line in box[0].text.splitlines() if case.reference in line)
    assert box[0].subject in page
    assert conditional_escape(first_line[:40]) in page
    assert other.reference not in page


def test_the_language_of_messages_is_chosen():
    case = a_case("draft")

    as_applicant(case.applicant_sub).post(f"/demande/{case.reference}/messages/", {"language": "en"})

    case.refresh_from_db()
    assert case.language == "en"


def test_after_the_end_of_retention_nothing_can_be_read():
    case = a_case("completed")
    keys.destroy(case.id, now=NOON)

    for page in ("", "messages/", "historique/", "mes-donnees/", "ma-demande/"):
        answer = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/{page}")
        assert "a été effacé" in answer.content.decode()
