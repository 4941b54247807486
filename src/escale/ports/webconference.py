"""The video room of an interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Room:
    """``provider`` among embedded, webconf, visio; ``name`` holds no personal data (≥ 80 random bits)."""

    provider: str
    name: str
    url: str


class WebconferencePort(Protocol):
    def open_room(
        self,
        *,
        reference: str,
        starts_at: datetime,
        ends_at: datetime,
        agent_email: str,
        without: frozenset[str] = frozenset(),
    ) -> Room:
        """A new room for one attempt; ``reference`` is our idempotency key; ``without``: providers not to open it with.
        Raises PartnerUnavailable; its cause is a PartnerRefused when the last provider answered and said no."""

    def others(self, provider: str) -> tuple[str, ...]:
        """The providers, in order, that may open a room when one of ``provider`` does not serve."""

    def join_url(
        self, room: Room, *, person: str, display_name: str, moderator: bool, starts_at: datetime, ends_at: datetime
    ) -> str:
        """Address for one person, valid from 10 minutes before to 30 minutes after the slot."""

    def close_room(self, room: Room) -> None: ...
