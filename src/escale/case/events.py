"""What can happen to a case and move it, track by track. Traces, which move nothing, are re-exported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from escale.case.event import Event as Event, Trace as Trace
from escale.case.traces import (
    AlertRaised as AlertRaised,
    CaseOpened as CaseOpened,
    CheckContested as CheckContested,
    CheckOverruled as CheckOverruled,
    CustodyMoved as CustodyMoved,
    DocumentAdded as DocumentAdded,
    DocumentRemoved as DocumentRemoved,
    FileViewed as FileViewed,
    LateObjectReceived as LateObjectReceived,
    MessageFailed as MessageFailed,
    MessageSent as MessageSent,
    NoteAdded as NoteAdded,
    PartnerRefused as PartnerRefused,
    ReminderDue as ReminderDue,
    RetentionEnded as RetentionEnded,
    SecurityNumberShown as SecurityNumberShown,
    SlotOffered as SlotOffered,
    SlotOfferEnded as SlotOfferEnded,
    StampConsumed as StampConsumed,
    StampReleased as StampReleased,
    StampReserved as StampReserved,
    StillTaken as StillTaken,
    WaitingListJoined as WaitingListJoined,
    WaitingListLeft as WaitingListLeft,
)


# ── 1 identity ──
@dataclass(frozen=True, slots=True)
class IdentityMatched(Event):
    """FranceConnect+ identity and register entry agree. ``evidence`` is the digest of the signed userinfo."""

    evidence: str = ""


class EligibilityConfirmed(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class EligibilityRefused(Event):
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EligibilityLost(Event):
    rules: tuple[str, ...] = ()


# ── 2 application ──
@dataclass(frozen=True, slots=True)
class ApplicationSubmitted(Event):
    motive: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionRequested(Event):
    """``items`` name the fields and documents concerned; the agent's words stay with step 2."""

    items: tuple[str, ...] = ()


class CorrectionSubmitted(Event):
    __slots__ = ()


class ApplicationAccepted(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ApplicationRefused(Event):
    rule: str = ""


@dataclass(frozen=True, slots=True)
class DirectedInPerson(Event):
    rule: str = ""


class ApplicationWithdrawn(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ApplicationLapsed(Event):
    """``reason`` is the kind of the deadline that ran out."""

    reason: str = ""


# ── 3 posted items ──
class PostingAsked(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PostingAnnounced(Event):
    carrier: str = ""


class EnvelopeReceived(Event):
    __slots__ = ()


class PostedItemsVerified(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ReplacementRequested(Event):
    """``items`` among ``photo``, ``label``; ``reason`` a stable code."""

    items: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LabelCancelledByCourier(Event):
    """The carrier voids a label bought with a forbidden option (poster, step 3)."""

    code: str = ""


# ── 4 interview ──
class RequestValidated(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class InterviewBooked(Event):
    starts_at: datetime
    ends_at: datetime
    slot: str = ""


@dataclass(frozen=True, slots=True)
class InterviewMoved(Event):
    """``by``: applicant or post; ``reason``: the code of what the post answers for."""

    starts_at: datetime
    ends_at: datetime
    slot: str = ""
    by: str = "applicant"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InterviewCancelled(Event):
    """``by``: applicant, post or failure; ``reason``: the code of what the post answers for."""

    by: str = "applicant"
    reason: str = ""


class InterviewMissed(Event):
    __slots__ = ()


class InterviewStarted(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class InterviewFailedTechnically(Event):
    side: str = ""


class InterviewHeld(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SecondOpinionRequested(Event):
    flags: tuple[str, ...] = ()


class InterviewApproved(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class InterviewRefused(Event):
    rule: str = ""


@dataclass(frozen=True, slots=True)
class InterviewDirectedInPerson(Event):
    rule: str = ""


class ValidationWithdrawn(Event):
    __slots__ = ()


# ── 5 dispatch ──
class PassportOrdered(Event):
    __slots__ = ()


class ProductionStarted(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ProductionRejected(Event):
    code: str = ""


class PassportProduced(Event):
    __slots__ = ()


class PassportArrivedAtPost(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PassportDispatched(Event):
    carrier: str = ""


class PassportCameBack(Event):
    __slots__ = ()


class PassportDestroyed(Event):
    __slots__ = ()


# ── 6 delivery ──
class HandedToCourier(Event):
    __slots__ = ()


class OutForDelivery(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class DeliveryException(Event):
    code: str = ""


class TransitResumed(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Delivered(Event):
    """``source``: ``carrier``, or ``attested`` when the applicant confirmed at step 7 before the carrier did."""

    source: str = "carrier"


class ReturnedToSender(Event):
    __slots__ = ()


class InquiryOpened(Event):
    __slots__ = ()


class DeclaredLost(Event):
    __slots__ = ()


class DeliveryDisputed(Event):
    __slots__ = ()


# ── 7 receipt ──
class ReceiptExpected(Event):
    __slots__ = ()


class WrongNumberEntered(Event):
    __slots__ = ()


class ReceiptLockedOut(Event):
    __slots__ = ()


class LockoutEnded(Event):
    __slots__ = ()


class ReceiptConfirmed(Event):
    __slots__ = ()


class ReceiptVoided(Event):
    __slots__ = ()


# ── 8 old passport ──
class ReturnExpected(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class KeptForVisa(Event):
    until: date


@dataclass(frozen=True, slots=True)
class ReturnAnnounced(Event):
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class ReturnHandedOver(Event):
    """``scanned_at`` is the carrier's acceptance scan: what counts for day 40."""

    scanned_at: datetime


class OldPassportReceived(Event):
    __slots__ = ()


class ReturnLate(Event):
    __slots__ = ()


class ReturnLostInPost(Event):
    __slots__ = ()


class VisaEnded(Event):
    __slots__ = ()


# ── 8 title ──
@dataclass(frozen=True, slots=True)
class DutyMissed(Event):
    """``missing`` among ``receipt``, ``return``."""

    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InvalidationHeld(Event):
    until: datetime


class HoldEnded(Event):
    __slots__ = ()


class DutyFulfilledLate(Event):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class InvalidationOrdered(Event):
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PassportDeclaredLostOrStolen(Event):
    """``kind``: ``lost`` or ``stolen``."""

    kind: str = "lost"


class InvalidationConfirmed(Event):
    __slots__ = ()


class BorderAlertRecorded(Event):
    __slots__ = ()


class DutiesFulfilled(Event):
    __slots__ = ()


class BorderAlertWithdrawn(Event):
    __slots__ = ()
