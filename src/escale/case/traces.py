"""Events that only leave a trace in a case: what was seen, sent, handed over, or must be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from escale.case.event import Trace


class CaseOpened(Trace):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class FileViewed(Trace):
    """An agent opened the file; ``part`` says which page or document. The applicant sees it."""

    part: str = "file"


@dataclass(frozen=True, slots=True)
class DocumentAdded(Trace):
    kind: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRemoved(Trace):
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CheckContested(Trace):
    """The applicant finds the automatic check of a document wrong: an agent looks."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class CheckOverruled(Trace):
    """An agent finds a document compliant against its automatic check, with reasons kept sealed."""

    kind: str = ""


class NoteAdded(Trace):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class MessageSent(Trace):
    """``letter``: the sealed document that keeps its text; empty for one sent before texts were kept."""

    kind: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class MessageFailed(Trace):
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CustodyMoved(Trace):
    """``item``: photo, label, new_passport, old_passport; ``holder``: applicant, courier, post, producer, destroyed."""

    item: str = ""
    holder: str = ""


class StampReserved(Trace):
    __slots__ = ()


class StampConsumed(Trace):
    __slots__ = ()


class StampReleased(Trace):
    __slots__ = ()


class WaitingListJoined(Trace):
    """The applicant asked to be told of a slot sooner than theirs, or of any when none is free."""

    __slots__ = ()


class WaitingListLeft(Trace):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SlotOffered(Trace):
    """A slot that was given back is held for the applicant until ``until``; ``offer`` is its number in step 4."""

    starts_at: datetime
    ends_at: datetime
    until: datetime
    offer: str = ""


@dataclass(frozen=True, slots=True)
class SlotOfferEnded(Trace):
    """``how``: taken, declined, expired, or withdrawn because the applicant booked otherwise."""

    how: str = ""


@dataclass(frozen=True, slots=True)
class StillTaken(Trace):
    """A still of the interview's video was kept: ``kind`` passport or face, ``digest`` the SHA-256 of the picture."""

    kind: str = ""
    digest: str = ""


class SecurityNumberShown(Trace):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class LateObjectReceived(Trace):
    """Something came by post after the case ended: it is recorded and sent back."""

    item: str = ""


@dataclass(frozen=True, slots=True)
class PartnerRefused(Trace):
    """A partner refused an effect for good; ``code`` is the partner's own."""

    effect: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class AlertRaised(Trace):
    """The desk must look; ``kind`` is the deadline or the reason that raised it."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class ReminderDue(Trace):
    """A reminder's hour has come; ``kind`` is its deadline, ``skipped`` those due at the same time and not sent."""

    kind: str = ""
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetentionEnded(Trace):
    """The case key is destroyed: what it sealed can no longer be read by anyone."""
