"""What scans mean, how often a carrier is asked, when a parcel has gone silent. No database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.ports.courier import Scan, ScanKind as K
from escale.steps.step6_delivery import rules

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
CODES = {K.EXCEPTION: "NH", K.DELIVERED: "OK", K.RETURNED: "RT", K.OUT_FOR_DELIVERY: "WC", K.CANCELLED: "CX"}


def scans(*kinds: K) -> list[Scan]:
    return [Scan(NOW + timedelta(hours=i), kind, CODES.get(kind, "PU"), "", "") for i, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("state", "kinds", "names"),
    [
        ("in_transit", [K.ACCEPTED, K.IN_TRANSIT], []),
        ("in_transit", [K.OUT_FOR_DELIVERY], ["OutForDelivery"]),
        ("in_transit", [K.DELIVERED], ["Delivered"]),
        ("in_transit", [K.EXCEPTION], ["DeliveryException"]),
        ("in_transit", [K.CANCELLED], ["DeliveryException"]),
        ("exception", [K.IN_TRANSIT], ["TransitResumed"]),
        ("exception", [K.OUT_FOR_DELIVERY], ["OutForDelivery"]),
        ("out_for_delivery", [K.EXCEPTION], ["DeliveryException"]),
        ("exception", [K.EXCEPTION], []),
        ("in_transit", [K.RETURNED], ["ReturnedToSender"]),
        ("inquiry", [K.IN_TRANSIT], ["TransitResumed"]),
        ("inquiry", [K.OUT_FOR_DELIVERY], ["TransitResumed", "OutForDelivery"]),
        ("inquiry", [K.DELIVERED], ["Delivered"]),
        ("inquiry", [K.RETURNED], ["ReturnedToSender"]),
        ("delivered", [K.IN_TRANSIT, K.EXCEPTION], []),
        ("in_transit", [K.OTHER, K.ANNOUNCED], []),
    ],
)
def test_a_scan_moves_the_parcel_where_the_law_says(state: str, kinds: list[K], names: list[str]):
    assert [event.name for event in rules.outbound_events(state, scans(*kinds))] == names


def test_an_incident_already_over_is_not_announced():
    told = rules.outbound_events("in_transit", scans(K.IN_TRANSIT, K.EXCEPTION, K.OUT_FOR_DELIVERY, K.DELIVERED))

    assert told == (e.Delivered(source="carrier"),)


def test_a_failed_attempt_followed_by_another_attempt_is_not_announced_but_a_second_failure_is():
    assert rules.outbound_events("out_for_delivery", scans(K.EXCEPTION, K.OUT_FOR_DELIVERY)) == ()
    again = rules.outbound_events("exception", scans(K.OUT_FOR_DELIVERY, K.EXCEPTION))
    assert again == (e.OutForDelivery(), e.DeliveryException(code="NH"))


def test_an_incident_that_lasts_is_announced_with_the_carriers_own_code():
    told = rules.outbound_events("in_transit", scans(K.OUT_FOR_DELIVERY, K.EXCEPTION))

    assert told == (e.DeliveryException(code="NH"),)


def test_the_acceptance_is_the_first_scan_in_the_carriers_hands():
    assert rules.accepted_at(scans(K.ANNOUNCED)) is None
    assert rules.accepted_at(scans(K.ANNOUNCED, K.ACCEPTED, K.IN_TRANSIT)) == NOW + timedelta(hours=1)
    assert rules.accepted_at(scans(K.ANNOUNCED, K.EXCEPTION, K.IN_TRANSIT)) == NOW + timedelta(hours=2)


def test_a_parcel_is_asked_about_eight_times_a_day_at_most():
    budget, now = rules.Budget(None, 0), NOW
    for _ in range(rules.READINGS_A_DAY):
        assert budget.allows(now)
        budget = budget.after(now)

    assert not budget.allows(now)
    again = rules.next_reading(now, budget)
    assert again == datetime(2026, 4, 2, tzinfo=UTC)
    assert budget.allows(again)
    assert budget.after(again) == rules.Budget(date(2026, 4, 2), 1)


@pytest.mark.parametrize("zone", ["America/Toronto", "Australia/Sydney", "Europe/Lisbon", "Europe/Madrid"])
def test_silence_is_ten_whole_days_on_the_posts_calendar(zone: str):
    tz = ZoneInfo(zone)
    last = datetime(2026, 3, 25, 23, 30, tzinfo=tz).astimezone(UTC)  # a clock changes in between
    silent = rules.silent_from(last, tz)

    assert silent.astimezone(tz) == datetime(2026, 4, 5, tzinfo=tz)
    assert rules.inquiry("in_transit", last_sign=last, tz=tz, now=silent - timedelta(seconds=1)) == ()
    assert rules.inquiry("in_transit", last_sign=last, tz=tz, now=silent) == (e.InquiryOpened(),)
    assert rules.inquiry("delivered", last_sign=last, tz=tz, now=silent) == ()


def test_only_what_is_delivered_and_not_confirmed_can_be_disputed():
    assert rules.dispute("delivered", "awaited") == (e.DeliveryDisputed(),)
    with pytest.raises(RuleRefused, match="receipt_confirmed"):
        rules.dispute("delivered", "confirmed")
    with pytest.raises(RuleRefused, match="not_delivered"):
        rules.dispute("in_transit", "awaited")


def test_a_passport_is_lost_only_out_of_the_post_and_after_an_inquiry():
    assert rules.lost("inquiry", "dispatched") == (e.DeclaredLost(),)
    with pytest.raises(RuleRefused, match="at_the_post"):
        rules.lost("returned", "at_post")
    with pytest.raises(RuleRefused, match="inquiry_first"):
        rules.lost("in_transit", "dispatched")


def test_a_typed_scan_is_neither_to_come_nor_ancient():
    assert rules.typed_scan(K.ACCEPTED, NOW, started_at=NOW, now=NOW).raw == "AGENT"
    with pytest.raises(RuleRefused, match="scan_in_the_future"):
        rules.typed_scan(K.ACCEPTED, NOW + timedelta(minutes=1), started_at=NOW, now=NOW)
    with pytest.raises(RuleRefused, match="scan_too_old"):
        rules.typed_scan(K.ACCEPTED, NOW - timedelta(days=61), started_at=NOW, now=NOW)
