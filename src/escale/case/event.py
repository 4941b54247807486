"""What every event is: a frozen dataclass that says what happened, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events. ``MOVES`` is false for those that only leave a trace.

    A payload holds what the law of movement and its deadlines need, and references to what the steps keep.
    It never holds a passport number, a stamp number or a security number. Payloads are sealed in the ledger.
    """

    MOVES: ClassVar[bool] = True

    @property
    def name(self) -> str:
        return type(self).__name__


@dataclass(frozen=True, slots=True)
class Trace(Event):
    """Moves no track and is accepted in any state, even after the end."""

    MOVES: ClassVar[bool] = False
