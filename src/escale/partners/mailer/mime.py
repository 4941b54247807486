"""A message as the mail's own standards want it (RFC 5322, RFC 2045, RFC 3834, RFC 6047)."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr

from escale.ports.mailer import Calendar, Message

_PLAIN_REFERENCE = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
_OURS = {"from", "to", "subject", "date", "message-id", "auto-submitted", "content-language"}


class _Readable(EmailPolicy):
    """That of SMTP, with subjects folded by an encoder that gives them back as they were: the other one glues encoded
    words together where it breaks a line before an accent (RFC 2047, 6.2)."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() != "subject" or value.isascii():
            return super().fold_binary(name, value)
        folded = Header(str(value), "utf-8", maxlinelen=75, header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


_SMTP = _Readable(linesep="\r\n")


def domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def token_of(reference: str) -> str:
    """The reference as an address may hold it: itself when it is plain, its digest otherwise."""
    if len(reference) <= 60 and _PLAIN_REFERENCE.fullmatch(reference):
        return reference
    return hashlib.sha256(reference.encode()).hexdigest()[:32]


def message_id(reference: str, domain: str) -> str:
    """The same reference gives the same Message-ID, so that a mail sent twice is recognised."""
    return f"<{token_of(reference)}@{domain}>"


def build(message: Message, *, sender: str, now: datetime) -> EmailMessage:
    """Text and HTML as alternatives; a calendar is a third alternative and the file ``invite.ics``.

    Raises ValueError for a header that holds a line break or an address that is none.
    """
    if "@" not in parseaddr(message.to)[1]:
        raise ValueError("recipient")
    mail = EmailMessage(policy=_SMTP)
    mail["From"] = sender
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.reference, domain_of(sender))
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answer to a machine
    for name, value in message.headers.items():
        if name.lower() in _OURS:
            raise ValueError("header")
        mail[name] = value
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    if message.calendar is not None:
        _add_calendar(mail, message.calendar)
    mail["Content-Language"] = message.language  # last: setting a content clears the Content- headers
    return mail


def _add_calendar(mail: EmailMessage, calendar: Calendar) -> None:
    """RFC 6047 §2.4: the alternative part names its method; the file serves readers that ignore it."""
    text = calendar.content.decode("utf-8")
    mail.add_alternative(text, subtype="calendar", cte="base64", params={"method": calendar.method})
    mail.add_attachment(calendar.content, maintype="application", subtype="ics", filename="invite.ics")
