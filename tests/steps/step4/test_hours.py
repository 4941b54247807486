"""Hours, days off and holidays: changing them drops no interview, and says which fall outside."""

import json
import runpy
from datetime import date
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escale import clock
from escale.ledger import queries as ledger
from escale.people.access import AccessDenied
from escale.people.models import Agent
from escale.steps.step4_interview import queries_hours, queries_slots, rules_holidays, service, service_hours
from escale.steps.step4_interview.models import BookingState, DayOff, Opening, Pooling
from escale.steps.step4_interview.rules_holidays import Proposal
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step4.scenes import applicant, booked, first_slot

pytestmark = pytest.mark.django_db
AGENDA = "/bureau/agenda/"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def hours_of(agent: Agent) -> str:
    return f"{AGENDA}horaires/{agent.pk}/"


def test_the_supervisor_sets_the_hours_and_the_interview_outside_stands(sub: str):
    case, (agent,), booking = booked(sub)
    client = as_agent(an_agent("supervisor"))

    answer = client.post(hours_of(agent), {"wish": "hours", "day_4": "14h-15h30, 16:00-17:00"}, follow=True)

    text = answer.content.decode()
    assert "1 entretien tombe hors des horaires" in text
    assert f"/bureau/entretien/{case.reference}/deplacer/" in text
    booking.refresh_from_db()
    assert booking.state == BookingState.ACTIVE
    assert [str(row.start) for row in Opening.objects.order_by("start")] == ["14:00:00", "16:00:00"]
    agenda = client.get(f"{AGENDA}?semaine={booking.starts_at:%Y-%m-%d}").content.decode()
    assert "hors horaires" in agenda


def test_hours_emptied_are_those_of_the_post_again(sub: str):
    agent, case = an_agent(), a_case("bookable", sub=sub)
    Opening.objects.create(agent=agent, weekday=4, start="14:00", end="15:00")
    boss = an_agent("supervisor", active=False)

    assert service_hours.set_hours(agent, [], actor=acting(boss), now=NOON) == []

    local = first_slot(case).starts_at.astimezone(ZoneInfo(case.post.tz))
    assert (local.hour, queries_hours.of_agent(agent.pk)) == (9, [])


@pytest.mark.parametrize("typed", ["9-12", "12:00-09:00", "09:00-12:00, 11:00-13:00", "matin", "25:00-26:00"])
def test_hours_that_make_no_sense_are_said_beside_their_day(typed: str):
    agent = an_agent()

    answer = as_agent(an_agent("supervisor")).post(hours_of(agent), {"wish": "hours", "day_0": typed})

    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert not Opening.objects.exists()


def test_an_agent_is_away_but_does_not_set_hours():
    agent, colleague = an_agent(), an_agent()
    client = as_agent(agent)

    assert client.get(hours_of(agent)).status_code == 200
    assert client.post(hours_of(agent), {"wish": "hours", "day_0": "09:00-12:00"}).status_code == 404
    assert client.get(hours_of(colleague)).status_code == 404
    assert client.post(hours_of(agent), {"wish": "day", "day": "05/03/2026", "reason": "Congé"}).status_code == 302
    assert client.post(hours_of(agent), {"wish": "day", "day": "01/03/2026"}).status_code == 422

    row = DayOff.objects.get()
    assert (row.agent, row.day) == (agent, date(2026, 3, 5))
    assert as_agent(colleague).post(f"{AGENDA}jours/{row.pk}/rouvrir/").status_code == 404
    assert client.post(f"{AGENDA}jours/{row.pk}/rouvrir/").status_code == 302
    assert not DayOff.objects.exists()


def test_a_supervisor_reaches_their_post_alone():
    a_post("CA-MONTREAL", name="Montréal")
    agent, elsewhere = an_agent(), an_agent("supervisor", "CA-MONTREAL")

    assert as_agent(elsewhere).get(hours_of(agent)).status_code == 404
    with pytest.raises(AccessDenied):
        service_hours.set_hours(agent, [], actor=acting(elsewhere), now=NOON)
    with pytest.raises(AccessDenied):
        service_hours.add_days_off(agent.post, None, [(NOON.date(), "")], actor=acting(elsewhere))
    with pytest.raises(AccessDenied):
        service_hours.add_days_off(agent.post, None, [(NOON.date(), "")], actor=acting(agent))


def test_holidays_of_france_are_proposed_and_chosen():
    client = as_agent(an_agent("supervisor"))

    page = client.get(f"{AGENDA}jours/").content.decode()
    assert '<span lang="fr">Fête nationale</span> (FR)' in page
    client.post(f"{AGENDA}jours/", {"wish": "proposed", "proposed": ["2026-07-14", "2026-07-15"]})

    assert [(row.day, row.reason) for row in DayOff.objects.all()] == [(date(2026, 7, 14), "Fête nationale")]
    assert 'name="proposed" value="2026-07-14"' not in client.get(f"{AGENDA}jours/").content.decode()
    assert (
        "Cochez au moins un jour" in client.post(f"{AGENDA}jours/", {"wish": "proposed"}, follow=True).content.decode()
    )


def test_a_post_rests_on_the_holidays_of_its_country_unless_its_supervisor_has_it_work():
    client, post, agent = as_agent(an_agent("supervisor")), a_post(), an_agent()
    canada_day = date(2026, 7, 1)

    def receives() -> bool:
        (one,) = [receiver for receiver in queries_slots.receivers(post) if receiver.agent == agent]
        return bool(list(one.slots(canada_day)))

    page = client.get(f"{AGENDA}jours/").content.decode()
    assert "Fête du Canada" in page
    assert not receives()
    assert queries_hours.closed(post, [canada_day]) == {canada_day}

    client.post(f"{AGENDA}jours/", {"wish": "work", "day": "2026-07-01"})
    assert receives()
    assert queries_hours.closed(post, [canada_day]) == set()

    client.post(f"{AGENDA}jours/", {"wish": "proposed", "proposed": ["2026-07-01"]})
    assert not receives()
    client.post(f"{AGENDA}jours/{DayOff.objects.get().pk}/rouvrir/")
    assert receives()


def test_only_a_holiday_to_come_can_be_worked():
    client, agent = as_agent(an_agent("supervisor")), an_agent()

    client.post(f"{AGENDA}jours/", {"wish": "work", "day": "2026-07-02"})
    with pytest.raises(AccessDenied):
        service_hours.work_on(agent.post, date(2026, 7, 1), actor=acting(agent), today=NOON.date())

    assert not DayOff.objects.exists()


def test_a_closed_day_lists_the_interviews_it_meets(sub: str):
    case, _agents, booking = booked(sub)
    client = as_agent(an_agent("supervisor"))
    day = booking.starts_at.astimezone(ZoneInfo(case.post.tz)).date()

    text = client.post(f"{AGENDA}jours/", {"wish": "day", "day": f"{day:%d/%m/%Y}"}, follow=True).content.decode()

    assert "1 entretien tombe hors des horaires" in text
    assert case.reference in text
    assert day not in {slot.starts_at.date() for slot in queries_slots.free_slots(case.post, now=NOON)}


@pytest.mark.parametrize(
    ("today", "hours", "monday"),
    [
        (6, {}, "lundi 2 mars"),
        (7, {}, "lundi 9 mars"),
        (8, {}, "lundi 9 mars"),
        (8, {"6": [["09:00", "12:00"]]}, "lundi 2 mars"),
    ],
)
def test_at_a_week_end_the_week_to_come_is_shown(
    today: int, hours: dict[str, list[list[str]]], monday: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clock, "now", lambda: NOON.replace(day=today))
    post = a_post()
    post.opening_hours |= hours
    post.save()

    assert monday in as_agent(an_agent()).get(AGENDA).content.decode()


def test_the_agenda_counts_and_opens_only_what_may_be_opened(sub: str):
    case, (agent,), booking = booked(sub)
    a_post("CA-MONTREAL", name="Montréal")
    lent = an_agent(post="CA-MONTREAL")
    Pooling.objects.create(agent=lent, post=case.post)
    colleague = an_agent(post="CA-MONTREAL")
    booking.agent = lent
    booking.save()
    week = f"{AGENDA}?semaine={booking.starts_at:%Y-%m-%d}"
    sheet = f'href="/bureau/entretien/{case.reference}/"'

    name = ledger.full_name(ledger.summary(case))
    assert "Pris\u00a0: 1" in as_agent(agent).get(week).content.decode()
    assert name in as_agent(lent).get(week).content.decode()
    assert sheet in as_agent(lent).get(week).content.decode()
    others = as_agent(colleague).get(week).content.decode()
    assert sheet not in others
    assert case.reference in others
    assert name not in others  # of another post, and not theirs
    assert sheet not in as_agent(an_agent("support")).get(week).content.decode()


def test_the_agenda_tells_who_was_moved_and_costs_as_much_for_three_as_for_one(sub: str, django_assert_max_num_queries):
    case, (agent,), _booking = booked(sub)
    later = queries_slots.free_slots(case.post, now=NOON)[3].starts_at
    moved = service.move(case_id=case.id, starts_at=later, actor=applicant(sub), now=NOON)
    client, week = as_agent(agent), f"{AGENDA}?semaine={moved.starts_at:%Y-%m-%d}"
    client.get(week)
    with CaptureQueriesContext(connection) as one:
        assert "déplacé" in client.get(week).content.decode()
    for other in ("second", "third"):
        another = a_case("bookable", sub=other)
        service.book(case_id=another.id, starts_at=first_slot(another).starts_at, actor=applicant(other), now=NOON)

    with django_assert_max_num_queries(len(one)):
        assert client.get(week).content.decode().count("step4-name") == 3
    assert len(one) <= 13  # the session and the agent's rights included


@pytest.mark.parametrize(
    ("country", "region", "days"),
    [
        ("CA", "ON", {"02-15": "Fête de la famille", "05-24": "Fête de la Reine", "12-27": "Jour de Noël (observé)"}),
        ("CA", "QC", {"06-24": "Fête nationale du Québec", "11-11": "Armistice"}),
        ("AU", "NSW", {"04-26": "ANZAC Day (observed)", "06-14": "King’s Birthday", "10-04": "Labour Day"}),
        ("ES", "MD", {"03-25": "Jueves Santo", "10-12": "Fiesta Nacional de España"}),
        ("ES", "CT", {"06-24": "San Juan"}),
        ("PT", "", {"05-27": "Corpo de Deus", "12-01": "Restauração da Independência"}),
    ],
)  # fmt: skip
def test_the_days_of_each_country_of_the_procedure(country: str, region: str, days: dict[str, str]):
    found = rules_holidays.proposed(country, region, date(2027, 1, 1), date(2027, 12, 31), "fr")

    told = {f"{one.day:%m-%d}": one.name for one in found}
    assert days.items() <= told.items()
    assert {one.name for one in found if "FR" in one.countries} >= {"Ascension", "Fête nationale", "Lundi de Pâques"}
    assert all(one.day.weekday() < 5 for one in found)


def test_one_line_for_a_day_of_both_countries_in_the_language_of_the_page():
    week = (date(2026, 11, 9), date(2026, 11, 16))

    assert rules_holidays.proposed("CA", "ON", *week, "fr") == [
        Proposal(date(2026, 11, 11), "Armistice", "fr", "FR, CA")
    ]
    assert rules_holidays.proposed("ES", "MD", *week, "en") == [
        Proposal(date(2026, 11, 11), "Armistice Day", "en", "FR")
    ]


def test_a_name_the_page_cannot_translate_says_which_language_it_is():
    found = rules_holidays.proposed("ES", "MD", date(2026, 10, 12), date(2026, 10, 12), "fr")

    assert found == [Proposal(date(2026, 10, 12), "Fiesta Nacional de España", "es", "ES")]


def test_a_country_nobody_has_written_down_leaves_those_of_france():
    assert [one.countries for one in rules_holidays.proposed("XX", "", date(2026, 7, 1), date(2026, 7, 31), "fr")] == [
        "FR"
    ]


def test_the_region_of_every_post_is_one_the_table_of_days_knows():
    for post in json.loads((files("escale") / "data" / "posts.json").read_text(encoding="utf-8")):
        assert rules_holidays.of_country(post["country"], post["region"], range(2027, 2028), "fr"), post["code"]


def test_a_process_reads_the_calendars_when_it_starts(monkeypatch: pytest.MonkeyPatch):
    loaded: list[str] = []
    monkeypatch.setattr("django.core.wsgi.get_wsgi_application", lambda: "the application")
    monkeypatch.setattr(rules_holidays, "load", lambda: loaded.append("calendars"))

    made = runpy.run_module("escale.config.wsgi")

    assert (made["application"], loaded) == ("the application", ["calendars"])
