"""The two duties and their forty days. Pure: facts in, decision out.

Source: arrêté du 27 avril 2017 modifié (télé-réception): forty days after dispatch. The poster says « envoyer dans les
40 jours »: an old passport handed to the carrier on day 40 is in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused

MAY_RETURN = frozenset({"due", "announced"})
LONGEST_HOLD = timedelta(days=90)
INVALIDATION_REASON = {"receipt": "not_received", "return": "old_not_returned"}


@dataclass(frozen=True, slots=True)
class Duties:
    """How the two duties stand. ``ends_at``: the first moment too late."""

    receipt: str
    old_passport: str
    title: str
    ends_at: datetime | None

    @property
    def receipt_done(self) -> bool:
        return self.receipt == "confirmed"

    @property
    def return_done(self) -> bool:
        return self.old_passport in {"handed_over", "returned", "kept_for_visa", "lost_in_post"}

    def missing(self) -> tuple[str, ...]:
        return tuple(name for name, done in (("receipt", self.receipt_done), ("return", self.return_done)) if not done)

    def days_left(self, now: datetime) -> int | None:
        """Full days still to come, never negative; None without a clock."""
        return None if self.ends_at is None else max(0, (self.ends_at - now).days)


def announce(duties: Duties, carrier: str) -> Decision:
    """The applicant says how the old passport comes back. Another label may replace the first."""
    if duties.old_passport in {"handed_over", "returned"}:
        raise RuleRefused("return_done")
    if duties.old_passport not in MAY_RETURN:
        raise RuleRefused("return_not_expected")
    return Decision() if duties.old_passport == "announced" else Decision.of(e.ReturnAnnounced(carrier=carrier))


def handed_over(duties: Duties, scanned_at: datetime) -> Decision:
    """The carrier's acceptance scan counts if it was in time, whenever we learn of it."""
    if duties.old_passport not in MAY_RETURN | {"late"}:
        return Decision()
    if duties.ends_at is not None and scanned_at >= duties.ends_at:
        return Decision()
    events: tuple[e.Event, ...] = (e.ReturnHandedOver(scanned_at=scanned_at),)
    if duties.title in {"listed", "held"} and duties.receipt_done:
        events += (e.DutyFulfilledLate(),)
    return Decision(events)


def remind(duties: Duties, due: tuple[str, ...], now: datetime) -> Decision:
    """Which of the reminders that are due leaves: the newest alone, however late the clock looks; the others are named.

    ``due``: kinds of deadline, the oldest first. None leaves when nothing is missing (the old passport may still be on
    its way), nor once the last moment has passed: the notice of the list says that.
    """
    if not due or not duties.missing() or (duties.ends_at is not None and now >= duties.ends_at):
        return Decision()
    return Decision.of(e.ReminderDue(kind=due[-1], skipped=due[:-1]))


def at_day_forty_one(duties: Duties) -> Decision:
    """What the clock records when the forty days are over."""
    missing = duties.missing()
    return Decision.of(e.DutyMissed(missing=missing)) if missing and duties.title == "issued" else Decision()


def at_the_run(duties: Duties, *, kept_until: datetime | None = None) -> Decision:
    """What the daily run records for a case on the list.

    ``kept_until``: the new passport came back and the post keeps it until then, to send it once more (décret
    n° 2005-1726, art. 10). Nobody can confirm a passport the post itself holds: the invalidation waits for that day.
    """
    if duties.title != "listed":
        return Decision()
    missing = duties.missing()
    if not missing:
        return Decision.of(e.DutyFulfilledLate())
    if kept_until is not None:
        return Decision.of(e.InvalidationHeld(until=kept_until))
    return Decision.of(e.InvalidationOrdered(reason=INVALIDATION_REASON[missing[0]]))


def hold(title: str, *, until: datetime, reason: str, now: datetime) -> Decision:
    """A supervisor suspends an invalidation, with a reason and an end."""
    if title != "listed":
        raise RuleRefused("not_listed")
    if not reason.strip():
        raise RuleRefused("reason_missing")
    if not now < until <= now + LONGEST_HOLD:
        raise RuleRefused("hold_end")
    return Decision.of(e.InvalidationHeld(until=until))


def keep_for_visa(state: str, *, until: date, today: date) -> Decision:
    """The old passport may be kept while its visa lasts; no return is owed meanwhile."""
    if state not in {"waiting", "due"}:
        raise RuleRefused("return_under_way")
    if until <= today:
        raise RuleRefused("visa_ended")
    return Decision.of(e.KeptForVisa(until=until))


def received(state: str) -> Decision:
    """The old passport is at the post."""
    if state not in {"due", "announced", "handed_over", "late"}:
        raise RuleRefused("return_not_expected")
    return Decision.of(e.OldPassportReceived())


def fulfilled_late(duties: Duties) -> Decision:
    """A supervisor takes a case off the list: both duties are met, though late."""
    if duties.title not in {"listed", "held"}:
        raise RuleRefused("not_listed")
    if duties.missing():
        raise RuleRefused("duty_missing")
    return Decision.of(e.DutyFulfilledLate())
