"""What every provider of rooms can do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from escale.ports.webconference import Room

PARTNER = "webconference"


@dataclass(frozen=True, slots=True)
class Guest:
    """One person and the hours of the slot. ``person`` is an opaque identifier."""

    person: str
    display_name: str
    moderator: bool
    starts_at: datetime
    ends_at: datetime


class Provider(Protocol):
    def open(self, *, reference: str, agent_email: str) -> Room: ...

    def address(self, room: Room, guest: Guest) -> str: ...

    def close(self) -> None:
        """Drop kept connections."""
