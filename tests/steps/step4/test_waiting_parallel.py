"""The waiting list under many hands: workers at the same poll, applicants at the same slot, one hold at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connections

from escale.case.decision import RuleRefused
from escale.ledger.models import Case, Effect
from escale.ledger.record import StaleCase
from escale.people.actors import applicant
from escale.steps.step4_interview import queries, queries_slots, service, service_waiting
from escale.steps.step4_interview.models import Booking, BookingState, Freed, Offer
from tests.factories.cases import NOON, a_case, an_agent

WAITING, WORKERS = 6, 4
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def together(acts: Iterable[Callable[[], object]]) -> list[object]:
    """Run all at once; returns what each returned or raised."""

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    asked = list(acts)
    with ThreadPoolExecutor(len(asked)) as hands:
        return list(hands.map(run, asked))


def settling(now: datetime) -> list[object]:
    """Several workers poll at the same instant."""
    return together(partial(service_waiting.settle, now=now) for _ in range(WORKERS))


def takes(case: Case, starts_at: datetime, now: datetime) -> Callable[[], object]:
    act = service.move if queries.booking_in_force(case.id) else service.book
    return partial(act, case_id=case.id, starts_at=starts_at, actor=applicant(case.applicant_sub), now=now)


def a_freed_slot() -> tuple[datetime, list[Case], Case]:
    """One soon slot given back, and the cases that wait for it in this order, all booked later. Last: an outsider."""
    an_agent()
    holder = a_case("bookable", sub="holder")
    free = queries_slots.free_slots(holder.post, now=NOON, case_id=holder.id)
    soon = free[10].starts_at
    service.book(case_id=holder.id, starts_at=soon, actor=applicant("holder"), now=NOON)
    queue = []
    for place in range(WAITING):
        case = a_case("bookable", sub=f"waiting-{place}", now=NOON + timedelta(minutes=30 * place))
        takes(case, free[20 + place].starts_at, NOON)()
        service_waiting.join(case_id=case.id, actor=applicant(case.applicant_sub), now=NOON)
        queue.append(case)
    service.cancel(case_id=holder.id, actor=applicant("holder"), now=NOON)
    return soon, queue, a_case("bookable", sub="outsider")


def held_for(starts_at: datetime) -> list[str]:
    offers = Offer.objects.filter(starts_at=starts_at, ended_at=None)
    return list(offers.values_list("case__applicant_sub", flat=True))


def test_a_freed_slot_is_held_for_one_and_passes_on_as_each_lets_it_go():
    soon, queue, outsider = a_freed_slot()

    # when: every worker polls, while all but the first in turn try to take the slot by themselves
    grabbing = [takes(case, soon, NOON) for case in [*queue[1:], outsider]]
    results = together([*(partial(service_waiting.settle, now=NOON) for _ in range(WORKERS)), *grabbing])

    # then: the first in turn alone holds it and is told once; the others are told it is taken, and nobody met a fault
    assert results[:WORKERS] == [None] * WORKERS
    assert {type(one) for one in results[WORKERS:]} <= {RuleRefused, StaleCase}
    assert held_for(soon) == ["waiting-0"]
    assert Effect.objects.filter(kind="send_message", entry__event="SlotOffered").count() == 1

    # and: silence passes it to the next, once, whoever looks
    for place in range(1, 4):
        until = Offer.objects.get(starts_at=soon, ended_at=None).until
        assert settling(until) == [None] * WORKERS
        assert held_for(soon) == [f"waiting-{place}"]
    assert Offer.objects.filter(starts_at=soon).count() == 4
    assert set(Offer.objects.filter(ended_at__isnull=False).values_list("outcome", flat=True)) == {"expired"}
    assert not Freed.objects.filter(settled_at=None).exists()

    # and: of two hands of the one who holds it, one takes it; their old slot goes to the next in turn
    now = Offer.objects.get(starts_at=soon, ended_at=None).until - timedelta(minutes=1)
    old = queries.booking_in_force(queue[3].id)
    both = together([takes(queue[3], soon, now)] * 2)
    assert sum(isinstance(one, Booking) for one in both) >= 1
    assert Booking.objects.filter(starts_at=soon, state=BookingState.ACTIVE).count() == 1
    settling(now)
    assert old is not None
    assert held_for(old.starts_at) == ["waiting-4"]  # the first of those whom it serves
