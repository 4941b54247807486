"""A visa that ends while the new passport is still being made: nothing can be owed yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision
from escale.case.moves import MoveRefused
from escale.ledger import queries as ledger, record
from escale.people.actors import job
from escale.steps.step8_old_passport import service_clock
from tests.factories.cases import NOON, a_case

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


def _kept(point: str):
    case = a_case(point)
    with record.changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.KeptForVisa(until=LATER.date())))
    return case


def test_it_waits_until_the_passport_is_sent():
    case = _kept("in_production")
    service_clock.visa_end(case_id=case.id, now=LATER)
    case.refresh_from_db()
    assert case.old_passport == "kept_for_visa"
    deadlines = ledger.open_deadlines(case.id)
    assert DeadlineKind.DUTY_END not in deadlines
    assert deadlines[DeadlineKind.VISA_END] == LATER + timedelta(days=1)


def test_the_law_itself_refuses_it_before():
    case = _kept("in_production")
    with pytest.raises(MoveRefused), record.changing(case.id, actor=job("test"), now=LATER) as change:
        change.record(Decision.of(e.VisaEnded()))


def test_once_sent_the_return_is_owed_in_forty_new_days():
    case = _kept("dispatched")
    service_clock.visa_end(case_id=case.id, now=LATER)
    case.refresh_from_db()
    assert case.old_passport == "due"
    assert ledger.open_deadlines(case.id)[DeadlineKind.DUTY_END] > LATER + timedelta(days=40)
