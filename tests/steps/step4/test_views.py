"""The interview's pages: booking, rehearsal, room, receipt, the agent's sheet, the week."""

import json
from datetime import datetime, timedelta

import icalendar
import pypdfium2
import pytest
from django.test import Client

from escale import clock
from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.models import Agent
from escale.steps.step4_interview import queries, queries_slots, rules_slots
from escale.steps.step4_interview.models import Readiness
from tests.factories.cases import NOON, a_case, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.steps.step4.scenes import ZONE, booked, decide, first_slot, held, started

pytestmark = pytest.mark.django_db


class Hour:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch) -> Hour:
    told = Hour()
    monkeypatch.setattr(clock, "now", told)
    return told


def own(case: Case, rest: str) -> str:
    return f"/demande/{case.reference}/{rest}"


def desk(case: Case, rest: str = "") -> str:
    return f"/bureau/entretien/{case.reference}/{rest}"


def proved(agent: Agent, at: datetime) -> Client:
    return as_agent(agent, authenticated_at=at.isoformat())


# ── booking ──


def test_slots_show_both_clocks(sub: str):
    an_agent()
    case, client = a_case("bookable", sub=sub), as_applicant(sub)
    client.post(own(case, "rendez-vous/horloge/"), {"zone": "America/Halifax"})

    text = client.get(own(case, "rendez-vous/")).content.decode()

    assert "10:00" in text  # nine in Toronto is ten in Halifax
    assert "Toronto 09:00" in text
    assert "Halifax" in text


def test_booking_then_moving_then_cancelling(sub: str):
    an_agent()
    case, client = a_case("bookable", sub=sub), as_applicant(sub)
    slots = queries_slots.free_slots(case.post, now=NOON)

    assert client.post(own(case, "rendez-vous/"), {"slot": slots[0].key}).status_code == 302
    moved = client.post(own(case, "rendez-vous/"), {"slot": slots[5].key, "instead": slots[0].key})
    assert moved.status_code == 302
    told = queries.appointment(case.id)
    assert told is not None
    assert (told.starts_at, told.sequence) == (slots[5].starts_at, 1)
    calendar = icalendar.Calendar.from_ical(client.get(own(case, "rendez-vous/entretien.ics")).content)
    event = calendar.walk("VEVENT")[0]
    assert event.decoded("dtstart") == slots[5].starts_at
    assert client.post(own(case, "rendez-vous/annuler/"), {"slot": slots[5].key}).status_code == 302

    case.refresh_from_db()
    assert case.interview == "bookable"


@pytest.mark.parametrize("slot", ["", "hier", "20260302T1200Z"])
def test_a_slot_that_is_none_is_said_and_the_page_kept(sub: str, slot: str):
    an_agent()
    case = a_case("bookable", sub=sub)

    answer = as_applicant(sub).post(own(case, "rendez-vous/"), {"slot": slot})

    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()


def test_too_late_hides_the_change_and_names_the_post(sub: str, hour: Hour):
    case, _agents, booking = booked(sub)
    hour.at = booking.starts_at - timedelta(hours=5)

    text = as_applicant(sub).get(own(case, "rendez-vous/")).content.decode()

    assert "rendez-vous/annuler/" not in text
    assert case.post.email in text
    late = {"slot": rules_slots.key(booking.starts_at)}
    assert as_applicant(sub).post(own(case, "rendez-vous/annuler/"), late).status_code == 302
    assert queries.appointment(case.id) is not None


def test_without_agents_the_page_says_so(sub: str):
    case = a_case("bookable", sub=sub)

    assert "Aucun créneau n’est libre" in as_applicant(sub).get(own(case, "rendez-vous/")).content.decode()


def test_the_booking_pages_cost_the_same_for_one_agent_and_for_ten(sub: str, django_assert_max_num_queries):
    for _ in range(10):
        an_agent()
    case = a_case("bookable", sub=sub)

    client = as_applicant(sub)
    client.get(own(case, "rendez-vous/"))  # what a session costs once is not the page's

    with django_assert_max_num_queries(16):
        client.get(own(case, "rendez-vous/"))


PAGES = ["rendez-vous/", "rendez-vous/annuler/", "rendez-vous/entretien.ics", "essai/", "salle/", "salle/messages/"]


@pytest.mark.parametrize("page", [*PAGES, "recepisse/"])
def test_nobody_sees_anothers_interview(sub: str, page: str):
    case, _agents, _booking = booked(sub)

    assert as_applicant("another").get(own(case, page)).status_code == 404


def test_the_interview_does_not_exist_before_validation(sub: str):
    case = a_case("accepted", sub=sub)

    assert as_applicant(sub).get(own(case, "rendez-vous/")).status_code == 404
    assert as_agent(an_agent()).get(desk(case)).status_code == 404


# ── rehearsal and room ──


def test_a_rehearsal_is_kept(sub: str):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)

    page = client.get(own(case, "essai/"))
    client.post(own(case, "essai/"), {"camera": "1", "microphone": "0", "network": "1"})

    assert page["Permissions-Policy"] == "camera=(self), microphone=(self)"
    row = Readiness.objects.get(case=case)
    assert (row.camera, row.microphone, row.network) == (True, False, True)


def test_the_room_opens_half_an_hour_before(sub: str, hour: Hour):
    case, _agents, booking = booked(sub)
    client = as_applicant(sub)

    assert "ouvre trente minutes avant" in client.get(own(case, "salle/")).content.decode()
    hour.at = booking.starts_at - timedelta(minutes=20)
    page = client.get(own(case, "salle/")).content.decode()
    assert 'id="salle"' in page
    assert "salle d’attente" in page
    hour.at = booking.ends_at + timedelta(hours=2)
    assert "terminé" in client.get(own(case, "salle/")).content.decode()


def said(client: Client, url: str, kind: str, **body: object):
    return client.post(url, json.dumps({"kind": kind, "body": body}), content_type="application/json")


def test_the_two_sides_hear_each_other(sub: str, hour: Hour):
    case, _actors, booking = started(sub)
    hour.at = booking.starts_at
    citizen, agent = as_applicant(sub), as_agent(booking.agent)
    mine, theirs = own(case, "salle/messages/"), desk(case, "messages/")

    assert said(citizen, mine, "ready", **{"from": "a"}).status_code == 201
    assert said(agent, theirs, "offer", to="a", description={"type": "offer", "sdp": "v=0"}).status_code == 201

    heard = citizen.get(f"{mine}?apres=0").json()
    assert [one["kind"] for one in heard["messages"]] == ["offer"]
    assert heard["phase"] == "called"
    assert [one["kind"] for one in agent.get(f"{theirs}?apres=0").json()["messages"]] == ["ready"]
    assert agent.get(f"{theirs}?apres={heard['last']}").json()["messages"] == []


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"kind": "chat"}', '{"kind": "x", "body": {}}', '{"kind":1,"body":{}}']
)
def test_a_message_that_makes_no_sense_is_refused(sub: str, hour: Hour, content: str):
    case, _actors, booking = started(sub)
    hour.at = booking.starts_at

    answer = as_applicant(sub).post(own(case, "salle/messages/"), content, content_type="application/json")

    assert answer.status_code == 409


def test_the_exchange_ends_with_the_room(sub: str, hour: Hour):
    case, _agents, booking = booked(sub)
    hour.at = booking.ends_at + timedelta(hours=2)

    answer = as_applicant(sub).get(own(case, "salle/messages/"))

    assert (answer.status_code, answer.json()["phase"]) == (410, "over")


def test_a_failure_is_reported_from_the_room(sub: str, hour: Hour):
    case, _agents, booking = booked(sub)
    hour.at = booking.starts_at

    answer = as_applicant(sub).post(own(case, "salle/panne/"), follow=True)

    assert "ne compte pas comme une absence" in answer.content.decode()


# ── the agent's sheet ──


def test_the_whole_interview_from_the_desk(sub: str, hour: Hour):
    case, (agent,), booking = booked(sub)
    hour.at = booking.starts_at
    client = proved(agent, hour.at)

    refused = client.post(desk(case, "commencer/"))
    assert refused.status_code == 409
    assert "conflit d’intérêts" in refused.content.decode()
    client.post(desk(case, "commencer/"), {"no_conflict": "1"})
    wrong = client.post(desk(case, "zone/"), {"mrz": "P<FRA\nXXXX"})
    assert wrong.status_code == 422
    assert "P&lt;FRA" in wrong.content.decode()
    client.post(desk(case, "zone/"), {"mrz": ZONE})
    early = client.post(desk(case, "fiche/"), {"passport_shown": "ok", "hold": "1"})
    assert early.status_code == 409
    client.post(desk(case, "defi/"))
    row = queries.interview(case.id)
    assert row is not None
    challenge = queries.challenges(row)[0]
    shown = as_applicant(sub).get(own(case, "salle/messages/")).json()["challenge"]
    assert shown["seconds"] == 45
    client.post(desk(case, f"defi/{challenge.pk}/"), {"passed": "1"})
    good = {"passport_shown": "ok", "face_photo": "ok", "face_previous": "ok", "answers": "ok", "hold": "1"}
    assert client.post(desk(case, "fiche/"), good).status_code == 302
    assert client.post(desk(case, "decision/"), {"decision": "approve"}).status_code == 302

    case.refresh_from_db()
    assert case.interview == "approved"
    told = client.post(desk(case, "numero/")).content.decode()
    number = queries.security_number(case.id)
    assert number is not None
    assert number.grouped in told
    assert number.grouped not in client.get(desk(case)).content.decode()


def test_a_decision_without_fresh_proof_asks_for_it(sub: str, hour: Hour):
    case, actors, now = held(sub)
    hour.at = now
    agent = Agent.objects.get(pk=actors[0].id)

    answer = proved(agent, now - timedelta(minutes=30)).post(desk(case, "decision/"), {"decision": "approve"})

    assert answer.status_code == 409
    assert "confirmez votre identité" in answer.content.decode()
    case.refresh_from_db()
    assert case.interview == "held"


def test_a_refusal_keeps_what_was_typed_until_it_is_whole(sub: str, hour: Hour):
    case, actors, now = held(sub)
    hour.at = now
    client = proved(Agent.objects.get(pk=actors[0].id), now)

    half = client.post(desk(case, "decision/"), {"decision": "refuse", "reasons": "Le visage diffère."})
    assert half.status_code == 409
    assert "Le visage diffère." in half.content.decode()
    given = {"decision": "refuse", "reasons": "Le visage diffère.", "ground": "identity_doubt"}
    Case.objects.filter(id=case.id).update(language="en")
    french = client.post(desk(case, "decision/"), given)
    assert french.status_code == 422
    assert "cette personne lit en anglais" in french.content.decode()
    given["reasons_en"] = "The face differs."
    assert client.post(desk(case, "decision/"), given).status_code == 302

    case.refresh_from_db()
    assert case.outcome == "refused"


def test_the_number_is_not_told_later_nor_by_another(sub: str, hour: Hour):
    case, actors, now = held(sub)
    decide(case, actors[0], now)
    holder = Agent.objects.get(pk=actors[0].id)

    hour.at = now
    assert proved(an_agent(), now).post(desk(case, "numero/")).status_code == 404
    hour.at = now + timedelta(hours=2)
    assert proved(holder, now).post(desk(case, "numero/")).status_code == 404


def test_each_opening_is_told_once(sub: str, hour: Hour):
    case, (agent,), booking = booked(sub)
    hour.at = booking.starts_at

    for _ in range(3):
        as_agent(agent).get(desk(case))
    hour.at += timedelta(minutes=31)
    as_agent(agent).get(desk(case))

    assert ledger.count(case.id, e.FileViewed) == 2


def test_the_week_shows_bookings_and_room_left(sub: str):
    case, (agent,), _booking = booked(sub)

    text = as_agent(agent).get("/bureau/agenda/").content.decode()

    assert case.reference in text
    assert ledger.full_name(ledger.summary(case)) in text
    assert "déplacé" not in text
    assert ledger.count(case.id, e.FileViewed) == 0  # a list opens no file
    assert as_agent(agent).get("/bureau/agenda/?semaine=nawak").status_code == 200


def test_the_file_of_the_case_tells_of_the_interview(sub: str):
    case, actors, _now = held(sub)

    text = as_agent(Agent.objects.get(pk=actors[0].id)).get(f"/bureau/dossiers/{case.reference}/").content.decode()

    assert "Entretien mené par" in text
    assert "Décider" in text
    read = as_agent(an_agent("auditor")).get(f"/bureau/dossiers/{case.reference}/").content.decode()
    assert "Entretien mené par" in read
    assert f"/bureau/entretien/{case.reference}/" not in read


# ── receipt ──


def test_the_number_shows_on_a_click_alone_and_leaves_a_trace(sub: str):
    case, actors, now = held(sub)
    decide(case, actors[0], now)
    client, number = as_applicant(sub), queries.security_number(case.id)
    assert number is not None

    assert number.grouped not in client.get(own(case, "recepisse/")).content.decode()
    assert number.grouped in client.post(own(case, "recepisse/")).content.decode()
    assert ledger.count(case.id, e.SecurityNumberShown) == 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_receipt_bears_both_numbers(sub: str, language: str):
    case, actors, now = held(sub)
    decide(case, actors[0], now)
    Case.objects.filter(pk=case.pk).update(language=language)
    number = queries.security_number(case.id)
    assert number is not None

    content = as_applicant(sub).post(own(case, "recepisse/recepisse.pdf")).content

    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    assert case.reference in text
    assert number.grouped in text
    assert ("Récépissé" in text) == (language == "fr")
    assert b"pdfuaid" in content


def test_no_receipt_before_approval(sub: str):
    case, _actors, _now = held(sub)

    assert as_applicant(sub).get(own(case, "recepisse/")).status_code == 404


def test_a_late_slot_is_refused_between_page_and_click(sub: str, hour: Hour):
    an_agent()
    case = a_case("bookable", sub=sub)
    slot = first_slot(case)
    hour.at = slot.starts_at - rules_slots.NOTICE + timedelta(seconds=1)

    assert as_applicant(sub).post(own(case, "rendez-vous/"), {"slot": slot.key}).status_code == 409
