"""Calendar arithmetic: days are the post's days; the fortieth is in time until its last second."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from escale.case import events as e
from escale.case.deadlines import RULES, DeadlineKind, Frame, closed_by, last_moment, opened_by, start_of_day

ZONES = [
    "Australia/Sydney",
    "America/Toronto",
    "America/Vancouver",
    "America/Moncton",
    "Europe/Madrid",
    "Europe/Lisbon",
]


@pytest.mark.parametrize("zone", ZONES)
@given(
    st.integers(0, 760 * 24 * 60).map(lambda minutes: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes))
)
def test_day_forty_is_in_time_until_its_last_second(zone, dispatched):
    tz = ZoneInfo(zone)
    frame = Frame(dispatched, tz)
    end = opened_by(e.ReceiptExpected(), frame)[DeadlineKind.DUTY_END]
    last = end - timedelta(seconds=1)
    started = dispatched.astimezone(tz).date()
    assert last == last_moment(frame, 40)
    assert (last.astimezone(tz).date() - started).days == 40
    assert (last.astimezone(tz).hour, last.astimezone(tz).minute, last.astimezone(tz).second) == (23, 59, 59)
    assert (end.astimezone(tz).date() - started).days == 41


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("America/Toronto", "2026-03-08T06:30:00+00:00"),
        ("America/Toronto", "2026-11-01T05:30:00+00:00"),
        ("Australia/Sydney", "2026-10-03T15:30:00+00:00"),
        ("Europe/Madrid", "2026-10-25T00:30:00+00:00"),
    ],
)
def test_nights_of_the_clock_change_keep_calendar_days(zone, instant):
    frame = Frame(datetime.fromisoformat(instant), ZoneInfo(zone))
    midnight = start_of_day(frame, 1).astimezone(ZoneInfo(zone))
    assert (midnight.hour, midnight.minute) == (0, 0)


def test_leap_day_is_a_day():
    frame = Frame(datetime(2028, 2, 20, 12, tzinfo=UTC), ZoneInfo("Europe/Madrid"))
    assert last_moment(frame, 40).astimezone(frame.tz).date().isoformat() == "2028-03-31"


def test_booking_opens_reminders_that_are_still_to_come():
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    frame = Frame(now, ZoneInfo("Europe/Madrid"))
    soon = opened_by(e.InterviewBooked(now + timedelta(hours=20), now + timedelta(hours=21)), frame)
    assert DeadlineKind.INTERVIEW_D2 not in soon
    assert DeadlineKind.INTERVIEW_D1 not in soon
    assert DeadlineKind.INTERVIEW_H1 in soon
    assert soon[DeadlineKind.INTERVIEW_NO_SHOW] == now + timedelta(hours=20, minutes=15)


def test_a_visa_opens_a_deadline_the_day_after_its_last():
    frame = Frame(datetime(2026, 5, 4, 12, tzinfo=UTC), ZoneInfo("America/Toronto"))
    due = opened_by(e.KeptForVisa(date(2026, 8, 1)), frame)[DeadlineKind.VISA_END]
    assert due.astimezone(frame.tz).isoformat() == "2026-08-02T00:00:00-04:00"


def test_every_deadline_can_be_closed_by_an_event_or_the_worker():
    for kind, rule in RULES.items():
        assert rule.opens, kind
        assert rule.closes, kind


def test_fulfilling_the_duties_closes_their_clock():
    assert DeadlineKind.DUTY_END in closed_by(e.DutiesFulfilled())
