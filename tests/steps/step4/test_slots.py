"""Slots keep their promises in every zone and on both daylight-saving nights."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from escale.case.decision import RuleRefused
from escale.steps.step4_interview import clocks, rules_slots
from escale.steps.step4_interview.rules_slots import Hours, Slot

ZONES = [
    "Australia/Sydney", "Australia/Lord_Howe", "America/Toronto", "America/St_Johns", "America/Vancouver",
    "Europe/Madrid", "Atlantic/Canary", "Europe/Lisbon", "Atlantic/Azores", "Europe/Paris", "Asia/Kathmandu",
]  # fmt: skip
STEP, LENGTH = timedelta(minutes=30), timedelta(minutes=20)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
hours = st.times().map(lambda one: one.replace(second=0, microsecond=0))


def every_day(start: time, end: time) -> list[Hours]:
    return [Hours(weekday, start, end) for weekday in range(7)]


def laid(day: date, start: time, end: time, zone: str) -> list[Slot]:
    return list(rules_slots.slots_of_day(day, every_day(start, end), ZoneInfo(zone)))


@settings(max_examples=300, deadline=None)
@given(days, hours, hours, st.sampled_from(ZONES))
def test_slots_lie_end_to_end_within_the_opening(day: date, start: time, end: time, zone: str):
    slots = laid(day, start, end, zone)
    opening = rules_slots.instant(day, start, ZoneInfo(zone))
    closing = rules_slots.instant(day, end, ZoneInfo(zone))

    assert all(slot.ends_at - slot.starts_at == LENGTH for slot in slots)
    assert all(later.starts_at - sooner.starts_at == STEP for sooner, later in pairwise(slots))
    assert all(opening <= slot.starts_at and slot.ends_at <= closing for slot in slots)
    room = closing - opening
    assert len(slots) == (max(0, (room - LENGTH) // STEP + 1) if room >= LENGTH else 0)


@settings(max_examples=200, deadline=None)
@given(days, st.sampled_from(ZONES))
def test_office_hours_give_the_same_slots_on_every_wall(day: date, zone: str):
    slots = laid(day, time(9), time(12), zone)

    local = [slot.starts_at.astimezone(ZoneInfo(zone)) for slot in slots]
    assert [one.time() for one in local] == [time(9 + half // 2, 30 * (half % 2)) for half in range(6)]
    assert {one.date() for one in local} == {day}


@pytest.mark.parametrize(
    ("zone", "night", "count"),
    [
        ("America/Toronto", date(2026, 3, 8), 4),  # the hour from two to three does not exist
        ("America/Toronto", date(2026, 11, 1), 8),  # the hour from one to two comes twice
        ("Europe/Madrid", date(2026, 3, 29), 4),
        ("Europe/Madrid", date(2026, 10, 25), 8),
        ("Australia/Sydney", date(2026, 10, 4), 4),
        ("Australia/Sydney", date(2026, 4, 5), 8),
        ("Australia/Lord_Howe", date(2026, 10, 4), 5),  # half an hour is skipped
    ],
)
def test_a_night_without_its_usual_hours(zone: str, night: date, count: int):
    slots = laid(night, time(1), time(4), zone)

    assert len(slots) == count
    assert len({slot.starts_at for slot in slots}) == count


@settings(max_examples=100, deadline=None)
@given(days, hours)
def test_a_key_names_its_slot(day: date, hour: time):
    starts_at = datetime.combine(day, hour, UTC)

    assert rules_slots.parse_key(Slot(starts_at, starts_at + LENGTH).key) == starts_at


@pytest.mark.parametrize("typed", ["", "demain", "20260101", "20261301T0000Z", "20260101T0000Z; --"])
def test_a_key_that_names_nothing(typed: str):
    with pytest.raises(RuleRefused, match="slot_unknown"):
        rules_slots.parse_key(typed)


def test_the_buffer_keeps_interviews_apart():
    start = datetime(2026, 3, 5, 14, tzinfo=UTC)
    taken = [(start, start + LENGTH)]

    assert rules_slots.collides(start + timedelta(minutes=29), start + timedelta(minutes=49), taken)
    assert not rules_slots.collides(start + STEP, start + STEP + LENGTH, taken)
    assert not rules_slots.collides(start - STEP, start - STEP + LENGTH, taken)


def test_changes_stop_a_day_before_for_the_applicant_alone():
    start = datetime(2026, 3, 5, 14, tzinfo=UTC)
    last = start - timedelta(hours=24)

    rules_slots.may_change(start, last, by_applicant=True)
    rules_slots.may_change(start, start, by_applicant=False)
    with pytest.raises(RuleRefused, match="too_late_to_change"):
        rules_slots.may_change(start, last + timedelta(seconds=1), by_applicant=True)


@pytest.mark.parametrize(
    ("country", "some"),
    [("CA", "America/Toronto"), ("AU", "Australia/Perth"), ("ES", "Atlantic/Canary"), ("PT", "Atlantic/Azores")],
)
def test_the_clocks_of_a_country(country: str, some: str):
    assert some in clocks.zones(country)


def test_the_clock_of_the_post_unless_another_is_chosen():
    def chosen(wanted: str, country: str) -> str:
        return clocks.chosen(wanted, country=country, post_tz="America/Toronto").key

    assert chosen("", "CA") == "America/Toronto"
    assert chosen("America/Halifax", "CA") == "America/Halifax"
    assert chosen("Europe/Paris", "CA") == "America/Toronto"
    assert chosen("", "ES") == "Europe/Madrid"
    assert chosen("", "XX") == "America/Toronto"
