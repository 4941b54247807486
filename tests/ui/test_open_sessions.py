"""A person sees where they are signed in, recognises their devices, and closes what they do not recognise."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from escale import clock
from escale.ui import devices
from escale.ui.models import OpenSession
from tests.factories.cases import a_case, an_agent
from tests.factories.web import as_agent, as_applicant

TABLET = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.1 Safari/605.1.15"
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36"
)


def on(client: Client, user_agent: str) -> Client:
    client.defaults["HTTP_USER_AGENT"] = user_agent
    return client


def page(client: Client) -> str:
    """What is read, a page after the one that signed in."""
    client.get("/mes-connexions/")
    return client.get("/mes-connexions/").content.decode()


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (TABLET, "Safari, sur un Mac ou un iPad"),
        (PHONE, "Chrome, sur un téléphone Android"),
        (PHONE.replace(" Mobile", ""), "Chrome, sur une tablette Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari, sur un iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox, sur un ordinateur Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0",
            "Edge, sur un ordinateur Windows",
        ),
        ("", "Un navigateur, sur un appareil que nous ne reconnaissons pas"),
        ("<script>alert(1)</script>", "Un navigateur, sur un appareil que nous ne reconnaissons pas"),
    ],
)
def test_a_device_is_told_in_words(user_agent: str, words: str):
    assert devices.in_words(devices.recognise(user_agent)) == words


@pytest.mark.django_db
@pytest.mark.parametrize("site", ["portal", "reception"])
def test_a_person_sees_this_session_and_the_others_and_never_their_keys(site: str):
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        phone, tablet = on(as_applicant("suzanne", site), PHONE), on(as_applicant("suzanne", site), TABLET)
        page(phone)
        machine.move_to(start + timedelta(minutes=12))
        read = page(tablet)

    assert read.index("Safari, sur un Mac ou un iPad") < read.index("cette connexion")
    assert read.index("cette connexion") < read.index("Chrome, sur un téléphone Android")
    assert "Dernière utilisation il y a 12 minutes" in read
    assert not any(row.session_key in read for row in OpenSession.objects.all())


@pytest.mark.django_db
def test_closing_one_ends_it_at_once_and_leaves_the_page_its_own():
    phone, tablet = on(as_applicant("suzanne"), PHONE), on(as_applicant("suzanne"), TABLET)
    page(phone), page(tablet)
    lost = OpenSession.objects.get(session_key=phone.cookies["escale_portal"].value)

    said = tablet.post("/mes-connexions/fermer/", {"connexion": lost.pk}, follow=True).content.decode()

    assert "Connexion fermée." in said
    assert "Une seule connexion à ce site est ouverte" in said
    assert "/connexion/" in phone.get("/mes-demandes/")["Location"]
    assert not Session.objects.filter(session_key=lost.session_key).exists()
    again = tablet.post("/mes-connexions/fermer/", {"connexion": lost.pk}, follow=True).content.decode()
    assert "Cette connexion était déjà fermée." in again


@pytest.mark.django_db
def test_all_the_others_are_closed_together_on_this_site_alone():
    first, second, here = (as_applicant("suzanne") for _ in range(3))
    other_site = as_applicant("suzanne", "reception")
    for client in (first, second, here, other_site):
        page(client)

    assert "2 connexions fermées." in here.post(
        "/mes-connexions/fermer/", {"connexion": "autres"}, follow=True
    ).content.decode().replace("\u00a0", " ")
    assert [client.get("/mes-connexions/").status_code for client in (first, second, here, other_site)] == [
        302, 302, 200, 200,
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "x", "²", "-1", "9" * 30])
def test_what_is_no_number_closes_nothing(typed: str):
    here, other = as_applicant("suzanne"), as_applicant("suzanne")
    page(here), page(other)

    assert here.post("/mes-connexions/fermer/", {"connexion": typed})["Location"] == "/mes-connexions/"
    assert Session.objects.count() == 2


@pytest.mark.django_db
def test_nobody_sees_or_closes_the_sessions_of_somebody_else():
    owner, stranger, agent = on(as_applicant("suzanne"), PHONE), as_applicant("stranger"), as_agent(an_agent())
    page(owner), page(stranger)
    theirs = OpenSession.objects.get(session_key=owner.cookies["escale_portal"].value)

    assert "Android" not in page(stranger)
    assert "Android" not in page(agent)
    for client in (stranger, agent):
        client.post("/mes-connexions/fermer/", {"connexion": theirs.pk})
        client.post("/mes-connexions/fermer/", {"connexion": "autres"})
    assert owner.get("/mes-connexions/").status_code == 200


@pytest.mark.django_db
def test_what_has_ended_is_not_shown_and_the_next_sign_in_erases_it():
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        page(as_applicant("suzanne")), page(as_applicant("somebody"))
        machine.move_to(start + timedelta(minutes=31))
        assert "Une seule connexion à ce site est ouverte" in page(as_applicant("suzanne"))

        assert Session.objects.count() == OpenSession.objects.count() == 1


@pytest.mark.django_db
def test_the_data_to_take_away_say_where_their_person_is_signed_in():
    case = a_case("submitted")
    client = on(as_applicant(case.applicant_sub), PHONE)
    client.get("/mes-demandes/")

    taken = json.loads(client.get(f"/demande/{case.reference}/mes-donnees/?export=json").content)

    assert [(one["site"], one["device"]) for one in taken["signed_in"]] == [
        ("portal", "Chrome, sur un téléphone Android")
    ]
