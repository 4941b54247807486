"""The law of movement: per track, (state, event) → state. `docs/journey.md` is drawn from these tables."""

from __future__ import annotations

from escale.case import events as e
from escale.case.tracks import Track

type Row = tuple[str, type[e.Event], str, str]

# (from states, event, to state, by whom)
LAW: dict[Track, tuple[Row, ...]] = {
    Track.IDENTITY: (
        ("signed_in", e.IdentityMatched, "matched", "applicant + register"),
        ("matched", e.EligibilityConfirmed, "eligible", "rules"),
        ("matched", e.EligibilityRefused, "ineligible", "rules"),
        ("eligible", e.EligibilityLost, "ineligible", "agent"),
    ),
    Track.APPLICATION: (
        ("draft", e.ApplicationSubmitted, "submitted", "applicant"),
        ("submitted", e.CorrectionRequested, "correction_requested", "agent"),
        ("correction_requested", e.CorrectionSubmitted, "submitted", "applicant"),
        ("submitted", e.ApplicationAccepted, "accepted", "agent"),
        ("accepted", e.CorrectionRequested, "correction_requested", "agent"),
        ("submitted correction_requested accepted", e.ApplicationRefused, "refused", "agent"),
        ("submitted correction_requested accepted", e.DirectedInPerson, "directed_in_person", "agent"),
        ("draft submitted correction_requested accepted", e.ApplicationWithdrawn, "withdrawn", "applicant"),
        ("draft correction_requested accepted", e.ApplicationLapsed, "lapsed", "clock"),
    ),
    Track.POSTED_ITEMS: (
        ("not_asked", e.PostingAsked, "awaited", "post setting: at submission, or at acceptance"),
        ("awaited replacement_requested", e.PostingAnnounced, "announced", "applicant"),
        ("awaited announced replacement_requested", e.EnvelopeReceived, "received", "agent"),
        ("received", e.PostedItemsVerified, "verified", "agent"),
        (
            "received verified",
            e.ReplacementRequested,
            "replacement_requested",
            "agent, or issuance rejecting the photo",
        ),
        ("announced verified", e.LabelCancelledByCourier, "replacement_requested", "courier"),
    ),
    Track.INTERVIEW: (
        ("locked", e.RequestValidated, "bookable", "2 accepted and 3 verified"),
        ("bookable", e.InterviewBooked, "booked", "applicant"),
        ("booked", e.InterviewMoved, "booked", "applicant or agent"),
        ("booked", e.InterviewCancelled, "bookable", "applicant or agent"),
        ("booked", e.InterviewMissed, "bookable", "clock (second time: directed_in_person)"),
        ("booked", e.InterviewStarted, "in_progress", "agent"),
        ("in_progress", e.InterviewFailedTechnically, "bookable", "either"),
        ("in_progress", e.InterviewHeld, "held", "agent"),
        ("held", e.SecondOpinionRequested, "second_opinion", "risk flag"),
        ("held second_opinion", e.InterviewApproved, "approved", "agent; second agent"),
        ("held second_opinion", e.InterviewRefused, "refused", "agent"),
        ("held second_opinion booked", e.InterviewDirectedInPerson, "directed_in_person", "agent, clock"),
        ("bookable booked", e.ValidationWithdrawn, "locked", "2 or 3 reopened"),
    ),
    Track.DISPATCH: (
        ("waiting production_rejected", e.PassportOrdered, "ordered", "system"),
        ("ordered", e.ProductionStarted, "in_production", "issuance"),
        ("ordered in_production", e.ProductionRejected, "production_rejected", "issuance"),
        ("in_production", e.PassportProduced, "produced", "issuance"),
        ("produced", e.PassportArrivedAtPost, "at_post", "agent"),
        ("at_post", e.PassportDispatched, "dispatched", "agent"),
        ("dispatched", e.PassportCameBack, "at_post", "agent"),
        ("at_post", e.PassportDestroyed, "destroyed", "agent, 3 months"),
    ),
    Track.DELIVERY: (
        ("waiting returned", e.HandedToCourier, "in_transit", "agent"),
        ("in_transit exception", e.OutForDelivery, "out_for_delivery", "courier"),
        ("in_transit out_for_delivery", e.DeliveryException, "exception", "courier"),
        ("exception", e.TransitResumed, "in_transit", "courier"),
        (
            "in_transit out_for_delivery exception",
            e.Delivered,
            "delivered",
            "courier, or attested by the applicant at step 7",
        ),
        ("in_transit out_for_delivery exception", e.ReturnedToSender, "returned", "courier"),
        ("in_transit out_for_delivery exception", e.InquiryOpened, "inquiry", "clock, 10 days without scan"),
        ("inquiry", e.TransitResumed, "in_transit", "courier"),
        ("inquiry", e.Delivered, "delivered", "courier or applicant"),
        ("inquiry", e.ReturnedToSender, "returned", "courier, or the agent who finds the parcel back"),
        ("inquiry returned", e.DeclaredLost, "lost", "agent"),
        ("delivered", e.DeliveryDisputed, "inquiry", "applicant"),
    ),
    Track.RECEIPT: (
        ("waiting", e.ReceiptExpected, "awaited", "system at dispatch"),
        ("awaited", e.WrongNumberEntered, "awaited", "applicant (fifth: locked_out)"),
        ("awaited", e.ReceiptLockedOut, "locked_out", "rules"),
        ("locked_out", e.LockoutEnded, "awaited", "clock 24 h, or agent"),
        ("awaited", e.ReceiptConfirmed, "confirmed", "applicant"),
        ("waiting awaited locked_out", e.ReceiptVoided, "void", "invalidation or loss"),
    ),
    Track.OLD_PASSPORT: (
        ("waiting", e.ReturnExpected, "due", "system at dispatch"),
        ("waiting due", e.KeptForVisa, "kept_for_visa", "agent, on the visa's copy"),
        ("due", e.ReturnAnnounced, "announced", "applicant"),
        ("due announced late", e.ReturnHandedOver, "handed_over", "acceptance scan in time, even learnt late"),
        ("due announced handed_over late", e.OldPassportReceived, "returned", "agent"),
        ("due announced", e.ReturnLate, "late", "clock, day 41"),
        ("handed_over", e.ReturnLostInPost, "lost_in_post", "agent"),
        ("kept_for_visa", e.VisaEnded, "due", "clock"),
    ),
    Track.TITLE: (
        ("none", e.PassportProduced, "issued", "issuance"),
        ("issued", e.DutyMissed, "listed", "clock, day 41: receipt or return missing"),
        ("listed", e.InvalidationHeld, "held", "supervisor, with reason and end"),
        ("held", e.HoldEnded, "listed", "clock or supervisor"),
        ("listed held", e.DutyFulfilledLate, "issued", "supervisor, before the notice leaves"),
        ("listed", e.InvalidationOrdered, "invalidating", "daily run"),
        ("issued listed held", e.PassportDeclaredLostOrStolen, "invalidating", "agent"),
        ("issued", e.PassportDestroyed, "invalidating", "agent"),
        ("invalidating", e.InvalidationConfirmed, "invalidated", "issuance"),
        ("invalidated", e.BorderAlertRecorded, "reported", "border relay"),
        ("issued", e.DutiesFulfilled, "active", "rules: 7 confirmed and 8 returned, handed over lost, or kept"),
        ("active", e.VisaEnded, "issued", "clock"),
        ("active", e.PassportDeclaredLostOrStolen, "invalidating", "agent"),
        ("reported", e.BorderAlertWithdrawn, "withdrawn", "two people, wrong entry"),
    ),
}

# An event that names two tracks must fit its main one; the other follows where its own table has a row.
MAIN_TRACK: dict[type[e.Event], Track] = {
    e.PassportProduced: Track.DISPATCH,
    e.PassportDestroyed: Track.DISPATCH,
    e.VisaEnded: Track.OLD_PASSPORT,
}

MOVES: dict[Track, dict[tuple[str, type[e.Event]], str]] = {
    track: {(state, event): to for states, event, to, _ in rows for state in states.split()}
    for track, rows in LAW.items()
}

TRACKS_OF: dict[type[e.Event], tuple[Track, ...]] = {}
for _track, _rows in LAW.items():
    for _row in _rows:
        if _track not in TRACKS_OF.get(_row[1], ()):
            TRACKS_OF[_row[1]] = (*TRACKS_OF.get(_row[1], ()), _track)

_MAIN_TRACKS = {event: MAIN_TRACK.get(event, tracks[0]) for event, tracks in TRACKS_OF.items()}


def main_track(event: type[e.Event]) -> Track:
    """The track an event must fit. Raises KeyError for a trace, which fits everywhere."""
    return _MAIN_TRACKS[event]


def expected_events(track: Track, state: str) -> tuple[type[e.Event], ...]:
    """What may happen to a track in this state."""
    return tuple(event for (origin, event) in MOVES[track] if origin == state)
