"""Events that only leave a trace in a case: what was seen, sent, handed over, or must be looked at."""

from __future__ import annotations

from dataclasses import dataclass

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


class NoteAdded(Trace):
    __slots__ = ()


@dataclass(frozen=True, slots=True)
class MessageSent(Trace):
    kind: str = ""


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
    """A reminder's hour has come; ``kind`` is its deadline."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class RetentionEnded(Trace):
    """The case key is destroyed: what it sealed can no longer be read by anyone."""
