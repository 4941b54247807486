"""An agent lent by another post sees the interviews that are theirs, while they are, and nothing else of the case."""

from datetime import datetime, timedelta

import pytest

from escale import clock
from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.people.models import Agent
from escale.steps.step4_interview import service, service_interview
from escale.steps.step4_interview.models import Booking, Opening, Pooling
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent
from tests.security.test_access import ALL, denied, path_of
from tests.steps.step4.scenes import controlled, decide, first_slot

pytestmark = pytest.mark.django_db
# What an interview of another post opens to the agent who holds it: its sheet, and what is needed for it.
OF_A_CASE = [a for a in ALL if a.site == "desk" and "<str:ref>" in a.route]
THEIRS = "bureau/entretien/<str:ref>/"


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    told = [NOON]
    monkeypatch.setattr(clock, "now", lambda: told[0])
    return told


def lent(sub: str) -> tuple[Case, Agent, Booking]:
    """A case of Toronto booked with an agent of Montréal, who alone receives."""
    a_post("CA-MONTREAL", name="Montréal", city="Montréal")
    agent = an_agent(post="CA-MONTREAL")
    case = a_case("bookable", sub=sub)
    Pooling.objects.create(agent=agent, post=case.post)
    slot = first_slot(case)
    booking = service.book(case_id=case.id, starts_at=slot.starts_at, actor=applicant(sub), now=NOON)
    case.refresh_from_db()
    return case, agent, booking


def sheet(case: Case) -> str:
    return f"/bureau/entretien/{case.reference}/"


def test_the_interview_booked_with_them_is_theirs_and_seen_by_the_applicant(sub: str):
    case, agent, booking = lent(sub)

    assert booking.agent == agent
    assert as_agent(agent).get(sheet(case)).status_code == 200
    lines = [line for line in ledger.history(case.id) if isinstance(line.event, e.FileViewed)]
    assert [(line.actor_id, line.event.part) for line in lines] == [(str(agent.pk), "interview")]


def test_another_interview_of_the_same_post_is_not(sub: str):
    _case, agent, _booking = lent(sub)
    Opening.objects.create(agent=agent, weekday=6, start="01:00", end="02:00")
    an_agent()
    other = a_case("bookable", sub="other")
    service.book(case_id=other.id, starts_at=first_slot(other).starts_at, actor=applicant("other"), now=NOON)
    other.refresh_from_db()

    assert as_agent(agent).get(sheet(other)).status_code == 404
    with pytest.raises(AccessDenied):
        service.cancel(case_id=other.id, actor=acting(agent), now=NOON, reason="agent_away")


@pytest.mark.parametrize("change", ["ended", "proposed", "moved", "role", "post"])
def test_it_ends_with_what_gave_it(sub: str, change: str):
    case, agent, booking = lent(sub)
    if change == "ended":
        Pooling.objects.all().delete()
    elif change == "proposed":
        Pooling.objects.update(proposed=True)
    elif change == "moved":
        Booking.objects.filter(pk=booking.pk).update(agent=an_agent())
    elif change == "role":
        Agent.objects.filter(pk=agent.pk).update(role="auditor")
    else:
        service.cancel(case_id=case.id, actor=applicant(sub), now=NOON)

    assert as_agent(agent).get(sheet(case)).status_code == 404


def test_it_lasts_to_the_end_of_the_interview_and_the_hour_after(sub: str, hour: list[datetime]):
    case, agent, booking = lent(sub)
    actor, client, now = acting(agent), as_agent(agent), booking.starts_at
    service_interview.start(case_id=case.id, no_conflict=True, actor=actor, now=now)
    hour[0] = now
    assert client.get(sheet(case)).status_code == 200
    controlled(case, actor, now)
    service_interview.hold(case_id=case.id, actor=actor, now=now)
    decide(case, actor, now)

    assert client.get(sheet(case)).status_code == 200
    hour[0] = now + timedelta(hours=1, seconds=1)
    assert client.get(sheet(case)).status_code == 404


def test_a_conflict_declared_leads_back_to_the_calendar(sub: str):
    case, agent, _booking = lent(sub)

    answer = as_agent(agent).post(f"{sheet(case)}conflit/")

    assert answer["Location"] == "/bureau/agenda/"
    assert as_agent(agent).get(sheet(case)).status_code == 404


@pytest.mark.parametrize(
    "address", [a for a in ALL if a.site == "desk" and "<str:ref>" in a.route], ids=lambda a: a.name
)
def test_no_other_page_of_the_case_opens(sub: str, address):
    case, agent, _booking = lent(sub)
    path = path_of(address, case.reference)

    if not address.route.startswith(THEIRS):
        assert denied(as_agent(agent).get(path))
        assert denied(as_agent(agent).post(path))
    else:
        stranger = an_agent(post="CA-MONTREAL")
        assert denied(as_agent(stranger).get(path))
        assert denied(as_agent(stranger).post(path))
        assert as_agent(agent).get(path).status_code < 500
