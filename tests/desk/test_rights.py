"""Rights have a last day, a history and an author; settings of a post too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.test import Client

from escale import clock
from escale.desk import queries, supervision
from escale.people.models import Agent, Post, PostChange, RightsChange
from escale.ports import directory
from escale.steps.step4_interview import queries_slots
from tests.desk.test_supervision import NOA, SETTINGS, grant
from tests.factories.cases import a_case, a_post, acting, an_agent
from tests.factories.web import a_client, as_agent, as_applicant

pytestmark = pytest.mark.django_db
OF_A_POST = ("/bureau/agenda/", "/bureau/expeditions/", "/bureau/quarante-jours/")
# 20:30 in Toronto, where it is still the 9th when Paris has the 10th.
EVENING = datetime(2026, 11, 10, 1, 30, tzinfo=UTC)


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    return EVENING


def ending(agent: Agent, day: str) -> Client:
    Agent.objects.filter(pk=agent.pk).update(role_until=day)
    return as_agent(agent)


# --- the last day ---


def test_a_right_opens_everything_to_its_last_day_where_the_post_is_and_nothing_after(agent: Agent, evening: datetime):
    case = a_case("submitted")
    file = f"/bureau/dossiers/{case.reference}/"

    assert ending(agent, "2026-11-09").get(file).status_code == 200
    ended = ending(agent, "2026-11-08")
    for answer in (ended.get(file), ended.get("/bureau/"), ended.post(f"{file}note", {"text": "Vu."})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/connexion/")


def test_whoever_has_no_right_left_is_given_no_case_and_no_interview(agent: Agent, evening: datetime):
    case, other = a_case("submitted"), an_agent(usual_name="Blanc")
    ending(agent, "2026-11-08")

    assert queries.deciders(case.post_id, evening) == [other]
    as_agent(other).post(f"/bureau/dossiers/{case.reference}/prendre", {"agent": agent.pk})
    assert queries.around(case).assignment is None
    receiver = next(one for one in queries_slots.receivers(case.post) if one.agent == agent)
    assert {until for _hours, _since, until in receiver.hours} == {date(2026, 11, 8)}


def test_a_right_is_given_to_a_day_and_says_by_whom_and_when(supervisor: Agent, agent: Agent, evening: datetime):
    client = as_agent(supervisor)

    assert grant(client, agent, until="31/12/2026").status_code == 302

    agent.refresh_from_db()
    assert f"{agent.role_until}" == "2026-12-31"
    page = client.get("/bureau/equipe/").content.decode()
    assert "31/12/2026" in page
    assert f"{supervisor}, " in page
    history = client.get(f"/bureau/equipe/{agent.pk}/").content.decode()
    assert "jusqu’au 31/12/2026" in history
    assert f"({supervisor})" in history


def test_a_day_that_is_past_is_refused_beside_its_field(supervisor: Agent, agent: Agent, evening: datetime):
    answer = grant(as_agent(supervisor), agent, until="08/11/2026")

    assert answer.status_code == 422
    assert 'href="#id_until"' in answer.content.decode()
    assert 'value="08/11/2026"' in answer.content.decode()
    assert grant(as_agent(supervisor), agent, until="09/11/2026").status_code == 302  # today, in Toronto
    assert not RightsChange.objects.filter(until="2026-11-08").exists()


def test_a_right_is_ended_at_once_and_the_record_stays(supervisor: Agent, agent: Agent):
    working = as_agent(agent)
    grant(as_agent(supervisor), agent, until="31/12/2099")

    answer = as_agent(supervisor).post(f"/bureau/equipe/{agent.pk}/", {"fin": "1"}, follow=True)

    assert "Le droit a pris fin." in answer.content.decode()
    assert working.get("/bureau/").status_code == 302
    kept = [(change.role, change.by_id, change.until is None) for change in supervision.rights_history(agent)]
    assert kept == [("", supervisor.pk, True), ("agent", supervisor.pk, False)]


def test_nobody_ends_or_extends_their_own_right(supervisor: Agent):
    client = as_agent(supervisor)

    assert client.post(f"/bureau/equipe/{supervisor.pk}/", {"fin": "1"}).status_code == 404
    assert grant(client, supervisor, role="supervisor", until="31/12/2099").status_code == 404
    assert not RightsChange.objects.exists()


def test_the_team_costs_the_same_whatever_its_size(supervisor: Agent, django_assert_num_queries):
    def people(number: int) -> None:
        for _ in range(number):
            grant(as_agent(supervisor), an_agent(), until="31/12/2099")

    people(2)
    with django_assert_num_queries(2):
        supervision.members(acting(supervisor), clock.now())
    people(6)
    with django_assert_num_queries(2):
        assert len(supervision.members(acting(supervisor), clock.now())) == 9


# --- settings: their history, and the post's own words ---

WORDS = {
    "welcome_fr": "Bienvenue au consulat.",
    "welcome_en": "Welcome to the consulate.",
    "contact_fr": "Téléphone le matin.",
    "contact_en": "By phone in the morning.",
    "opening_fr": "Fermé le 14 juillet.",
    "opening_en": "Closed on 14 July.",
}


def test_each_setting_changed_is_told_with_who_and_what_it_was(supervisor: Agent):
    client = as_agent(supervisor)
    client.post("/bureau/poste/", {**SETTINGS, "day_0": "09:00-12:00"})
    client.post("/bureau/poste/", {**SETTINGS, "day_0": "09:00-12:00", "phone": "+1 416 555 0199"})

    last = PostChange.objects.latest("pk")
    page = client.get("/bureau/poste/").content.decode()
    assert (last.field, last.before, last.after) == ("phone", "+1 416 555 0100", "+1 416 555 0199")
    assert PostChange.objects.filter(field="phone").count() == 2  # what is typed again unchanged is no change
    assert "lundi 09:00-12:00" in page
    assert "dès le dépôt de la demande" in page
    assert page.count(f"({supervisor})") == PostChange.objects.count()


def test_the_history_of_another_post_is_not_shown(supervisor: Agent):
    other = an_agent("supervisor", post=a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid").code)
    as_agent(other).post("/bureau/poste/", SETTINGS)

    assert supervision.post_history(Post.objects.get(pk=supervisor.post_id)) == []


@pytest.mark.parametrize(("language", "suffix"), [("fr", "_fr"), ("en", "_en")])
def test_applicants_read_the_post_s_own_words_in_their_language(supervisor: Agent, language: str, suffix: str):
    case = a_case("submitted", sub="reader")
    assert as_agent(supervisor).post("/bureau/poste/", {**SETTINGS, **WORDS}).status_code == 302

    reader = as_applicant("reader")
    page = reader.get(f"/demande/{case.reference}/", headers={"accept-language": language}).content.decode()

    for name, text in WORDS.items():
        assert (text in page) is name.endswith(suffix)


def test_words_are_given_in_both_languages_and_shown_as_they_are_typed(supervisor: Agent):
    client = as_agent(supervisor)

    half = client.post("/bureau/poste/", {**SETTINGS, "welcome_fr": "Bienvenue."})
    assert half.status_code == 422
    assert 'href="#id_welcome_en"' in half.content.decode()
    client.post("/bureau/poste/", {**SETTINGS, "welcome_fr": "<script>", "welcome_en": "<script>"})
    case = a_case("submitted", sub="reader")
    page = as_applicant("reader").get(f"/demande/{case.reference}/").content.decode()
    assert "<script></p>" not in page
    assert "&lt;script&gt;" in page


def test_who_signs_in_after_the_last_day_is_told_when_it_was(
    agent: Agent, evening: datetime, monkeypatch: pytest.MonkeyPatch
):
    ending(agent, "2026-11-08")
    proof = SimpleNamespace(identity=replace(NOA, sub=agent.sub, idp_id=agent.idp_id), id_token="", auth_time=0)
    monkeypatch.setattr(directory, "proconnect", lambda: SimpleNamespace(finish=lambda **_asked: proof))

    answer = a_client("desk", session={"proconnect": {"state": "s"}}).get("/connexion/retour?code=c&state=s")

    assert answer.status_code == 403
    assert "Votre droit a pris fin" in answer.content.decode()
    assert "08/11/2026" in answer.content.decode()


def test_an_agent_without_a_post_is_not_led_to_a_page_of_one():
    lost = an_agent()
    Agent.objects.filter(pk=lost.pk).update(post=None)
    client = as_agent(lost)

    assert 'href="/bureau/agenda/"' not in client.get("/bureau/").content.decode()
    for page in OF_A_POST:
        assert client.get(page).status_code == 404
    assert client.get("/bureau/poste-regarde/").status_code == 404


def test_an_auditor_chooses_the_post_whose_agenda_bench_and_forty_days_to_see():
    reader, case, elsewhere = an_agent("auditor"), a_case("delivered"), a_post("ES-MADRID", name="Madrid")
    Agent.objects.filter(pk=reader.pk).update(post=None)
    client = as_agent(reader)
    chooser = client.get("/bureau/quarante-jours/")["Location"]

    assert chooser == "/bureau/poste-regarde/?suite=%2Fbureau%2Fquarante-jours%2F"
    assert client.post(chooser, {"post": ""}).status_code == 422
    assert client.post(chooser, {"post": case.post_id})["Location"] == "/bureau/quarante-jours/"
    assert case.reference in client.get("/bureau/quarante-jours/").content.decode()
    for page in OF_A_POST:
        answer = client.get(page)
        assert (answer.status_code, str(case.post) in answer.content.decode()) == (200, True)
        assert client.post(page, {"scan": case.reference}).status_code in {404, 405}
    away = client.post("/bureau/poste-regarde/?suite=//evil.example", {"post": elsewhere.pk})
    assert away["Location"] == OF_A_POST[0]
    assert case.reference not in client.get("/bureau/quarante-jours/").content.decode()
