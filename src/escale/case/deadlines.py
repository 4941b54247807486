"""Kinds of deadline, what opens and closes each, and calendar arithmetic.

A deadline is a due date, never a counter. A day is a calendar day in the post's time zone: day 40 is in time until
23:59:59 there. What happens when a deadline falls due is said by the step that handles its kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from escale.case import events as e
from escale.case.policy import number, words


class DeadlineKind(StrEnum):
    DRAFT_REMINDER = "draft_reminder"
    DRAFT_LAPSE = "draft_lapse"
    CORRECTION_REMINDER = "correction_reminder"
    CORRECTION_LAPSE = "correction_lapse"
    POSTING_REMINDER = "posting_reminder"
    POSTING_LAPSE = "posting_lapse"
    POSTING_DESK_ALERT = "posting_desk_alert"
    BOOKING_REMINDER = "booking_reminder"
    BOOKING_LAPSE = "booking_lapse"
    INTERVIEW_D2 = "interview_d2"
    INTERVIEW_D1 = "interview_d1"
    INTERVIEW_H1 = "interview_h1"
    INTERVIEW_NO_SHOW = "interview_no_show"
    PRODUCTION_ALERT = "production_alert"
    TRANSIT_SILENCE = "transit_silence"
    RETURNED_KEPT = "returned_kept"
    DUTY_REMINDER_1 = "duty_reminder_1"
    DUTY_REMINDER_2 = "duty_reminder_2"
    DUTY_REMINDER_3 = "duty_reminder_3"
    DUTY_REMINDER_4 = "duty_reminder_4"
    DUTY_REMINDER_5 = "duty_reminder_5"
    DUTY_END = "duty_end"
    RETURN_ALERT = "return_alert"
    LOCKOUT_END = "lockout_end"
    VISA_END = "visa_end"
    HOLD_END = "hold_end"
    INVALIDATION_RUN = "invalidation_run"
    INVALIDATION_ALERT = "invalidation_alert"
    RETENTION_END = "retention_end"


@dataclass(frozen=True, slots=True)
class Frame:
    """When and where a deadline is computed: the instant of the event and the post's time zone."""

    now: datetime
    tz: ZoneInfo


def start_of_day(frame: Frame, days: int) -> datetime:
    """Midnight that begins the calendar day ``days`` after the one of ``frame.now``, in the post's zone, in UTC."""
    day = frame.now.astimezone(frame.tz).date() + timedelta(days=days)
    return datetime.combine(day, time(0), frame.tz).astimezone(UTC)


def at_hour(frame: Frame, days: int, hour: int) -> datetime:
    """``hour`` o'clock on that calendar day, in the post's zone, in UTC."""
    day = frame.now.astimezone(frame.tz).date() + timedelta(days=days)
    return datetime.combine(day, time(hour), frame.tz).astimezone(UTC)


def last_moment(frame: Frame, days: int) -> datetime:
    """23:59:59 of that calendar day, in the post's zone, in UTC: the last moment in time."""
    return start_of_day(frame, days + 1) - timedelta(seconds=1)


type Due = Callable[[e.Event, Frame], datetime]


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """``opens``: the events that open (or re-open with a new date); ``closes``: those that close it."""

    opens: tuple[type[e.Event], ...]
    closes: tuple[type[e.Event], ...]
    due: Due


def _morning_after(policy: str) -> Due:
    """A reminder at nine in the morning, some days later."""
    return lambda event, frame: at_hour(frame, number(policy, frame.now.date()), 9)


def _end_of(policy: str) -> Due:
    """The first moment too late: the day after the last day in time begins."""
    return lambda event, frame: start_of_day(frame, number(policy, frame.now.date()) + 1)


def _hours(policy: str) -> Due:
    return lambda event, frame: frame.now + timedelta(hours=number(policy, frame.now.date()))


def _before_interview(**delta: int) -> Due:
    def due(event: e.Event, frame: Frame) -> datetime:
        if not isinstance(event, e.InterviewBooked | e.InterviewMoved):
            raise TypeError(event.name)
        return event.starts_at - timedelta(**delta)

    return due


def _no_show(event: e.Event, frame: Frame) -> datetime:
    grace = number("interview_grace_minutes", frame.now.date())
    return _before_interview(minutes=-grace)(event, frame)


def _duty_reminder(place: int) -> Due:
    return lambda event, frame: at_hour(frame, int(words("duty_reminder_days", frame.now.date())[place]), 9)


def _until(event: e.Event, frame: Frame) -> datetime:
    if isinstance(event, e.InvalidationHeld):
        return event.until
    if isinstance(event, e.KeptForVisa):
        days = (event.until - frame.now.astimezone(frame.tz).date()).days
        return start_of_day(frame, days + 1)
    raise TypeError(event.name)


def _retention(event: e.Event, frame: Frame) -> datetime:
    """Longer when a passport was issued than when the case ended before."""
    issued = isinstance(event, e.DutiesFulfilled | e.BorderAlertRecorded)
    policy = "retention_completed_days" if issued else "retention_closed_days"
    return at_hour(frame, number(policy, frame.now.date()), 9)


def _next_run(event: e.Event, frame: Frame) -> datetime:
    """The daily run of the next calendar day: the list stands for a whole day where agents see it."""
    return at_hour(frame, 1, number("daily_run_hour", frame.now.date()))


_BOOKED = (e.InterviewBooked, e.InterviewMoved)
_UNBOOKED = (
    e.InterviewCancelled,
    e.InterviewMissed,
    e.InterviewStarted,
    e.InterviewDirectedInPerson,
    e.ValidationWithdrawn,
)
_DUTY = (e.ReceiptExpected, e.VisaEnded)
_DUTY_OVER = (e.DutiesFulfilled, e.DutyMissed, e.PassportDeclaredLostOrStolen, e.PassportDestroyed)
_SCANS = (e.HandedToCourier, e.OutForDelivery, e.DeliveryException, e.TransitResumed)
_ENDED = (
    e.ApplicationRefused,
    e.DirectedInPerson,
    e.ApplicationWithdrawn,
    e.ApplicationLapsed,
    e.EligibilityRefused,
    e.EligibilityLost,
    e.InterviewRefused,
    e.InterviewDirectedInPerson,
    e.DutiesFulfilled,
    e.BorderAlertRecorded,
)

K = DeadlineKind
RULES: dict[DeadlineKind, DeadlineRule] = {
    K.DRAFT_REMINDER: DeadlineRule(
        (e.EligibilityConfirmed,), (e.ApplicationSubmitted,), _morning_after("draft_reminder_days")
    ),
    K.DRAFT_LAPSE: DeadlineRule((e.EligibilityConfirmed,), (e.ApplicationSubmitted,), _end_of("draft_lapse_days")),
    K.CORRECTION_REMINDER: DeadlineRule(
        (e.CorrectionRequested,), (e.CorrectionSubmitted,), _morning_after("correction_reminder_days")
    ),
    K.CORRECTION_LAPSE: DeadlineRule(
        (e.CorrectionRequested,), (e.CorrectionSubmitted,), _end_of("correction_lapse_days")
    ),
    K.POSTING_REMINDER: DeadlineRule(
        (e.PostingAsked, e.ReplacementRequested, e.LabelCancelledByCourier),
        (e.PostingAnnounced, e.EnvelopeReceived),
        _morning_after("posting_reminder_days"),
    ),
    K.POSTING_LAPSE: DeadlineRule(
        (e.ApplicationAccepted, e.ReplacementRequested, e.LabelCancelledByCourier),
        (e.EnvelopeReceived,),
        _end_of("posting_lapse_days"),
    ),
    K.POSTING_DESK_ALERT: DeadlineRule(
        (e.PostingAnnounced,), (e.EnvelopeReceived,), _morning_after("posting_desk_alert_days")
    ),
    K.BOOKING_REMINDER: DeadlineRule(
        (e.RequestValidated, e.InterviewCancelled, e.InterviewMissed, e.InterviewFailedTechnically),
        (*_BOOKED, e.ValidationWithdrawn),
        _morning_after("booking_reminder_days"),
    ),
    K.BOOKING_LAPSE: DeadlineRule(
        (e.RequestValidated, e.InterviewCancelled, e.InterviewMissed, e.InterviewFailedTechnically),
        (*_BOOKED, e.ValidationWithdrawn),
        _end_of("booking_lapse_days"),
    ),
    K.INTERVIEW_D2: DeadlineRule(_BOOKED, _UNBOOKED, _before_interview(days=2)),
    K.INTERVIEW_D1: DeadlineRule(_BOOKED, _UNBOOKED, _before_interview(days=1)),
    K.INTERVIEW_H1: DeadlineRule(_BOOKED, _UNBOOKED, _before_interview(hours=1)),
    K.INTERVIEW_NO_SHOW: DeadlineRule(_BOOKED, _UNBOOKED, _no_show),
    K.PRODUCTION_ALERT: DeadlineRule(
        (e.PassportOrdered,), (e.PassportArrivedAtPost, e.ProductionRejected), _morning_after("production_alert_days")
    ),
    K.TRANSIT_SILENCE: DeadlineRule(
        _SCANS, (e.Delivered, e.ReturnedToSender, e.InquiryOpened, e.DeclaredLost), _end_of("transit_silence_days")
    ),
    K.RETURNED_KEPT: DeadlineRule(
        (e.PassportCameBack,), (e.HandedToCourier, e.PassportDestroyed), _morning_after("returned_kept_days")
    ),
    K.DUTY_REMINDER_1: DeadlineRule(_DUTY, _DUTY_OVER, _duty_reminder(0)),
    K.DUTY_REMINDER_2: DeadlineRule(_DUTY, _DUTY_OVER, _duty_reminder(1)),
    K.DUTY_REMINDER_3: DeadlineRule(_DUTY, _DUTY_OVER, _duty_reminder(2)),
    K.DUTY_REMINDER_4: DeadlineRule(_DUTY, _DUTY_OVER, _duty_reminder(3)),
    K.DUTY_REMINDER_5: DeadlineRule(_DUTY, _DUTY_OVER, _duty_reminder(4)),
    K.DUTY_END: DeadlineRule(_DUTY, _DUTY_OVER, _end_of("duty_days")),
    K.RETURN_ALERT: DeadlineRule(
        (e.ReturnHandedOver,), (e.OldPassportReceived, e.ReturnLostInPost), _morning_after("return_alert_days")
    ),
    K.LOCKOUT_END: DeadlineRule(
        (e.ReceiptLockedOut,), (e.LockoutEnded, e.ReceiptVoided), _hours("security_number_lock_hours")
    ),
    K.VISA_END: DeadlineRule((e.KeptForVisa,), (e.VisaEnded,), _until),
    K.HOLD_END: DeadlineRule(
        (e.InvalidationHeld,), (e.HoldEnded, e.DutyFulfilledLate, e.PassportDeclaredLostOrStolen), _until
    ),
    K.INVALIDATION_RUN: DeadlineRule(
        (e.DutyMissed, e.HoldEnded),
        (e.InvalidationHeld, e.InvalidationOrdered, e.DutyFulfilledLate, e.PassportDeclaredLostOrStolen),
        _next_run,
    ),
    K.INVALIDATION_ALERT: DeadlineRule(
        (e.InvalidationOrdered, e.PassportDeclaredLostOrStolen, e.PassportDestroyed),
        (e.BorderAlertRecorded,),
        _hours("invalidation_alert_hours"),
    ),
    K.RETENTION_END: DeadlineRule(_ENDED, (e.VisaEnded, e.RetentionEnded), _retention),
}
# When a case ends, every open deadline closes but these.
SURVIVE_THE_END: frozenset[DeadlineKind] = frozenset({K.RETENTION_END, K.VISA_END, K.TRANSIT_SILENCE, K.RETURNED_KEPT})


def opened_by(event: e.Event, frame: Frame) -> dict[DeadlineKind, datetime]:
    """Deadlines this event opens, with their due instants in UTC. Those already past at ``frame.now`` are left out,
    except ends: a reminder for a moment gone helps nobody."""
    due = {kind: rule.due(event, frame) for kind, rule in RULES.items() if type(event) in rule.opens}
    reminders = {K.INTERVIEW_D2, K.INTERVIEW_D1, K.INTERVIEW_H1}
    return {kind: at for kind, at in due.items() if at > frame.now or kind not in reminders}


def closed_by(event: e.Event) -> frozenset[DeadlineKind]:
    """Deadlines this event closes."""
    return frozenset(kind for kind, rule in RULES.items() if type(event) in rule.closes)
