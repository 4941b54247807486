"""A session lives while it is used, without a write for every page."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from escale import clock
from escale.ui.sessions import SessionStore
from tests.factories.cases import an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db


def end_of(client: Client) -> float:
    return Session.objects.get(session_key=client.cookies["escale_desk"].value).expire_date.timestamp()


def test_reading_pages_puts_the_end_off_once_a_minute():
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        client = as_agent(an_agent())
        client.get("/bureau/")
        first = end_of(client)
        machine.move_to(start + timedelta(seconds=59))
        client.get("/bureau/")
        assert end_of(client) == first
        machine.move_to(start + timedelta(seconds=61))
        client.get("/bureau/")
        assert end_of(client) == pytest.approx(first + 61, abs=1)


def test_half_an_hour_of_silence_ends_a_session():
    start = clock.now()
    with time_machine.travel(start, tick=False) as machine:
        client = as_agent(an_agent())
        assert client.get("/bureau/").status_code == 200
        machine.move_to(start + timedelta(minutes=29))
        assert client.get("/bureau/").status_code == 200
        machine.move_to(start + timedelta(minutes=58))
        assert client.get("/bureau/").status_code == 200
        machine.move_to(start + timedelta(minutes=89))
        assert client.get("/bureau/").status_code == 302


def test_a_visitor_without_session_is_given_none():
    client = Client(HTTP_HOST="127.0.0.1:8000")

    client.get("/")

    assert not Session.objects.exists()
    assert "escale_portal" not in client.cookies


def test_what_a_session_holds_is_sealed():
    client = as_agent(an_agent(usual_name="Perrin"))
    client.get("/bureau/")

    kept = Session.objects.get().session_data
    assert "Perrin" not in kept
    assert SessionStore().decode(kept)["name"] == "Camille Perrin"
    assert SessionStore().decode(kept[:-4] + "AAAA") == {}
    assert Session.objects.get().expire_date > timezone.now()
