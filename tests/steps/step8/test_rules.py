"""The forty days: pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from escale.case.decision import RuleRefused
from escale.steps.step8_old_passport import rules

END = datetime(2026, 5, 12, 4, tzinfo=UTC)


def duties(receipt="awaited", old="due", title="issued", ends_at=END):
    return rules.Duties(receipt, old, title, ends_at)


def names(decision):
    return [event.name for event in decision.events]


@pytest.mark.parametrize(
    ("receipt", "old", "missing"),
    [
        ("awaited", "due", ("receipt", "return")),
        ("confirmed", "announced", ("return",)),
        ("confirmed", "handed_over", ()),
        ("awaited", "kept_for_visa", ("receipt",)),
        ("locked_out", "returned", ("receipt",)),
        ("confirmed", "lost_in_post", ()),
    ],
)
def test_what_is_missing_at_day_forty_one_puts_the_case_on_the_list(receipt, old, missing):
    state = duties(receipt, old)
    assert state.missing() == missing
    decided = rules.at_day_forty_one(state)
    assert names(decided) == (["DutyMissed"] if missing else [])


def test_a_case_already_listed_is_not_listed_again():
    assert names(rules.at_day_forty_one(duties(title="listed"))) == []


def test_a_scan_on_the_last_second_counts_and_the_next_one_does_not():
    assert names(rules.handed_over(duties(old="announced"), END - timedelta(seconds=1))) == ["ReturnHandedOver"]
    assert names(rules.handed_over(duties(old="announced"), END)) == []


def test_a_scan_in_time_learnt_late_takes_the_case_off_the_list():
    state = duties("confirmed", "late", "listed")
    assert names(rules.handed_over(state, END - timedelta(hours=1))) == ["ReturnHandedOver", "DutyFulfilledLate"]


@pytest.mark.parametrize(
    ("receipt", "old", "event"),
    [
        ("awaited", "late", "InvalidationOrdered"),
        ("confirmed", "late", "InvalidationOrdered"),
        ("confirmed", "returned", "DutyFulfilledLate"),
    ],
)
def test_the_daily_run_spares_who_has_done_both(receipt, old, event):
    assert names(rules.at_the_run(duties(receipt, old, "listed"))) == [event]


def test_a_case_on_hold_is_left_alone_by_the_run():
    assert names(rules.at_the_run(duties(title="held"))) == []


@pytest.mark.parametrize(
    ("title", "days", "reason", "code"),
    [
        ("issued", 5, "x", "not_listed"),
        ("listed", 0, "x", "hold_end"),
        ("listed", 91, "x", "hold_end"),
        ("listed", 5, "  ", "reason_missing"),
    ],
)
def test_a_suspension_needs_a_reason_and_an_end(title, days, reason, code):
    with pytest.raises(RuleRefused) as refused:
        rules.hold(title, until=END + timedelta(days=days), reason=reason, now=END)
    assert refused.value.code == code


def test_a_visa_that_has_ended_keeps_nothing():
    with pytest.raises(RuleRefused):
        rules.keep_for_visa("due", until=date(2026, 5, 1), today=date(2026, 5, 1))
