"""Agents lent from post to post: proposed, answered, ended; slots open and close, interviews stand."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from escale import clock
from escale.case.decision import RuleRefused
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.people.models import Agent, Post
from escale.steps.step4_interview import queries_slots, queries_waiting, service, service_pooling
from escale.steps.step4_interview.models import Booking, Pooling
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step4.scenes import first_slot

pytestmark = pytest.mark.django_db
HERE = "/bureau/agenda/renforts/"
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def helped() -> Post:
    return a_post()


@pytest.fixture
def helper() -> Agent:
    a_post("CA-MONTREAL", name="Montréal", city="Montréal")
    return an_agent(post="CA-MONTREAL", usual_name="Lachance")


@pytest.fixture
def lender(helper: Agent) -> Agent:
    return an_agent("supervisor", "CA-MONTREAL", role_until=TODAY)


@pytest.fixture
def receiver(helped: Post) -> Agent:
    """Their right ends today: no slot to come is theirs, so that those of the helper are told apart."""
    return an_agent("supervisor", role_until=TODAY)


def free(post: Post) -> list[date]:
    tz = ZoneInfo(post.tz)
    return [slot.starts_at.astimezone(tz).date() for slot in queries_slots.free_slots(post, now=NOON)]


def words(client: Client, path: str = HERE, **posted: object) -> str:
    answer = client.post(path, posted, follow=True) if posted else client.get(path)
    return " ".join(answer.content.decode().split())


def test_from_the_proposal_to_the_last_day(helped: Post, helper: Agent, lender: Agent, receiver: Agent):
    ours, theirs = as_agent(lender), as_agent(receiver)
    assert "C’est proposé" in words(ours, agent=helper.pk, post=helped.pk)
    row = Pooling.objects.get()
    assert (row.proposed, row.asked_by, free(helped)) == (True, lender, [])

    assert "proposé, sans réponse" in words(theirs)
    assert "C’est accepté" in words(theirs, f"{HERE}{row.pk}/", wish="accept")
    row.refresh_from_db()
    assert (row.proposed, row.answered_by) == (False, receiver)
    assert free(helped)

    last = TODAY + timedelta(days=9)
    wish = {"wish": "end", f"{row.pk}-until": f"{last:%d/%m/%Y}"}
    assert "C’est enregistré" in words(ours, f"{HERE}{row.pk}/", **wish)
    assert free(helped)
    assert max(free(helped)) <= last
    assert f"jusqu’au {last.day}" in words(theirs)


def test_what_was_booked_before_the_end_stands_and_stays_theirs(helped: Post, helper: Agent, lender: Agent, sub: str):
    row = Pooling.objects.create(agent=helper, post=helped)
    case = a_case("bookable", sub=sub)
    held = service.book(case_id=case.id, starts_at=first_slot(case).starts_at, actor=applicant(sub), now=NOON)

    left = service_pooling.end(row.pk, last_day=TODAY, actor=acting(lender), now=NOON)

    assert left == 1
    assert free(helped) == []
    assert Booking.objects.get(pk=held.pk).state == "active"
    assert as_agent(helper).get(f"/bureau/entretien/{case.reference}/").status_code == 200
    Pooling.objects.update(until=TODAY - timedelta(days=1))
    with pytest.raises(RuleRefused, match="still_booked"):
        service_pooling.propose(helper, helped, actor=acting(lender), now=NOON)


def test_a_slot_given_back_after_the_end_is_offered_to_nobody_of_that_post(helped: Post, helper: Agent):
    Pooling.objects.create(agent=helper, post=helped, until=TODAY)

    assert queries_waiting.posts_of(helper, TODAY) == {"CA-MONTREAL", helped.pk}
    assert queries_waiting.posts_of(helper, TODAY + timedelta(days=1)) == {"CA-MONTREAL"}


def test_declined_or_withdrawn_it_is_as_if_never_asked(helped: Post, helper: Agent, lender: Agent, receiver: Agent):
    row = service_pooling.propose(helper, helped, actor=acting(lender), now=NOON)
    assert "La proposition est déclinée" in words(as_agent(receiver), f"{HERE}{row.pk}/", wish="decline")
    again = service_pooling.propose(helper, helped, actor=acting(lender), now=NOON)
    assert "La proposition est retirée" in words(as_agent(lender), f"{HERE}{again.pk}/", wish="withdraw")

    assert not Pooling.objects.exists()


def test_an_agent_is_lent_once_and_never_at_home(helped: Post, helper: Agent, lender: Agent, receiver: Agent):
    row = service_pooling.propose(helper, helped, actor=acting(lender), now=NOON)
    for _ in range(2):
        with pytest.raises(RuleRefused, match="already_lent"):
            service_pooling.propose(helper, helped, actor=acting(lender), now=NOON)
        Pooling.objects.filter(pk=row.pk).update(proposed=False)
    with pytest.raises(RuleRefused, match="answered"):
        service_pooling.answer(row.pk, accept=True, actor=acting(receiver))
    with pytest.raises(RuleRefused, match="lent_home"):
        service_pooling.propose(helper, helper.post, actor=acting(lender), now=NOON)
    with pytest.raises(RuleRefused, match="end_before_today"):
        service_pooling.end(row.pk, last_day=TODAY - timedelta(days=1), actor=acting(lender), now=NOON)


def test_each_side_has_its_own_part_and_nobody_else_any(helped: Post, helper: Agent, lender: Agent, receiver: Agent):
    row = service_pooling.propose(helper, helped, actor=acting(lender), now=NOON)
    a_post("ES-MADRID", name="Madrid", city="Madrid", country="ES", tz="Europe/Madrid")
    stranger = an_agent("supervisor", "ES-MADRID")
    one = f"{HERE}{row.pk}/"

    for person, wish in ((lender, "accept"), (receiver, "withdraw"), (stranger, "accept"), (stranger, "withdraw")):
        assert as_agent(person).post(one, {"wish": wish}).status_code == 404
    assert as_agent(receiver).post(one, {"wish": "sing"}).status_code == 404
    assert as_agent(receiver).post(f"{HERE}{row.pk + 1}/", {"wish": "accept"}).status_code == 404
    for role in ("agent", "auditor", "support"):
        assert as_agent(an_agent(role)).get(HERE).status_code in {403, 404}
    with pytest.raises(AccessDenied):
        service_pooling.propose(helper, helped, actor=acting(receiver), now=NOON)
    assert helper.usual_name not in words(as_agent(stranger)).split("<main")[1]
    row.refresh_from_db()
    assert row.proposed


def test_what_is_wrong_is_said_where_it_is(helped: Post, helper: Agent, lender: Agent, receiver: Agent):
    client = as_agent(lender)
    assert client.post(HERE, {"agent": "", "post": helped.pk}).status_code == 422
    assert client.post(HERE, {"agent": receiver.pk, "post": helped.pk}).status_code == 422, "of another post"
    row = Pooling.objects.create(agent=helper, post=helped)

    answer = client.post(f"{HERE}{row.pk}/", {"wish": "end", f"{row.pk}-until": "31/02/2026"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "31/02/2026" in page
    assert "une date qui existe" in page
