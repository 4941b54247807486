"""The queues: which cases each holds, in which order, and what the home page says of them."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.formats import date_format

from escale import clock
from escale.case import events as e
from escale.case.decision import Decision
from escale.desk import queries, queues
from escale.ledger.models import Case, Deadline
from escale.ledger.record import changing
from escale.people.actors import Actor
from escale.people.models import Agent
from tests.factories.cases import NOON, POINTS, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db
QUEUE_AT = {
    "draft": {"preparation"},
    "submitted": {"demandes"},
    "accepted": {"courrier"},
    "announced": {"courrier"},
    "received": {"enveloppes"},
    "bookable": {"reservations"},
    "booked": {"entretiens"},
    "in_progress": {"entretiens"},
    "held": {"decisions"},
    "approved": {"fabrication"},
    "in_production": {"fabrication"},
    "produced": {"arrivees"},
    "at_post": {"expeditions"},
    "dispatched": {"obligations"},
    "delivered": {"obligations"},
    "confirmed": {"obligations"},
    "completed": {"termines"},
}


def travelling(case: Case, days: int) -> Case:
    with changing(case.id, actor=acting(an_agent()), now=NOON + timedelta(days=1)) as change:
        change.set_travel(NOON.date() + timedelta(days=days))
    return case


def in_queue(code: str, actor: Actor) -> set[str]:
    return {case.reference for case in queues.of_post(actor).filter(queues.BY_CODE[code].condition)}


@pytest.mark.parametrize("point", POINTS)
def test_a_case_is_where_its_tracks_say(point: str, actor: Actor):
    case = a_case(point)
    expected = QUEUE_AT.get(point, {"obligations"} if case.dispatch == "dispatched" else set())

    in_database = {queue.code for queue in queues.QUEUES if case.reference in in_queue(queue.code, actor)}

    assert in_database == expected
    assert {queue.code for queue in queues.queue_of(case)} == expected


def test_urgent_travels_come_first_then_whoever_waits_longest_and_what_is_over_last(actor: Actor):
    late = a_case("submitted", now=NOON)
    early = a_case("submitted", now=NOON - timedelta(days=10))
    soon = travelling(a_case("submitted", now=NOON), 20)
    sooner = travelling(a_case("submitted", now=NOON), 5)
    far = travelling(a_case("submitted", now=NOON - timedelta(days=5)), 200)
    over = a_case("completed", now=NOON - timedelta(days=90))

    ordered = queues.ordered(queues.of_post(actor), NOON)

    assert [case.reference for case in ordered] == [case.reference for case in (sooner, soon, early, far, late, over)]


def test_a_deadline_at_hand_comes_before_all_and_what_waits_for_an_agent_before_what_waits_for_others(actor: Actor):
    watched = a_case("bookable", now=NOON - timedelta(days=20))
    waits = a_case("submitted", now=NOON)
    travels = travelling(a_case("submitted", now=NOON), 5)
    ends = a_case("bookable", now=NOON - timedelta(days=1))
    Deadline.objects.filter(case=ends, kind="booking_lapse").update(due_at=NOON + timedelta(days=2))

    ordered = queues.ordered(queues.of_post(actor), NOON)

    assert [case.reference for case in ordered] == [case.reference for case in (ends, travels, waits, watched)]


def test_the_home_page_names_the_people_of_interviews_and_deadlines(agent: Agent):
    a_case("booked", now=clock.now(), family_name="KERVADEC", usage_name="", given_names="Daphné")
    a_case("submitted", now=clock.now(), family_name="ROUSSELIN", usage_name="")

    page = as_agent(agent).get("/bureau/").content.decode()

    assert "KERVADEC Daphné" in page
    assert "ROUSSELIN" not in page


def test_an_ended_case_is_no_longer_urgent(actor: Actor):
    case = travelling(a_case("submitted"), 5)
    with changing(case.id, actor=actor, now=NOON) as change:
        change.record(Decision.of(e.ApplicationWithdrawn()))
    case.refresh_from_db()

    assert not queues.is_urgent(case, NOON.date())
    assert not queues.of_post(actor).filter(queues.urgent(NOON.date())).exists()


def test_opening_a_file_or_leaving_a_note_does_not_make_it_wait_less(agent: Agent, actor: Actor):
    case = a_case("submitted", now=clock.now() - timedelta(days=9))
    moved = case.changed_at
    client = as_agent(agent)

    client.get(f"/bureau/dossiers/{case.reference}/")
    client.post(f"/bureau/dossiers/{case.reference}/note", {"text": "Vu."})
    client.post(f"/bureau/dossiers/{case.reference}/prendre")

    case.refresh_from_db()
    assert case.changed_at == moved
    assert queries.rows([case], clock.now())[0].days == 8


def test_the_home_page_counts_ages_and_urgencies(agent: Agent, actor: Actor):
    now = clock.now()
    case = a_case("submitted", now=now - timedelta(days=3))
    a_case("submitted", now=now)
    with changing(case.id, actor=actor, now=now) as change:
        change.set_travel(now.date() + timedelta(days=10))

    load = next(load for load in queues.loads(actor, now) if load.queue.code == "demandes")
    page = as_agent(agent).get("/bureau/").content.decode()

    assert (load.count, load.urgent, load.oldest_days) == (2, 1, 2)
    assert "depuis 2 jours · 1 urgent" in page


def test_the_views_kept_for_everybody(agent: Agent, actor: Actor):
    mine, hurried, other = a_case("submitted"), a_case("submitted"), a_case("submitted")
    now = clock.now()
    as_agent(agent).post(f"/bureau/dossiers/{mine.reference}/prendre")
    with changing(hurried.id, actor=actor, now=now) as change:
        change.set_travel(now.date() + timedelta(days=7))

    def seen(code: str) -> set[str]:
        page = as_agent(agent).get("/bureau/dossiers/", {"file": code}).content.decode()
        return {case.reference for case in (mine, hurried, other) if case.reference in page}

    assert seen("miens") == {mine.reference}
    assert seen("urgents") == {hurried.reference}
    assert seen("tous") == seen("") == seen("inconnue") == {mine.reference, hurried.reference, other.reference}


def test_other_posts_are_not_listed(agent: Agent):
    case = a_case("submitted", post=a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid"))

    assert case.reference not in as_agent(agent).get("/bureau/dossiers/").content.decode()
    assert case.reference in as_agent(an_agent("auditor")).get("/bureau/dossiers/").content.decode()


def test_alarms_deadlines_and_interviews_are_a_click_away(agent: Agent, actor: Actor):
    now = clock.now()
    booked = a_case("booked", now=now)
    alarmed = a_case("announced", now=now)
    with changing(alarmed.id, actor=actor, now=now) as change:
        change.record(Decision.of(e.AlertRaised(kind="posting_desk_alert")))

    page = as_agent(agent).get("/bureau/").content.decode()

    assert f"/bureau/entretien/{booked.reference}/" in page  # who decides goes to the interview itself
    auditor = as_agent(an_agent("auditor")).get("/bureau/").content.decode()
    assert f"/bureau/dossiers/{booked.reference}/" in auditor
    assert page.count(f"/bureau/dossiers/{alarmed.reference}/") >= 1
    assert queries.interviews_to_come(actor)[0].case.pk == booked.pk
    assert "Enveloppe annoncée et non reçue" in page


def test_the_last_day_in_time_is_the_same_on_every_page(agent: Agent, actor: Actor):
    """Day forty is in time until midnight: the home page, the list, the file and the board all name that day."""
    now = clock.now()
    case = a_case("dispatched", now=now - timedelta(days=35))
    over = Deadline.objects.get(case=case, kind="duty_end").due_at
    assert over.astimezone(ZoneInfo(case.post.tz)).time() == time(0)
    last = (over - timedelta(seconds=1)).astimezone(ZoneInfo(case.post.tz))
    long, short = f"{date_format(last, 'j F Y')} à 23:59", date_format(last, "SHORT_DATE_FORMAT")
    client = as_agent(agent)

    def page(path: str) -> str:
        return client.get(path).content.decode().replace("1er ", "1 ").replace("\u00a0", " ")

    assert long in page("/bureau/")
    assert long in page(f"/bureau/dossiers/{case.reference}/")
    assert long in page("/bureau/quarante-jours/")
    assert short in page("/bureau/dossiers/?file=obligations")
