"""The mailer's adapter: SMTP by default, an HTTP service compatible with Notify by configuration."""

from __future__ import annotations

from typing import Any

from escale.partners.mailer.notify import NotifyMailer
from escale.partners.mailer.smtp import SmtpMailer
from escale.ports.mailer import MailerPort

_TRANSPORTS: dict[str, type[SmtpMailer] | type[NotifyMailer]] = {"smtp": SmtpMailer, "notify": NotifyMailer}


def mailer(*, transport: str, **options: Any) -> MailerPort:
    """The adapter of ``transport`` (``smtp`` or ``notify``) with its own options."""
    return _TRANSPORTS[transport](**options)


ADAPTER = mailer
