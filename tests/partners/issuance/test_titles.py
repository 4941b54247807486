"""The life of a produced passport: receipt expected and confirmed, invalidation, and what is known of earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from escale.case.values import PassportNumber
from escale.partners.issuance.adapter import ADAPTER, IssuanceAdapter
from escale.partners.issuance.settings import DEMO_EVENT_SECRET
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.issuance import Order
from tests.partners.conftest import Simulators
from tests.partners.listener import Listener

type MakeOrder = Callable[..., Order]


@pytest.fixture
def number(simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder) -> PassportNumber:
    """A passport sent to its post."""
    order = make_order()
    issuance.order(order, key="k1")
    simulators.advance(days=7, hours=1)
    title = issuance.state(order.case_reference).title
    assert title is not None
    return title.number


def test_receipt_makes_the_passport_valid(
    simulators: Simulators, issuance: IssuanceAdapter, number: PassportNumber
) -> None:
    now = simulators.now()
    assert issuance.validity(number) == "pending"
    issuance.expect_receipt(number, dispatched_at=now, due_at=now + timedelta(days=40))
    issuance.expect_receipt(number, dispatched_at=now, due_at=now + timedelta(days=45))
    assert issuance.validity(number) == "pending"
    issuance.confirm_receipt(number, confirmed_at=now)
    issuance.confirm_receipt(number, confirmed_at=now)
    assert issuance.validity(number) == "valid"


@pytest.mark.parametrize("reason", ["not_received", "old_not_returned", "lost", "stolen", "destroyed"])
def test_invalidation_takes_a_minute_and_holds(
    simulators: Simulators, issuance: IssuanceAdapter, number: PassportNumber, reason: str
) -> None:
    today = simulators.now().date()
    issuance.invalidate(number, reason=reason, effective_on=today, agents=("clock", "supervisor-1"))
    assert issuance.validity(number) == "pending"
    simulators.advance(minutes=1)
    assert issuance.validity(number) == "invalid"
    issuance.invalidate(number, reason=reason, effective_on=today, agents=("clock",))
    assert issuance.validity(number) == "invalid"
    with pytest.raises(PartnerRefused) as refused:
        issuance.confirm_receipt(number, confirmed_at=simulators.now())
    assert refused.value.code == "409 TITRE_INVALIDE"


def test_nobody_invalidates_anonymously(issuance: IssuanceAdapter, number: PassportNumber) -> None:
    with pytest.raises(PartnerRefused) as refused:
        issuance.invalidate(number, reason="lost", effective_on=date(2026, 11, 23), agents=())
    assert refused.value.code == "422 CONTENU_INVALIDE"


def test_a_reason_outside_the_list_never_leaves(issuance: IssuanceAdapter, number: PassportNumber) -> None:
    with pytest.raises(PartnerRefused, match="unknown_reason"):
        issuance.invalidate(number, reason="whim", effective_on=date(2026, 11, 23), agents=("agent-1",))
    assert issuance.validity(number) == "pending"


def test_an_answer_that_is_no_json_is_as_none(simulators: Simulators) -> None:
    """A proxy that answers in the partner's place tells nothing of what happened."""
    with Listener(simulators.portal_port):
        behind_a_proxy = ADAPTER(base_url=simulators.portal_url, token="t", event_secret=DEMO_EVENT_SECRET)
        with pytest.raises(PartnerUnavailable, match="unreadable"):
            behind_a_proxy.validity(PassportNumber("12AB34567"))
        behind_a_proxy.close()


def test_a_limit_before_the_dispatch_is_refused(
    simulators: Simulators, issuance: IssuanceAdapter, number: PassportNumber
) -> None:
    now = simulators.now()
    with pytest.raises(PartnerRefused):
        issuance.expect_receipt(number, dispatched_at=now, due_at=now - timedelta(days=1))


def test_earlier_passports_of_the_demonstration_are_known(issuance: IssuanceAdapter) -> None:
    jeanne = issuance.previous(PassportNumber("17FR42486"))
    assert jeanne is not None
    assert jeanne["remote"] is False
    assert jeanne["validity"] == "valid"
    assert jeanne["expires_on"] > jeanne["issued_on"]
    assert issuance.previous(PassportNumber("00ZZ00000")) is None


def test_a_passport_produced_here_was_obtained_remotely(issuance: IssuanceAdapter, number: PassportNumber) -> None:
    produced = issuance.previous(number)
    assert produced is not None
    assert produced["remote"] is True


def test_an_unknown_number_is_refused_without_being_named(issuance: IssuanceAdapter) -> None:
    with pytest.raises(PartnerRefused) as refused:
        issuance.validity(PassportNumber("00ZZ00000"))
    assert refused.value.code == "404 TITRE_INCONNU"
    assert "00ZZ00000" not in str(refused.value)
