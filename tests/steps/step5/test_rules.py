"""What issuance's word means, what a parcel must hold, when a passport is destroyed. No database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.case.mrz import Mrz
from escale.case.values import PassportNumber, Waybill
from escale.ports.issuance import OrderState
from escale.steps.step5_dispatch import rules
from tests.steps.step5.fakes import a_title

OWN, OTHER = Waybill.dhl(331881002), Waybill.dhl(848713550)
TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("track", "state", "names"),
    [
        ("ordered", OrderState("received"), []),
        ("ordered", OrderState("checking"), []),
        ("ordered", OrderState("in_production"), ["ProductionStarted"]),
        ("in_production", OrderState("in_production"), []),
        ("ordered", OrderState("produced", title=a_title()), ["ProductionStarted", "PassportProduced"]),
        ("in_production", OrderState("sent_to_post", title=a_title()), ["PassportProduced"]),
        ("in_production", OrderState("produced"), []),  # made, but its number is not told yet
        ("ordered", OrderState("rejected", code="PHOTO"), ["ProductionRejected"]),
        ("in_production", OrderState("rejected", code="PHOTO"), ["ProductionRejected"]),
        ("produced", OrderState("in_production"), []),  # an older state told late
        ("dispatched", OrderState("rejected", code="PHOTO"), []),
        ("production_rejected", OrderState("produced", title=a_title()), []),
    ],
)
def test_production_only_moves_forward(track: str, state: OrderState, names: list[str]):
    assert [event.name for event in rules.production_events(track, state)] == names


def bench(dispatch: str, delivery: str = "waiting", *, closed: bool = False) -> rules.Bench:
    return rules.Bench(dispatch, delivery, closed)


def test_the_zone_must_be_the_one_of_this_passport():
    made, other = a_title("26FR48213"), a_title("26FR48214")
    zone = Mrz(*made.mrz.splitlines())

    rules.check_zone(made.number, zone, made)
    with pytest.raises(RuleRefused, match="zone_of_another_number"):
        rules.check_zone(PassportNumber("26FR48214"), zone, other)
    expires = made.expires_on + timedelta(days=1)
    forged = Mrz.build(
        surname="DURAND", given_names="Jeanne", number="26FR48213", birth="1962-08-24", sex="F", expiry=expires
    )
    with pytest.raises(RuleRefused, match="zone_differs"):
        rules.check_zone(made.number, forged, made)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        (bench("produced"), ["PassportArrivedAtPost"]),
        (bench("dispatched", "returned"), ["PassportCameBack"]),
        (bench("dispatched", "in_transit"), ["ReturnedToSender", "PassportCameBack"]),
        (bench("dispatched", "inquiry"), ["ReturnedToSender", "PassportCameBack"]),
    ],
)
def test_a_passport_on_the_bench_came_from_the_producer_or_came_back(state: rules.Bench, names: list[str]):
    assert [event.name for event in rules.arrival(state)] == names


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (bench("at_post"), "here_already"),
        (bench("in_production"), "not_produced"),
        (bench("dispatched", "delivered"), "delivered_already"),
    ],
)
def test_a_passport_that_should_not_be_here_is_refused(state: rules.Bench, code: str):
    with pytest.raises(RuleRefused, match=code):
        rules.arrival(state)


@pytest.mark.parametrize(
    ("state", "scanned", "expected", "used", "code"),
    [
        (bench("at_post"), OTHER, OWN, False, "label_of_another_case"),
        (bench("at_post"), OWN, None, False, "no_label"),
        (bench("at_post"), OWN, OWN, True, "label_used"),
        (bench("produced"), OWN, OWN, False, "not_at_post"),
        (bench("dispatched"), OWN, OWN, False, "sent_already"),
        (bench("at_post", closed=True), OWN, OWN, False, "case_closed"),
    ],
)
def test_a_parcel_that_does_not_go_together_is_refused(
    state: rules.Bench, scanned: Waybill, expected: Waybill | None, used: bool, code: str
):
    with pytest.raises(RuleRefused, match=code):
        rules.dispatching(state, scanned=scanned, expected=expected, used=used)


def test_a_passport_leaves_with_its_own_label():
    events = rules.dispatching(bench("at_post"), scanned=OWN, expected=OWN, used=False)

    assert events == (e.PassportDispatched(carrier="dhl"),)


def test_a_passport_that_came_back_is_kept_three_months():
    back = datetime(2026, 5, 4, 15, tzinfo=UTC)
    free = rules.destroyed_from(back, TORONTO)

    assert free == datetime(2026, 8, 2, 13, tzinfo=UTC)
    with pytest.raises(RuleRefused, match="kept_three_months"):
        rules.destroying("at_post", back, tz=TORONTO, now=free - timedelta(seconds=1))
    assert rules.destroying("at_post", back, tz=TORONTO, now=free) == (e.PassportDestroyed(),)
    with pytest.raises(RuleRefused, match="not_come_back"):
        rules.destroying("at_post", None, tz=TORONTO, now=free)
