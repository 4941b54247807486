"""Who is in the waiting room, as agents see it."""

from datetime import timedelta

import pytest

from escale import clock
from escale.people.actors import applicant
from escale.people.models import Agent
from escale.steps.step4_interview import queries_room, service, service_interview, service_room
from escale.steps.step4_interview.models import Booking
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step4.scenes import booked, first_slot

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def here(agent: Agent, now, **but):
    return [(one.case.applicant_sub, one.minutes) for one in queries_room.waiting_room(acting(agent), now, **but)]


def two(sub: str) -> tuple[Booking, Booking, Agent]:
    """Two people one after the other at the same agent."""
    _case, (agent,), first = booked(sub)
    other = a_case("bookable", sub=f"{sub}-2")
    slot = first_slot(other)
    second = service.book(case_id=other.id, starts_at=slot.starts_at, actor=applicant(f"{sub}-2"), now=NOON)
    return first, second, agent


def looks(booking: Booking, now) -> None:
    booking.refresh_from_db()
    case = type(booking.case).objects.get(pk=booking.case_id)
    service_room.look(case=case, after=0, actor=applicant(case.applicant_sub), now=now)


def test_those_whose_page_is_open_are_there_since_they_came(sub: str):
    first, second, agent = two(sub)
    at = second.starts_at - 10 * MINUTE
    assert here(agent, at) == []

    looks(second, at - 4 * MINUTE)
    looks(second, at)  # a line cut for four minutes is no new arrival
    looks(first, at)

    assert here(agent, at) == [(sub, 0), (f"{sub}-2", 4)]
    assert here(agent, at, but=first.case_id) == [(f"{sub}-2", 4)]
    assert here(agent, at + MINUTE) == []


def test_who_comes_back_after_long_has_just_come(sub: str):
    first, _second, agent = two(sub)
    looks(first, first.starts_at - 20 * MINUTE)
    looks(first, first.starts_at)

    assert here(agent, first.starts_at) == [(sub, 0)]


def test_the_one_let_in_waits_no_more(sub: str):
    first, _second, agent = two(sub)
    looks(first, first.starts_at)
    service_interview.start(case_id=first.case_id, no_conflict=True, actor=acting(agent), now=first.starts_at)

    assert here(agent, first.starts_at) == []


def test_agents_of_the_post_see_them_those_of_another_do_not(sub: str):
    first, _second, _agent = two(sub)
    looks(first, first.starts_at)
    colleague, elsewhere = an_agent(), an_agent(post="ES-MADRID")

    assert here(colleague, first.starts_at) == [(sub, 0)]
    assert here(elsewhere, first.starts_at) == []
    Booking.objects.filter(pk=first.pk).update(agent=elsewhere)
    assert here(elsewhere, first.starts_at) == [(sub, 0)]


def test_the_agenda_and_the_interview_lead_from_one_to_the_next(sub: str, monkeypatch: pytest.MonkeyPatch):
    first, second, agent = two(sub)
    now = first.starts_at
    looks(first, now)
    looks(second, now)
    monkeypatch.setattr(clock, "now", lambda: now)
    client = as_agent(agent)
    names = [first.case.reference, second.case.reference]
    links = [f"/bureau/entretien/{name}/" for name in names]

    agenda = client.get("/bureau/agenda/").content.decode()
    alone = client.get("/bureau/agenda/salle/").content.decode()
    interview = client.get(links[0]).content.decode()

    for page in (agenda, alone):
        assert "2 personnes dans la salle d’attente" in page
        assert all(f'<a class="fr-link fr-link--sm" href="{link}">' in page for link in links)
    assert "1 personne dans la salle d’attente" in interview
    assert f'href="{links[1]}"' in interview
    assert links[0] not in client.get(f"/bureau/agenda/salle/?sauf={names[0]}").content.decode()


def test_the_list_costs_as_much_for_four_as_for_one(sub: str, django_assert_num_queries):
    first, second, agent = two(sub)
    looks(first, first.starts_at)
    with django_assert_num_queries(2):
        assert len(queries_room.waiting_room(acting(agent), first.starts_at)) == 1
    looks(second, first.starts_at)
    with django_assert_num_queries(2):
        assert len(queries_room.waiting_room(acting(agent), first.starts_at)) == 2
