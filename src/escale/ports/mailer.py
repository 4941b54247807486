"""Messages to people. Always HTML and text; attachments only where the law requires one, and calendar files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Calendar:
    """An iCalendar object. ``method``: REQUEST or CANCEL."""

    method: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """``reference`` is our idempotency key, also the Message-ID: repeated, the message is not sent twice where the
    transport can tell."""

    reference: str
    to: str
    language: str
    subject: str
    text: str
    html: str
    calendar: Calendar | None = None
    headers: dict[str, str] = field(default_factory=dict)


class MailerPort(Protocol):
    def send(self, message: Message) -> str:
        """Hand the message over. Returns the transport's id. Raises PartnerUnavailable, PartnerRefused (permanent)."""
