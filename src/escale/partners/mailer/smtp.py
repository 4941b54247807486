"""Hand messages to an SMTP server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from escale import clock
from escale.partners.mailer import mime
from escale.partners.mailer.returns import ReturnPath
from escale.ports.errors import PartnerError, PartnerRefused, PartnerUnavailable
from escale.ports.mailer import DeliveryReport, Message

PARTNER = "mailer"
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class SmtpMailer:
    """One connection a message. ``security`` among none, starttls, tls; ``timeout`` in seconds.

    ``return_path`` is the envelope's sender, where bounces go; ``{reference}`` in it is replaced by what names the
    message it answers, signed with ``return_key`` (see ``returns``).
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        return_path: str,
        return_key: str,
        security: str = "none",
        username: str = "",
        password: str = "",
        timeout: float = 10.0,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._host, self._port, self._security, self._timeout = host, port, security, timeout
        self._username, self._password = username, password
        self._sender, self._returns, self._now = sender, ReturnPath(return_path, return_key), now

    def send(self, message: Message) -> str:
        """Returns the Message-ID. A refusal of this recipient or content is PartnerRefused; all else may be retried."""
        try:
            mail = mime.build(message, sender=self._sender, now=self._now())
        except (ValueError, UnicodeError) as error:
            raise PartnerRefused(PARTNER, "invalid_message") from error
        try:
            self._hand_over(mail, self._returns.address(message.reference), parseaddr(message.to)[1])
        except smtplib.SMTPNotSupportedError as error:
            raise PartnerRefused(PARTNER, "not_supported") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _sorted(error) from error
        return str(mail["Message-ID"])

    def read_report(self, *, authorization: str, body: dict[str, Any]) -> DeliveryReport:
        """A mail server reports by returns: see ``read_return``."""
        raise PartnerRefused(PARTNER, "no_reports")

    def read_return(self, *, authorization: str, mail: bytes) -> DeliveryReport:
        """Read what came to the return path. Raises PartnerRefused: ``return_key``, ``not_our_address``,
        ``not_a_report``."""
        if not self._returns.accepts(authorization):
            raise PartnerRefused(PARTNER, "return_key")
        return self._returns.read(mail)

    def _hand_over(self, mail: EmailMessage, envelope_from: str, recipient: str) -> None:
        server = self._connect()
        try:
            if self._security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self._username:
                server.login(self._username, self._password)
            server.send_message(mail, from_addr=envelope_from, to_addrs=[recipient])
        except BaseException:
            server.close()
            raise
        # Once the mail is accepted, a failure to part politely is no failure to send.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()

    def _connect(self) -> smtplib.SMTP:
        if self._security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout)


def _sorted(error: Exception) -> PartnerError:
    """A permanent refusal only when the server refuses this recipient or this content for good.

    A refusal of our own credentials or address is ours to mend: the message waits. The server's text may hold the
    recipient's address, so only its codes are kept.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status, text = next(iter(error.recipients.values()))
        return _by_status(status, text)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_status(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):
        return PartnerUnavailable(PARTNER, f"{type(error).__name__}_{error.smtp_code}")
    return PartnerUnavailable(PARTNER, type(error).__name__)


def _by_status(status: int, text: bytes | str) -> PartnerError:
    readable = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    enhanced = _ENHANCED.search(readable)
    code = f"{status} {enhanced.group()}" if enhanced else str(status)
    if 500 <= status < 600:
        return PartnerRefused(PARTNER, code)
    return PartnerUnavailable(PARTNER, code)
