"""The SMTP server of the demonstration: it accepts everything, delivers nothing outside, and fails on demand.

Magic recipients: ``bounce@…`` is refused for good (550), ``slow@…`` is answered after three seconds; those of
``returned`` are accepted, and something comes back ten virtual minutes later.
Faults: ``error`` 451 before keeping the mail, ``lost_reply`` 451 after keeping it, ``slow``, ``mute``, and those of
``mailbox.PLAYED``.
"""

from __future__ import annotations

import asyncio

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from escale import clock
from escale.partners.kit import faults
from escale.partners.mailer.simulator import mailbox, returned

_NOT_KEPT = ("gone", "full")
_TEMPORARY = "451 4.3.0 Temporary failure, try again later"


class Handler:
    """The hooks of aiosmtpd; their names are its own."""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.partition("@")[0].lower()
        if local == "bounce":
            return "550 5.1.1 Unknown mailbox"
        if local == "slow":
            await asyncio.sleep(faults.SLOW_SECONDS)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault, seconds = faults.take_with_wait(mailbox.STORE, *faults.CALLS, *mailbox.PLAYED)
        if fault == "error":
            return _TEMPORARY
        if fault in ("slow", "mute"):
            await asyncio.sleep(seconds)
        if fault == "mute":
            return _TEMPORARY
        _accepted(envelope, fault or "")
        return _TEMPORARY if fault == "lost_reply" else "250 2.0.0 Accepted"


def _accepted(envelope: Envelope, fault: str) -> None:
    """Keep the mail, lose it, or think better of it later."""
    now, sender = clock.now(), envelope.mail_from or ""
    content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
    kept = []
    for recipient in envelope.rcpt_tos:
        back = "gone" if fault == "late_bounce" else returned.RECIPIENTS.get(recipient.partition("@")[0].lower(), "")
        if back:
            returned.give_back(back, recipient=recipient, envelope_from=sender, original=content, now=now)
        if back not in _NOT_KEPT:
            kept.append(recipient)
    if fault == "silent" or not kept:
        return
    for _ in range(2 if fault == "duplicate" else 1):
        mailbox.deliver(content, kept, now, envelope_from=sender, fault=fault)


def start() -> Controller:
    """Listen on the loopback port ``settings.SMTP_PORT`` in a thread of its own."""
    controller = Controller(Handler(), hostname="127.0.0.1", port=settings.SMTP_PORT, ident="Escale demonstration")
    controller.start()
    return controller
