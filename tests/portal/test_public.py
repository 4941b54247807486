"""What anyone may read before signing in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from escale.case import policy
from escale.portal import delays, self_check
from escale.steps.step1_sign_in import rules
from tests.factories.cases import NOON, a_case, a_post
from tests.factories.web import a_client

pytestmark = pytest.mark.django_db
PAGES = (
    "",
    "verifier/",
    "verifier/majeur/",
    "documents/",
    "aide/",
    "delais/",
    "accessibilite/",
    "donnees-personnelles/",
    "mentions-legales/",
)
GOOD = {question.slug: question.accepted[0] for question in self_check.QUESTIONS}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_in_both_languages(page: str, language: str):
    client = a_client("portal")
    client.cookies["langue"] = language

    answer = client.get(f"/{page}")

    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1
    assert f'<html lang="{language}"' in answer.content.decode()


def test_the_home_page_draws_the_eight_steps_of_the_poster():
    page = a_client("portal").get("/").content.decode()

    steps = page.split('class="escale-steps"')[1].split("</ol>")[0]
    assert steps.count("<li>") == 8
    assert "Connexion sécurisée à la démarche" in steps
    assert "96 €" in page


def test_good_answers_lead_through_every_question_to_a_yes():
    client, url, asked = a_client("portal"), "/verifier/majeur/", []
    given: dict[str, str] = {}
    for question in self_check.QUESTIONS:
        given[question.slug] = GOOD[question.slug]
        asked.append(url.split("?")[0].split("/")[2])
        url = client.get(url.split("?")[0], {**given, "envoye": "1"})["Location"]

    assert asked == [question.slug for question in self_check.QUESTIONS]
    assert "vous pouvez renouveler à distance" in client.get(url).content.decode()
    assert "escale_portal" not in client.cookies


@pytest.mark.parametrize("question", self_check.QUESTIONS, ids=lambda question: question.rule)
def test_each_wrong_answer_names_its_rule_article_and_way_out(question: self_check.Question):
    wrong = next(value for value, _label in question.choices if value not in question.accepted)
    answer = a_client("portal").get(f"/verifier/{question.slug}/", {question.slug: wrong, "envoye": "1"}, follow=True)
    page = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    rule = rules.BY_ID[question.rule]

    for words in (rule.refusal, rule.source, rule.way_out):
        assert words in page


def test_going_back_loses_nothing():
    given = {"majeur": "oui", "pays": "CA"}
    page = a_client("portal").get("/verifier/residence/", given).content.decode()
    back = re.search(r'href="(/verifier/pays/[^"]*)"', page)

    before = a_client("portal").get(back[1].replace("&amp;", "&")).content.decode()

    assert re.search(r'value="CA"[^>]*checked', before)
    assert 'name="majeur" value="oui"' in before


def test_no_answer_is_asked_again_with_words():
    page = a_client("portal").get("/verifier/majeur/", {"envoye": "1"}).content.decode()

    assert "Choisissez une réponse" in page
    assert 'href="#id_majeur_0"' in page


def test_a_made_up_answer_is_ignored():
    assert self_check.answers_of({"majeur": "<script>", "pays": "CA", "other": "x"}) == {"pays": "CA"}
    assert a_client("portal").get("/verifier/nothing/").status_code == 404


def test_after_the_experiment_nobody_may():
    with time_machine.travel("2027-12-01T12:00:00Z", tick=False):
        page = a_client("portal").get("/verifier/resultat/", GOOD).content.decode()

    assert "(E8)" in page


def test_every_question_asks_for_a_rule_and_all_that_can_be_asked_are():
    asked = {question.rule for question in self_check.QUESTIONS}

    assert asked == set(rules.BY_ID) - {"E8", "X6", "P1"}


def test_the_list_of_documents_follows_the_situation():
    given = {"motive": "error", "usage_origin": "widowed", "hosted": "oui", "keeps_visa": "oui"}
    page = a_client("portal").get("/documents/", given).content.decode()

    for words in ("Déclaration sur l’honneur", "Acte de décès", "Lettre signée", "Copie du visa"):
        assert words in page
    assert "Timbre électronique «" not in page


def test_delays_of_few_cases_are_masked():
    post = a_post()
    for _ in range(delays.FEW - 1):
        a_case("delivered", post=post)
    now = NOON + timedelta(days=1)
    assert delays.total(now).median is None

    a_case("delivered", post=post)

    assert delays.total(now).median == 0
    figures = a_client("portal").get("/delais.json").json()
    assert figures["posts"][0]["code"] == "all"
    assert figures["posts"][0]["stages"]["total"] == {"median": 0, "nine_in_ten": 0}


def test_a_page_that_does_not_exist_says_so():
    answer = a_client("portal").get("/nulle-part/")

    assert answer.status_code == 404
    assert "Page introuvable" in answer.content.decode()


def test_the_privacy_page_says_every_period_of_the_policy():
    page = a_client("portal").get("/donnees-personnelles/").content.decode().replace("\u00a0", " ")

    for line in policy.POLICIES:
        if line.name.startswith("retention_"):
            assert f"{line.value} jours" in page


def test_the_legal_notice_names_publisher_and_host(settings):
    settings.PUBLISHER, settings.HOSTING = "Ministère d’essai, 1 rue des Essais", "Hébergeur d’essai"

    page = a_client("portal").get("/mentions-legales/").content.decode()

    assert "Ministère d’essai, 1 rue des Essais" in page
    assert "Hébergeur d’essai" in page


@pytest.mark.parametrize("site", ["portal", "reception"])
def test_every_page_of_both_sites_leads_to_the_legal_pages(site: str):
    page = a_client(site).get("/").content.decode()
    footer = page.split("<footer")[1]

    for path in ("accessibilite/", "donnees-personnelles/", "mentions-legales/", "aide/"):
        assert f"/{path}" in footer


def test_a_question_is_asked_once_on_its_page():
    page = a_client("portal").get("/verifier/pays/").content.decode()

    assert page.split("<main")[1].count("Dans quel pays vivez-vous") == 1
