"""A simulated case as a word of one-letter moments, and the proof that the law allows that word.

The queueing model never invents a way through the procedure: each distinct word it produced is folded through
``escale.case.moves``, which raises MoveRefused on what the real system would refuse.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from escale.case import events as e
from escale.case.gates import Setting
from escale.case.moves import unfold
from escale.case.tracks import Outcome, outcome, starting_tracks

_AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
_BOOKED = e.InterviewBooked(_AT, _AT + timedelta(minutes=20), "slot")

SUBMITTED, CORRECTED, ACCEPTED, REFUSED, LAPSED = "SCAxl"
POSTED, RECEIVED, REPLACED, VERIFIED = "PRrV"
BOOKED, MISSED, FAILED, IN_PERSON, HELD, SECOND, APPROVED, DECLINED = "BNTIH2Kd"
PRODUCED, ARRIVED, DISPATCHED, DELIVERED = "MWDL"
CONFIRMED, HANDED_OVER, RETURNED, INVALIDATED = "FQO!"

MOMENTS: dict[str, tuple[e.Event, ...]] = {
    SUBMITTED: (e.IdentityMatched(), e.EligibilityConfirmed(), e.ApplicationSubmitted(motive="expiring")),
    CORRECTED: (e.CorrectionRequested(items=("photo",)), e.CorrectionSubmitted()),
    ACCEPTED: (e.ApplicationAccepted(),),
    REFUSED: (e.ApplicationRefused(rule="E1"),),
    LAPSED: (e.ApplicationLapsed(reason="posting"),),
    POSTED: (e.PostingAnnounced(carrier="dhl"),),
    RECEIVED: (e.EnvelopeReceived(),),
    REPLACED: (e.ReplacementRequested(items=("photo",), reason="size"), e.PostingAnnounced(carrier="dhl")),
    VERIFIED: (e.PostedItemsVerified(),),
    BOOKED: (_BOOKED,),
    MISSED: (e.InterviewMissed(),),
    FAILED: (e.InterviewStarted(), e.InterviewFailedTechnically(side="applicant")),
    IN_PERSON: (e.InterviewDirectedInPerson(rule="no_show"),),
    HELD: (e.InterviewStarted(), e.InterviewHeld()),
    SECOND: (e.SecondOpinionRequested(flags=("doubt",)),),
    APPROVED: (e.InterviewApproved(),),
    DECLINED: (e.InterviewRefused(rule="doubt"),),
    PRODUCED: (e.ProductionStarted(), e.PassportProduced()),
    ARRIVED: (e.PassportArrivedAtPost(),),
    DISPATCHED: (e.PassportDispatched(carrier="dhl"),),
    DELIVERED: (e.OutForDelivery(), e.Delivered()),
    CONFIRMED: (e.ReceiptConfirmed(),),
    HANDED_OVER: (e.ReturnAnnounced(carrier="dhl"), e.ReturnHandedOver(_AT)),
    RETURNED: (e.OldPassportReceived(),),
    INVALIDATED: (
        e.DutyMissed(missing=("return",)),
        e.InvalidationOrdered(reason="duties"),
        e.InvalidationConfirmed(),
        e.BorderAlertRecorded(),
    ),
}


def fold(word: str) -> tuple[Outcome, int]:
    """Outcome of this way through the procedure, and how many events the law made of it. Raises MoveRefused."""
    tracks, count = starting_tracks(), 0
    for moment in word:
        tracks, happened = unfold(tracks, MOMENTS[moment], Setting())
        count += len(happened)
    return outcome(tracks), count
