"""What must be done outside, declared by the event that causes it.

An effect is written with the event in one transaction, and done later by the worker. Its key is made of the case,
the entry and the kind, so that a retry can never order a passport twice.
"""

from __future__ import annotations

from enum import StrEnum

from escale.case import events as e


class EffectKind(StrEnum):
    RELEASE_STAMP = "release_stamp"
    CONSUME_STAMP = "consume_stamp"
    OPEN_ROOM = "open_room"
    CLOSE_ROOM = "close_room"
    ORDER_PASSPORT = "order_passport"
    EXPECT_RECEIPT = "expect_receipt"
    CONFIRM_RECEIPT = "confirm_receipt"
    INVALIDATE_TITLE = "invalidate_title"
    REPORT_TO_BORDERS = "report_to_borders"
    SEND_MESSAGE = "send_message"


_ENDED_BEFORE_ORDER = (
    e.ApplicationRefused,
    e.DirectedInPerson,
    e.ApplicationWithdrawn,
    e.ApplicationLapsed,
    e.EligibilityLost,
    e.InterviewRefused,
    e.InterviewDirectedInPerson,
)

CAUSED_BY: dict[type[e.Event], tuple[EffectKind, ...]] = {
    **dict.fromkeys(_ENDED_BEFORE_ORDER, (EffectKind.RELEASE_STAMP, EffectKind.CLOSE_ROOM)),
    e.InterviewBooked: (EffectKind.OPEN_ROOM,),
    e.InterviewMoved: (EffectKind.CLOSE_ROOM, EffectKind.OPEN_ROOM),
    e.InterviewCancelled: (EffectKind.CLOSE_ROOM,),
    e.InterviewMissed: (EffectKind.CLOSE_ROOM,),
    e.InterviewFailedTechnically: (EffectKind.CLOSE_ROOM,),
    e.ValidationWithdrawn: (EffectKind.CLOSE_ROOM,),
    e.InterviewApproved: (EffectKind.CONSUME_STAMP, EffectKind.CLOSE_ROOM),
    e.PassportOrdered: (EffectKind.ORDER_PASSPORT,),
    e.PassportDispatched: (EffectKind.EXPECT_RECEIPT,),
    e.ReceiptConfirmed: (EffectKind.CONFIRM_RECEIPT,),
    e.InvalidationOrdered: (EffectKind.INVALIDATE_TITLE,),
    e.PassportDeclaredLostOrStolen: (EffectKind.INVALIDATE_TITLE,),
    e.PassportDestroyed: (EffectKind.INVALIDATE_TITLE,),
    e.InvalidationConfirmed: (EffectKind.REPORT_TO_BORDERS,),
}


def caused_by(event: e.Event) -> tuple[EffectKind, ...]:
    """Effects this event causes, besides the message that tells the applicant (see ``messages``)."""
    return CAUSED_BY.get(type(event), ())
