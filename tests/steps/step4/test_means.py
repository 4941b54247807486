"""Means of an interview: the backup room, the waiting room's place and wait, and the minutes."""

from datetime import timedelta

import pytest

from escale import clock
from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.people.actors import applicant
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.steps.step4_interview import queries, queries_room, service, service_interview, service_room
from escale.steps.step4_interview.models import Interview
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step4.conftest import FakeWebconference
from tests.steps.step4.scenes import booked, first_slot, held, started

pytestmark = pytest.mark.django_db


def test_the_interview_goes_on_in_another_providers_room(sub: str, webconference: FakeWebconference):
    webconference.order = ("embedded", "webconf", "visio")
    case, (agent,), booking = started(sub)

    assert service_room.backups(booking, agent.id) == ("webconf", "visio")
    assert service_room.open_backup(case_id=case.id, actor=agent, now=booking.starts_at) == "webconf"

    for actor in (agent, applicant(sub)):
        where = service_room.address(case=case, actor=actor, display_name="Jeanne", now=booking.starts_at)
        assert where == "https://webconf/salle"
    assert service_room.open_backup(case_id=case.id, actor=agent, now=booking.starts_at) == "visio"


def test_an_agent_who_takes_over_opens_a_room_in_their_own_name(
    sub: str, webconference: FakeWebconference, monkeypatch: pytest.MonkeyPatch
):
    webconference.order = ("visio",)
    case, (first, second), booking = booked(sub, agents=2)
    keeper, other = (first, second) if booking.agent == first else (second, first)
    event = e.InterviewBooked(starts_at=booking.starts_at, ends_at=booking.ends_at, slot=str(booking.pk))
    service_room.open_room(case_id=case.id, event=event, key="given", now=NOON)
    service_interview.start(case_id=case.id, no_conflict=True, actor=acting(other), now=booking.starts_at)

    monkeypatch.setattr(clock, "now", lambda: booking.starts_at)
    page = as_agent(other).get(f"/bureau/entretien/{case.reference}/").content.decode()

    assert "Visio, le service de visioconférence de l’État" in page
    assert f"La salle est au nom de {keeper}." in page
    assert "Ouvrir une autre salle" in page
    assert service_room.open_backup(case_id=case.id, actor=acting(other), now=booking.starts_at) == "visio"
    assert service_room.in_anothers_name(booking, acting(other).id) is None
    assert "room-1" in queries.room(booking).name  # type: ignore[union-attr]  # the room is there


def test_a_provider_that_answers_late_does_not_end_the_call_begun_in_our_room(
    sub: str, webconference: FakeWebconference
):
    webconference.order = ("webconf",)
    case, (agent,), booking = started(sub)
    event = e.InterviewBooked(starts_at=booking.starts_at, ends_at=booking.ends_at, slot=str(booking.pk))

    service_room.open_room(case_id=case.id, event=event, key="late", now=booking.starts_at)

    assert service_room.address(case=case, actor=agent, display_name="", now=booking.starts_at) == ""


@pytest.mark.parametrize(("refused", "said"), [(True, "backup_refused"), (False, "backup_silent")])
def test_a_backup_that_says_no_is_not_told_as_one_that_is_silent(
    sub: str, webconference: FakeWebconference, monkeypatch: pytest.MonkeyPatch, refused: bool, said: str
):
    webconference.order = ("embedded", "visio")
    case, (agent,), booking = started(sub)
    cause = PartnerRefused("webconference", "403 Insufficient permissions.") if refused else None

    def fail(**_asked: object) -> None:
        raise PartnerUnavailable("webconference", "403") from cause

    monkeypatch.setattr(webconference, "open_room", fail)

    with pytest.raises(RuleRefused, match=said):
        service_room.open_backup(case_id=case.id, actor=agent, now=booking.starts_at)


def test_without_another_provider_words_and_a_new_hour_remain(sub: str, webconference: FakeWebconference):
    case, (agent,), booking = started(sub)

    with pytest.raises(RuleRefused, match="no_backup"):
        service_room.open_backup(case_id=case.id, actor=agent, now=booking.starts_at)

    service_room.say(case=case, kind="chat", body={"text": "Par écrit"}, actor=agent, now=booking.starts_at)
    service_interview.report_failure(case_id=case.id, side="agent", actor=agent, now=booking.starts_at)
    case.refresh_from_db()
    assert case.interview == "bookable"


def test_nobody_ahead_then_one(sub: str):
    case, (agent,), booking = booked(sub)
    other = a_case("bookable", sub=f"{sub}-2")
    later = service.book(case_id=other.id, starts_at=first_slot(other).starts_at, actor=applicant(f"{sub}-2"), now=NOON)
    now = booking.starts_at - timedelta(minutes=2)

    assert queries_room.wait(booking, now) == queries_room.Wait(0, 2)
    service_interview.start(case_id=case.id, no_conflict=True, actor=acting(agent), now=booking.starts_at)
    late = later.starts_at + timedelta(minutes=1)
    assert queries_room.wait(later, later.starts_at - timedelta(minutes=10)) == queries_room.Wait(1, 10)
    assert queries_room.wait(later, late).ahead == 1
    Interview.objects.update(held_at=late)
    booking.state = "held"
    booking.save()
    assert queries_room.wait(later, late) == queries_room.Wait(0, 0)


def test_an_absent_person_makes_nobody_wait(sub: str):
    _case, _agents, booking = booked(sub)
    other = a_case("bookable", sub=f"{sub}-2")
    later = service.book(case_id=other.id, starts_at=first_slot(other).starts_at, actor=applicant(f"{sub}-2"), now=NOON)

    assert queries_room.wait(later, booking.starts_at + timedelta(minutes=5)).ahead == 0


def test_minutes_are_measured_and_masked_under_five(sub: str):
    case, _actors, now = held(sub)
    since = now - timedelta(days=1)
    assert queries_room.minutes(since=since) == queries_room.Minutes(1, None, None, 0)

    assert queries_room.minutes(since=since, post_code=case.post_id).count == 1
    assert queries_room.minutes(since=since, post_code="XX-NOWHERE").count == 0


def test_the_statistics_page_tells_how_long_interviews_last(sub: str):
    for place, minutes in enumerate((10, 20, 30, 40, 15)):
        case, _actors, _now = held(f"{sub}-{place}")
        row = queries.interview(case.id)
        assert row is not None
        Interview.objects.filter(pk=row.pk).update(held_at=row.started_at + timedelta(minutes=minutes))
    supervisor = as_agent(an_agent("supervisor"))

    figures = supervisor.get("/bureau/statistiques/?format=json").json()["gates"]

    assert figures[-1] == {"gate": "interview", "count": 5, "median_minutes": 20.0, "p90_minutes": 40.0}
    assert "Entretien, de l’entrée à la clôture" in supervisor.get("/bureau/statistiques/").content.decode()
