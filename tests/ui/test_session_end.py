"""The end of a session is announced, can be put off, loses nothing that was saved, and comes in any case."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from escale import clock
from tests.factories.cases import a_case, an_agent
from tests.factories.web import a_client, as_agent, as_applicant

pytestmark = pytest.mark.django_db
AFTER = timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
SITES = {"portal": "/aide/", "reception": "/", "desk": "/bureau/"}


def signed_in(site: str) -> Client:
    return as_agent(an_agent()) if site == "desk" else as_applicant("owner", site)


@pytest.mark.parametrize("site", SITES)
def test_every_page_of_a_session_says_when_it_ends_and_offers_more(site: str):
    page = signed_in(site).get(SITES[site]).content.decode()

    foot = page.split('id="session"')[1].split("</section>")[0]
    assert 1790 <= int(re.search(r'data-seconds="(\d+)"', foot)[1]) <= 1800
    assert re.search(r"votre session se termine à \d\d:\d\d \(\w+\)", foot)
    assert 'action="/session/prolonger/"' in foot
    assert 'id="session"' not in a_client(site).get("/connexion/").content.decode()


def test_the_hour_is_that_of_the_post():
    case = a_case("draft")
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/").content.decode()

    assert "votre session se termine à 07:30 (Toronto)" in page


def test_asking_how_long_is_left_does_not_make_it_last():
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        client = as_applicant("owner")
        client.get("/aide/")
        machine.move_to(start + timedelta(minutes=26))
        assert client.get("/session/").json() == {"seconds": 240, "final": False}
        machine.move_to(start + AFTER)
        assert client.get("/session/").json() == {"seconds": 0, "final": False}


def test_putting_it_off_gives_a_whole_half_hour():
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        client = as_applicant("owner")
        client.get("/aide/")
        machine.move_to(start + timedelta(minutes=29))
        assert client.post("/session/prolonger/", headers={"accept": "application/json"}).json()["seconds"] == 1800
        machine.move_to(start + timedelta(minutes=58))
        assert client.get("/session/").json()["seconds"] == 60
        assert "Votre session est prolongée" in client.post("/session/prolonger/").content.decode()
        assert client.get("/session/prolonger/").status_code == 405


def test_nobody_gains_a_session_by_asking_for_more():
    client = a_client("portal")

    assert client.post("/session/prolonger/", headers={"accept": "application/json"}).json()["seconds"] == 0
    assert "escale_portal" not in client.cookies


@pytest.mark.parametrize("site", ["portal", "desk"])
def test_however_used_a_session_ends_after_twelve_hours(site: str):
    start = clock.now()
    page = {"portal": "/mes-demandes/", "desk": "/bureau/"}[site]
    with time_machine.travel(start, tick=False) as machine:
        client = signed_in(site)
        for step in range(36):
            machine.move_to(start + timedelta(minutes=20) * step)
            assert "connexion" not in client.get(page).headers.get("Location", "")
        assert client.get("/session/").json() == {"seconds": 1200, "final": True}
        machine.move_to(start + timedelta(hours=12))
        assert client.get(page)["Location"].startswith("/connexion/?suite=")


@pytest.mark.parametrize(("site", "page"), [("portal", "/mes-demandes/"), ("desk", "/bureau/"), ("reception", None)])
def test_an_ended_session_says_what_is_kept_and_leads_back(site: str, page: str | None):
    page = page or "/passeports/"
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        client = signed_in(site)
        client.get(page)
        machine.move_to(start + AFTER)
        del client.cookies[f"escale_{site}"]
        sent = client.get(page)
        assert sent["Location"] == f"/connexion/?suite={page.replace('/', '%2F')}&probleme=session"
        told = client.get(sent["Location"]).content.decode()

    assert "Votre session est terminée" in told
    assert "vous reviendrez à la même page" in told


def test_a_form_sent_too_late_leads_back_to_its_page():
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        client = as_applicant("owner")
        client.get("/registre/")
        machine.move_to(start + AFTER)
        sent = client.post("/registre/", {}, headers={"referer": "http://127.0.0.1:8000/documents/?hosted=oui"})
        elsewhere = client.post("/registre/", {}, headers={"referer": "https://evil.example/"})

    assert "suite=%2Fdocuments%2F%3Fhosted%3Doui&" in sent["Location"]
    assert "suite=%2Fregistre%2F&" in elsewhere["Location"]


def test_a_first_visit_hears_of_no_session():
    assert "probleme" not in a_client("portal").get("/mes-demandes/")["Location"]


@pytest.mark.parametrize("site", SITES)
def test_signing_out_is_a_form_and_is_remembered_by_nothing(site: str):
    client = signed_in(site)
    page = client.get(SITES[site]).content.decode()
    assert '<form method="post" action="/deconnexion/">' in page
    assert client.cookies[f"escale_{site}_opened"].value == "1"
    assert client.get("/deconnexion/").status_code == 405

    client.post("/deconnexion/")

    assert client.cookies[f"escale_{site}_opened"].value == ""
    assert client.get("/session/").json()["seconds"] == 0
