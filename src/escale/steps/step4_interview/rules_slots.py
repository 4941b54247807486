"""Slots: from opening hours to instants, daylight-saving safe. Pure.

A slot is twenty minutes of interview and ten of buffer (case.policy); hours are wall-clock hours of the agent's post.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from escale.case.deadlines import DeadlineKind
from escale.case.decision import RuleRefused
from escale.case.policy import number

# Our decisions: how far ahead slots are published, and how long before its start a slot may still be booked.
HORIZON_DAYS = 28
NOTICE = timedelta(hours=24)
DAYS_SHOWN = 7
# Reminders, the newest first: how long before the interview each is due.
REMINDERS = {
    DeadlineKind.INTERVIEW_H1: timedelta(hours=1),
    DeadlineKind.INTERVIEW_D1: timedelta(days=1),
    DeadlineKind.INTERVIEW_D2: timedelta(days=2),
}
# Why a post moves or cancels an interview; the words are in ``words``.
REASONS = ("agent_away", "post_closed", "equipment", "applicant_asked")


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one weekday (Monday is 0), on the clock of the post."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Slot:
    """One interview that could take place, in UTC; ``agents`` are those who are free, in order of preference.
    ``spoken``: the first of them speaks the applicant's language."""

    starts_at: datetime
    ends_at: datetime
    agents: tuple[int, ...] = ()
    spoken: bool = True

    @property
    def key(self) -> str:
        return key(self.starts_at)


def key(starts_at: datetime) -> str:
    """What names a slot in a form."""
    return starts_at.astimezone(UTC).strftime("%Y%m%dT%H%MZ")


def parse_key(text: str) -> datetime:
    """The start a slot's key names, in UTC. Raises RuleRefused(``slot_unknown``)."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)
    except ValueError:
        raise RuleRefused("slot_unknown") from None


def opening_hours(posted: dict[str, list[list[str]]]) -> tuple[Hours, ...]:
    """A post's opening hours as it stores them: ``{"0": [["09:00", "12:00"]]}``."""
    return tuple(
        Hours(int(day), time.fromisoformat(start), time.fromisoformat(end))
        for day, spans in sorted(posted.items())
        for start, end in spans
    )


def instant(day: date, hour: time, tz: ZoneInfo) -> datetime:
    """The instant a wall clock shows this hour. An hour that occurs twice is its first occurrence; one that the clocks
    skip is the instant after the leap that stands as far from midnight."""
    return datetime.combine(day, hour, tz).astimezone(UTC)


def slots_of_day(day: date, hours: Iterable[Hours], tz: ZoneInfo) -> Iterator[Slot]:
    """The slots of one day, laid end to end from each opening, never running past its closing."""
    length = timedelta(minutes=number("interview_minutes", day))
    step = length + timedelta(minutes=number("interview_buffer_minutes", day))
    for span in hours:
        if span.weekday != day.weekday():
            continue
        at, closing = instant(day, span.start, tz), instant(day, span.end, tz)
        while at + length <= closing:
            yield Slot(at, at + length)
            at += step


def days_ahead(now: datetime, tz: ZoneInfo) -> list[date]:
    """The days for which slots are published, on the post's calendar."""
    today = now.astimezone(tz).date()
    return [today + timedelta(days=place) for place in range(HORIZON_DAYS + 1)]


def bookable(slots: Iterable[Slot], now: datetime) -> list[Slot]:
    """Those that leave enough notice."""
    return [slot for slot in slots if slot.starts_at >= now + NOTICE]


def collides(starts_at: datetime, ends_at: datetime, taken: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether an interview, with its buffer, touches another one of the same agent."""
    buffer = timedelta(minutes=number("interview_buffer_minutes", starts_at.date()))
    return any(starts_at < end + buffer and start < ends_at + buffer for start, end in taken)


def newest_reminder(starts_at: datetime, now: datetime) -> DeadlineKind | None:
    """The one reminder that still makes sense: two days, a day or an hour before; none once the interview begins."""
    if now >= starts_at:
        return None
    return next((kind for kind, before in REMINDERS.items() if now >= starts_at - before), None)


def outdated(kind: str, starts_at: datetime, now: datetime) -> bool:
    """Whether a newer reminder takes the place of this one."""
    newest, order = newest_reminder(starts_at, now), list(REMINDERS)
    return newest is not None and kind in REMINDERS and order.index(newest) < order.index(DeadlineKind(kind))


def may_change(starts_at: datetime, now: datetime, *, by_applicant: bool) -> None:
    """An applicant moves or cancels up to twenty-four hours before; an agent at any time. Raises RuleRefused."""
    hours = number("interview_change_until_hours", now.date())
    if by_applicant and now > starts_at - timedelta(hours=hours):
        raise RuleRefused("too_late_to_change", hours=hours)
