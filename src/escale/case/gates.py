"""Gates between tracks, and what follows from an event by the law alone.

A gate is a condition on other tracks that an event must meet. A consequence is an event that the law itself
adds: nobody decides it, so no step can forget it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from escale.case import events as e
from escale.case.tracks import Outcome, Track, Tracks, outcome


@dataclass(frozen=True, slots=True)
class Gate:
    """``holds`` looks at all tracks; ``expects`` is the stable code of what is missing when it does not."""

    holds: Callable[[Tracks], bool]
    expects: str


RETURN_DONE = frozenset({"returned", "kept_for_visa", "lost_in_post"})
RETURN_IN_TIME = RETURN_DONE | {"handed_over"}
BEFORE_INTERVIEW = frozenset({"locked", "bookable", "booked"})
NOT_YET_POSTED = frozenset({"not_asked", "awaited", "announced", "replacement_requested"})


def validated(tracks: Tracks) -> bool:
    """The application is accepted and the posted items are verified (poster: « Ma demande est validée »)."""
    return tracks[Track.APPLICATION] == "accepted" and tracks[Track.POSTED_ITEMS] == "verified"


def duty_missing(tracks: Tracks) -> tuple[str, ...]:
    """Which of the two duties of step 7 and 8 is not met."""
    missing = []
    if tracks[Track.RECEIPT] != "confirmed":
        missing.append("receipt")
    if tracks[Track.OLD_PASSPORT] not in RETURN_IN_TIME:
        missing.append("return")
    return tuple(missing)


def _before_order(tracks: Tracks) -> bool:
    return tracks[Track.DISPATCH] == "waiting"


def _reopenable(tracks: Tracks) -> bool:
    return tracks[Track.INTERVIEW] in BEFORE_INTERVIEW


def _items_reopenable(tracks: Tracks) -> bool:
    return _reopenable(tracks) or tracks[Track.DISPATCH] == "production_rejected"


def _dispatched(tracks: Tracks) -> bool:
    return tracks[Track.DISPATCH] == "dispatched"


GATES: dict[type[e.Event], Gate] = {
    e.ApplicationSubmitted: Gate(lambda t: t[Track.IDENTITY] == "eligible", "eligible"),
    e.CorrectionRequested: Gate(_reopenable, "interview_not_started"),
    e.ApplicationRefused: Gate(_before_order, "passport_not_ordered"),
    e.DirectedInPerson: Gate(_before_order, "passport_not_ordered"),
    e.ApplicationWithdrawn: Gate(_before_order, "passport_not_ordered"),
    e.EligibilityLost: Gate(_before_order, "passport_not_ordered"),
    e.ApplicationLapsed: Gate(
        lambda t: _before_order(t) and t[Track.INTERVIEW] in {"locked", "bookable"}, "passport_not_ordered"
    ),
    e.PostingAsked: Gate(lambda t: t[Track.APPLICATION] in {"submitted", "accepted"}, "application_submitted"),
    e.ReplacementRequested: Gate(_items_reopenable, "interview_not_started"),
    e.LabelCancelledByCourier: Gate(_items_reopenable, "interview_not_started"),
    e.RequestValidated: Gate(validated, "request_validated"),
    e.ValidationWithdrawn: Gate(lambda t: not validated(t), "request_reopened"),
    e.InterviewBooked: Gate(validated, "request_validated"),
    e.InterviewStarted: Gate(validated, "request_validated"),
    e.PassportOrdered: Gate(lambda t: t[Track.INTERVIEW] == "approved", "interview_approved"),
    e.HandedToCourier: Gate(_dispatched, "passport_dispatched"),
    e.ReceiptExpected: Gate(_dispatched, "passport_dispatched"),
    e.ReturnExpected: Gate(_dispatched, "passport_dispatched"),
    e.ReceiptConfirmed: Gate(lambda t: t[Track.TITLE] in {"issued", "listed", "held"}, "passport_valid"),
    e.DutyMissed: Gate(lambda t: bool(duty_missing(t)), "duty_missing"),
    e.DutiesFulfilled: Gate(
        lambda t: t[Track.RECEIPT] == "confirmed" and t[Track.OLD_PASSPORT] in RETURN_DONE, "duties_fulfilled"
    ),
    e.DutyFulfilledLate: Gate(
        lambda t: t[Track.RECEIPT] == "confirmed" and t[Track.OLD_PASSPORT] in RETURN_IN_TIME, "duties_fulfilled"
    ),
    e.KeptForVisa: Gate(lambda t: t[Track.APPLICATION] == "accepted", "application_accepted"),
    # A visa may end before the new passport is there: the forty days of the return cannot run before it is sent.
    e.VisaEnded: Gate(lambda t: t[Track.RECEIPT] != "waiting", "passport_dispatched"),
}

# What may still move a case whose outcome is terminal: objects that come back, and what keeps a wrong title out of use.
AFTER_THE_END: frozenset[type[e.Event]] = frozenset(
    {
        e.VisaEnded,
        e.PassportDeclaredLostOrStolen,
        e.BorderAlertWithdrawn,
        e.OldPassportReceived,
        e.Delivered,
        e.OutForDelivery,
        e.TransitResumed,
        e.ReturnedToSender,
        e.PassportCameBack,
        e.ReturnLostInPost,
    }
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a post may choose within the law. ``posting_asked_at``: ``submission`` or ``acceptance``."""

    posting_asked_at: str = "acceptance"


def _application_consequences(tracks: Tracks, event: e.Event, setting: Setting) -> Iterator[e.Event]:
    asks = {"submission": e.ApplicationSubmitted, "acceptance": e.ApplicationAccepted}[setting.posting_asked_at]
    if tracks[Track.POSTED_ITEMS] == "not_asked" and isinstance(event, asks | e.ApplicationAccepted):
        yield e.PostingAsked()
    if validated(tracks) and tracks[Track.INTERVIEW] == "locked":
        yield e.RequestValidated()
    if not validated(tracks) and tracks[Track.INTERVIEW] in {"bookable", "booked"}:
        yield e.ValidationWithdrawn()


def _dispatch_consequences(tracks: Tracks, event: e.Event) -> Iterator[e.Event]:
    if isinstance(event, e.InterviewApproved):
        yield e.PassportOrdered()
    if isinstance(event, e.PostedItemsVerified) and tracks[Track.DISPATCH] == "production_rejected":
        yield e.PassportOrdered()
    if isinstance(event, e.PassportDispatched):
        yield e.HandedToCourier()
        if tracks[Track.RECEIPT] == "waiting":
            yield e.ReceiptExpected()
        if tracks[Track.OLD_PASSPORT] == "waiting":
            yield e.ReturnExpected()


def _duty_consequences(tracks: Tracks, event: e.Event) -> Iterator[e.Event]:
    in_the_air = tracks[Track.DELIVERY] in {"in_transit", "out_for_delivery", "exception", "inquiry"}
    if isinstance(event, e.ReceiptConfirmed) and in_the_air:
        yield e.Delivered(source="attested")
    if isinstance(event, e.DutyMissed) and tracks[Track.OLD_PASSPORT] in {"due", "announced"}:
        yield e.ReturnLate()
    if isinstance(event, e.DeclaredLost) and tracks[Track.TITLE] in {"issued", "listed", "held", "active"}:
        yield e.PassportDeclaredLostOrStolen(kind="lost")
    gone = tracks[Track.TITLE] == "invalidating"
    if gone and tracks[Track.RECEIPT] in {"waiting", "awaited", "locked_out"}:
        yield e.ReceiptVoided()
    if tracks[Track.TITLE] == "issued" and GATES[e.DutiesFulfilled].holds(tracks):
        yield e.DutiesFulfilled()


def consequences(tracks: Tracks, event: e.Event, setting: Setting) -> Iterator[e.Event]:
    """Events that follow from ``event`` now that ``tracks`` have moved. They are applied one after the other."""
    if not event.MOVES:
        return
    if outcome(tracks) in {Outcome.OPEN, Outcome.COMPLETED}:
        yield from _application_consequences(tracks, event, setting)
        yield from _dispatch_consequences(tracks, event)
    yield from _duty_consequences(tracks, event)
