"""Slots keep their promises in every zone and on both daylight-saving nights."""

import json
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from escale.case.decision import RuleRefused
from escale.steps.step4_interview import clocks, queries_slots, rules_slots
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


# Clocks of every post and of every place where an applicant lives, and the oddest ones there are: half an hour or two
# hours that leap, a midnight that does not exist, quarters of an hour.
EVERYWHERE = sorted(
    {post["tz"] for post in json.loads((files("escale") / "data" / "posts.json").read_text(encoding="utf-8"))}
    | {zone for country in ("AU", "CA", "ES", "PT") for zone in clocks.zones(country)}
    | {*ZONES, "Antarctica/Troll", "America/Havana", "Africa/Cairo", "Asia/Kolkata", "Pacific/Chatham", "Asia/Beirut"}
)
OPENINGS = [(time(9), time(12)), (time(0), time(23, 59)), (time(1, 15), time(4)), (time(22), time(23, 30))]


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def nights_of_change(zone: str) -> list[date]:
    """The days of two years that do not last twenty-four hours."""
    year = [date(2026, 1, 1) + timedelta(days=place) for place in range(730)]
    return [day for day in year if midnight(day + timedelta(days=1), zone) - midnight(day, zone) != timedelta(days=1)]


def test_the_clocks_of_the_tests_do_change():
    changing = {zone for zone in EVERYWHERE if nights_of_change(zone)}

    assert {"America/Toronto", "Australia/Sydney", "Europe/Lisbon", "Australia/Lord_Howe", "Africa/Cairo"} <= changing
    assert {"Australia/Brisbane", "America/Regina", "Asia/Kathmandu"} & set(EVERYWHERE) <= set(EVERYWHERE) - changing
    assert all(len(nights_of_change(zone)) in {0, 4} for zone in EVERYWHERE)


@pytest.mark.parametrize("zone", EVERYWHERE)
def test_around_both_clock_changes_every_slot_is_real_and_alone(zone: str):
    tz = ZoneInfo(zone)
    changes = nights_of_change(zone) or [date(2026, 3, 29)]
    around = {day + timedelta(days=shift) for day in changes for shift in (-1, 0, 1)}
    for day in sorted(around):
        for start, end in OPENINGS:
            slots = laid(day, start, end, zone)
            opening, closing = rules_slots.instant(day, start, tz), rules_slots.instant(day, end, tz)

            assert len(slots) == (max(0, (closing - opening - LENGTH) // STEP + 1) if closing > opening else 0)
            assert all(later.starts_at - sooner.ends_at == STEP - LENGTH for sooner, later in pairwise(slots))
            for slot in slots:
                here = slot.starts_at.astimezone(tz)
                assert here.date() == day
                # An hour the wall never shows is no hour, and an hour shown twice is told apart by its instant.
                assert here.astimezone(UTC) == slot.starts_at == rules_slots.parse_key(slot.key)
                assert start <= here.time() <= end


@settings(max_examples=100, deadline=None)
@given(days, st.sampled_from(EVERYWHERE), st.sampled_from(EVERYWHERE))
def test_two_clocks_side_by_side_lose_no_slot_and_tell_each_its_day(day: date, here: str, there: str):
    slots = laid(day, time(0), time(23, 59), there)

    told = queries_slots.by_day(slots, ZoneInfo(here), ZoneInfo(there))

    assert [offer["slot"] for one in told for offer in one["slots"]] == slots
    for one in told:
        for offer in one["slots"]:
            mine, theirs = (offer["slot"].starts_at.astimezone(ZoneInfo(zone)) for zone in (here, there))
            assert (one["day"], offer["hour"]) == (mine.date(), mine.time())
            assert (offer["other_day"], offer["other_hour"]) == (theirs.date(), theirs.time())


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
