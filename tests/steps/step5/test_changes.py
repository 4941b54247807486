"""The changes told by issuance are read from a cursor: what was never pushed is learnt, nothing is counted twice."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from escale.ports.issuance import IssuanceEvent, OrderState
from escale.steps.step5_dispatch import service_production
from escale.steps.step5_dispatch.models import ChangesRead, ProductionOrder
from escale.steps.step5_dispatch.service_changes import read_changes
from tests.steps.step5.builders import STARTED, ordered
from tests.steps.step5.fakes import FakeIssuance

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=5)


def _tell(issuance: FakeIssuance, reference: str, count: int = 1) -> None:
    for _ in range(count):
        name = f"event-{len(issuance.told)}"
        issuance.told.append(IssuanceEvent(name, reference, OrderState("in_production")))


def test_what_was_never_pushed_is_learnt_within_five_minutes(issuance: FakeIssuance):
    case = ordered()
    read_changes(now=STARTED)
    ProductionOrder.objects.update(next_poll_at=STARTED + timedelta(days=1))
    issuance.states[case.reference] = OrderState("in_production")
    _tell(issuance, case.reference)

    read_changes(now=STARTED + timedelta(minutes=4))  # its turn has not come
    service_production.poll_orders(now=STARTED + timedelta(minutes=4))
    case.refresh_from_db()
    assert case.dispatch == "ordered"

    read_changes(now=STARTED + SOON)
    service_production.poll_orders(now=STARTED + SOON)
    case.refresh_from_db()
    assert case.dispatch == "in_production"


def test_reading_goes_on_page_after_page_from_where_it_stopped(issuance: FakeIssuance):
    case = ordered()
    _tell(issuance, case.reference, 5)
    read_changes(now=STARTED)
    assert ChangesRead.objects.get().cursor == "5"

    ProductionOrder.objects.update(next_poll_at=STARTED + timedelta(days=1))
    read_changes(now=STARTED + SOON)  # nothing new: nothing is brought forward
    assert ProductionOrder.objects.get().next_poll_at == STARTED + timedelta(days=1)


def test_a_backlog_is_read_on_at_the_next_round(issuance: FakeIssuance, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("escale.steps.step5_dispatch.service_changes.PAGES", 2)
    _tell(issuance, ordered().reference, 7)
    for cursor in ("4", "7"):
        read_changes(now=STARTED)
        assert ChangesRead.objects.get().cursor == cursor
    assert ChangesRead.objects.get().next_at == STARTED + SOON


def test_a_cursor_that_is_no_more_begins_again(issuance: FakeIssuance, caplog: pytest.LogCaptureFixture):
    _tell(issuance, ordered().reference)
    ChangesRead.objects.create(cursor="900", next_at=STARTED)
    read_changes(now=STARTED)
    assert ChangesRead.objects.get().cursor == "1"
    assert caplog.messages == []


def test_an_order_of_nobody_is_an_error_said_once(issuance: FakeIssuance, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING, logger="escale")
    _tell(issuance, "ESC-0000-0000-0000")
    read_changes(now=STARTED)
    ChangesRead.objects.update(cursor="")
    read_changes(now=STARTED + SOON)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "ESC-" not in caplog.text


@pytest.mark.parametrize("trouble", [{"down": True}, {"refuses": "401 JETON_INVALIDE"}])
def test_trouble_at_issuance_moves_nothing(issuance: FakeIssuance, trouble: dict[str, object]):
    _tell(issuance, ordered().reference)
    vars(issuance).update(trouble)
    read_changes(now=STARTED)
    assert ChangesRead.objects.get().cursor == ""
    vars(issuance).update({"down": False, "refuses": ""})
    read_changes(now=STARTED + SOON)
    assert ChangesRead.objects.get().cursor == "1"
