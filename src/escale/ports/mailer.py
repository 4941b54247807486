"""Messages to people. Always HTML and text; attachments only where the law requires one, and calendar files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


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


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of a message handed over: our ``reference`` and the transport's raw ``status``.

    ``permanent``: the address is dead. ``temporary``: the transport stopped trying. Neither: delivered, or on its way.
    """

    reference: str
    status: str
    permanent: bool
    temporary: bool


class MailerPort(Protocol):
    def send(self, message: Message) -> str:
        """Hand the message over. Returns the transport's id. Raises PartnerUnavailable, PartnerRefused (permanent)."""

    def read_report(self, *, authorization: str, body: dict[str, Any]) -> DeliveryReport:
        """Read what the transport reports of a message. Raises PartnerRefused: ``no_reports`` from a transport that
        sends none, ``callback_token`` when the caller is not the transport, ``callback_shape``."""

    def read_return(self, *, authorization: str, mail: bytes) -> DeliveryReport:
        """Read a mail that came back to the return path. Raises PartnerRefused: ``no_returns`` from a transport that
        keeps them, ``return_key`` when the caller is not our mail server, ``not_our_address`` and ``not_a_report``
        for a mail that says nothing of ours. The reference may have lost its capitals on the way."""
