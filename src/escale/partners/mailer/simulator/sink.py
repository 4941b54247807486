"""The SMTP server of the demonstration: it accepts everything, delivers nothing outside, and fails on demand.

Magic recipients: ``bounce@…`` is refused for good (550), ``slow@…`` is answered after three seconds; those of
``returned`` are accepted, and something comes back ten virtual minutes later.
Faults: ``error`` 451 before keeping the mail, ``lost_reply`` 451 after keeping it, ``slow``, ``silent`` (accepted,
never shown), ``duplicate`` (kept twice), ``late`` (shown ten virtual minutes later), ``late_bounce`` (accepted, then
given back ten virtual minutes later).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from escale import clock
from escale.partners.kit import faults
from escale.partners.mailer.simulator import mailbox, returned

LATE = timedelta(minutes=10)
OWN = ("silent", "duplicate", "late", "late_bounce")
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
        fault = faults.take(mailbox.STORE, *faults.CALLS, *OWN)
        if fault == "error":
            return _TEMPORARY
        if fault in ("slow", "mute"):
            await asyncio.sleep(faults.MUTE_SECONDS if fault == "mute" else faults.SLOW_SECONDS)
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
        shown = now + LATE if fault == "late" else None
        mailbox.deliver(content, kept, now, envelope_from=sender, visible_at=shown)


def start() -> Controller:
    """Listen on the loopback port ``settings.SMTP_PORT`` in a thread of its own."""
    controller = Controller(Handler(), hostname="127.0.0.1", port=settings.SMTP_PORT, ident="Escale demonstration")
    controller.start()
    return controller
