"""Two hundred hands at once: one slot is booked once, a hundred slots a hundred times, and nobody meets a fault.

On SQLite a fifth of them: it writes one at a time, and two hundred only wait longer.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from escale.case.decision import RuleRefused
from escale.people.actors import applicant
from escale.steps.step4_interview import queries_slots, service
from escale.steps.step4_interview.models import Booking
from tests.factories.cases import NOON, a_case, an_agent

HANDS = 200 if connection.vendor == "postgresql" else 40
PLACES = HANDS // 2
# As many as a small PostgreSQL lets in at once.
AT_ONCE = 60


def together(asked):
    """Book each (case, slot) in threads; returns what each returned or raised."""

    def run(pair):
        case, slot = pair
        try:
            return service.book(
                case_id=case.id, starts_at=slot.starts_at, actor=applicant(case.applicant_sub), now=NOON
            )
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as hands:
        return list(hands.map(run, asked))


def outcomes(results):
    booked = [one for one in results if isinstance(one, Booking)]
    refused = [one for one in results if isinstance(one, RuleRefused) and one.code == "slot_taken"]
    return len(booked), len(refused)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_as_many_bookings_as_places():
    an_agent()
    cases = [a_case("bookable") for _ in range(HANDS)]
    one, *others = queries_slots.free_slots(cases[0].post, now=NOON)

    assert outcomes(together([(case, one) for case in cases])) == (1, HANDS - 1)

    left = [case for case in cases if not Booking.objects.filter(case=case).exists()]
    wanted = [(case, others[place % PLACES]) for place, case in enumerate(left)]
    assert outcomes(together(wanted)) == (PLACES, HANDS - 1 - PLACES)
    assert Booking.objects.filter(starts_at=one.starts_at).count() == 1
