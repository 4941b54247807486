"""Every condition at its border: the last day that passes, the first that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from escale.steps.step1_sign_in import rules

ON = date(2026, 3, 2)
GOOD = rules.Facts(
    on=ON,
    french=True,
    birthdate="1962-08-24",
    residence_country="CA",
    resident_since=date(2022, 5, 1),
    registered_until=date(2028, 1, 9),
    register_agrees=True,
    passport_issued_on=date(2016, 4, 1),
    passport_expires_on=date(2026, 3, 31),
    acr="eidas2",
    lost_or_stolen=False,
    civil_status_changed=False,
    second_passport=False,
    obtained_remotely=False,
    error_by_administration=False,
    fingerprints_given=True,
    open_case=False,
    post_competent=True,
)


def refused(**changes: object) -> list[str]:
    return [rule.id for rule in rules.refused(replace(GOOD, **changes))]


def test_a_good_situation_meets_every_rule():
    assert refused() == []
    assert rules.unanswered(GOOD) == ()


def test_every_rule_of_the_law_is_there():
    expected = [f"E{n}" for n in range(1, 10)] + [f"X{n}" for n in range(1, 7)] + ["P1"]

    assert [rule.id for rule in rules.RULES] == expected
    assert all(rule.source and rule.title and rule.refusal and rule.way_out for rule in rules.RULES)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"birthdate": "2008-03-03", "passport_issued_on": date(2026, 3, 2)}, "E1"),
        ({"residence_country": "BE"}, "E2"),
        ({"resident_since": date(2025, 9, 3)}, "E3"),
        ({"registered_until": ON - timedelta(days=1)}, "E4"),
        ({"register_agrees": False}, "E5"),
        ({"passport_issued_on": date(1980, 8, 23)}, "E6"),
        ({"passport_expires_on": date(2021, 3, 1)}, "E7"),
        ({"acr": "eidas1"}, "E9"),
        ({"lost_or_stolen": True}, "X1"),
        ({"civil_status_changed": True}, "X2"),
        ({"second_passport": True}, "X3"),
        ({"obtained_remotely": True}, "X4"),
        ({"fingerprints_given": False}, "X5"),
        ({"open_case": True}, "X6"),
        ({"post_competent": False}, "P1"),
    ],
)
def test_one_wrong_fact_is_refused_by_its_rule(changes: dict[str, object], rule: str):
    assert rule in refused(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"resident_since": date(2025, 9, 2)},  # six months to the day
        {"registered_until": ON},
        {"passport_issued_on": date(1980, 8, 24)},  # on the eighteenth birthday
        {"passport_expires_on": date(2021, 3, 2)},  # expired five years ago exactly
        {"acr": "eidas3"},
        {"obtained_remotely": True, "error_by_administration": True},
    ],
)
def test_the_last_case_that_passes(changes: dict[str, object]):
    assert refused(**changes) == []


@pytest.mark.parametrize(("on", "open_"), [("2025-11-30", False), ("2025-12-01", True), ("2027-11-30", True)])
def test_the_experiment_has_a_first_and_a_last_day(on: str, open_: bool):
    assert rules.within_the_experiment(rules.Facts(on=date.fromisoformat(on))) is open_
    assert not rules.within_the_experiment(rules.Facts(on=date(2027, 12, 1)))


@pytest.mark.parametrize(
    ("birthdate", "latest"),
    [("1992-11-00", date(1992, 11, 30)), ("1992-00-00", date(1992, 12, 31)), ("1992-02-03", date(1992, 2, 3))],
)
def test_a_presumed_birth_is_read_as_its_last_possible_day(birthdate: str, latest: date):
    assert rules.latest_birth(birthdate) == latest


def test_years_from_a_leap_day_fall_on_the_last_day_of_february():
    assert rules.add_years(date(2024, 2, 29), 5) == date(2029, 2, 28)
    assert rules.add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)


def test_what_is_not_known_yet_refuses_nothing():
    nothing = rules.Facts(on=ON)

    assert rules.refused(nothing) == ()
    assert {rule.id for rule in rules.RULES} - {"E8"} == {rule.id for rule in rules.unanswered(nothing)}
