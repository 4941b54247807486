"""The mail server's afterthoughts: it took a mail, and gives it back later to the address on its envelope (RFC 3464).

It posts what comes to our return path to the product, as a pipe of the real mail server does.
"""

from __future__ import annotations

import base64
import os
import secrets
from datetime import datetime, timedelta
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings

from escale.partners.kit.options import Options
from escale.partners.kit.pushes import Pushes
from escale.partners.kit.ticker import every_tick
from escale.partners.mailer.settings import DEMO_RETURN_KEY
from escale.partners.mailer.simulator import mailbox

LATE = timedelta(minutes=10)
HOST = "courriel.escale.example"
RECIPIENTS = {
    "late-bounce": "gone",
    "full": "full",
    "delayed": "delayed",
    "holiday": "holiday",
    "complaint": "complaint",
}
"""Local part of a magic recipient → what comes back."""

_STATUSES = {
    "gone": ("failed", "5.1.1", "550 5.1.1 Unknown mailbox"),
    "full": ("failed", "4.2.2", "452 4.2.2 Mailbox full; tried for five days"),
    "delayed": ("delayed", "4.4.1", "451 4.4.1 No answer yet"),
}
RETURNS = Pushes(
    store=mailbox.STORE,
    address=lambda: f"{settings.PORTAL_URL}/partenaires/courriel/retours",
    headers=lambda report, content, now: {
        "Content-Type": "message/rfc822",
        "Authorization": f"Bearer {Options(os.environ, 'MAILER').secret('RETURN_KEY', DEMO_RETURN_KEY)}",
    },
    pauses=(timedelta(minutes=5),) * 5,
    kind="return",
    content=lambda kept: base64.b64decode(kept["mail"]),
)
every_tick(RETURNS.send_ready)


def give_back(kind: str, *, recipient: str, envelope_from: str, original: bytes, now: datetime) -> None:
    """Post a report of ``kind`` (values of ``RECIPIENTS``) ten virtual minutes from now."""
    made = _holiday_answer(recipient) if kind == "holiday" else _report(kind, recipient, mailbox.parse(original))
    made["From"] = recipient if kind == "holiday" else f"Mail Delivery System <MAILER-DAEMON@{HOST}>"
    made["To"] = envelope_from
    made["Date"] = format_datetime(now + LATE)
    made["Message-ID"] = f"<{secrets.token_hex(8)}@{HOST}>"
    content = b"Return-Path: <>\r\nDelivered-To: " + envelope_from.encode() + b"\r\n" + made.as_bytes(policy=SMTP)
    RETURNS.keep(made["Message-ID"], {"mail": base64.b64encode(content).decode()}, now + LATE)


def _holiday_answer(recipient: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Absence"
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(f"{recipient} est en congé.")
    return mail


def _report(kind: str, recipient: str, original: EmailMessage) -> Message:
    mail = EmailMessage()
    mail["Subject"] = "Undelivered Mail Returned to Sender"
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("This is the mail system of the demonstration: see the next part.\r\n")
    mail.make_mixed()
    # A Message of the older kind, which the types of attach do not know, is taken as well.
    mail.attach(_feedback() if kind == "complaint" else _delivery_status(kind, recipient))  # type: ignore[arg-type]
    headers = EmailMessage()
    headers.set_content("".join(f"{name}: {value}\r\n" for name, value in original.items()), cte="8bit")
    headers.replace_header("Content-Type", "text/rfc822-headers")
    mail.attach(headers)
    report_type = "feedback-report" if kind == "complaint" else "delivery-status"
    mail.replace_header(
        "Content-Type", f"multipart/report; report-type={report_type}; boundary={secrets.token_hex(12)}"
    )
    return mail


def _fields(kind: str, *blocks: dict[str, str]) -> Message:
    """A part made of blocks of fields, such as message/delivery-status is."""
    part = Message()
    part["Content-Type"] = f"message/{kind}"
    parts: list[Message | str] = []
    for block in blocks:
        fields = Message()
        for name, value in block.items():
            fields[name] = value
        parts.append(fields)
    part.set_payload(parts)
    return part


def _delivery_status(kind: str, recipient: str) -> Message:
    action, status, said = _STATUSES[kind]
    of_the_message = {"Reporting-MTA": f"dns; {HOST}"}
    of_the_recipient = {
        "Final-Recipient": f"rfc822; {recipient}",
        "Action": action,
        "Status": status,
        "Diagnostic-Code": f"smtp; {said}",
    }
    return _fields("delivery-status", of_the_message, of_the_recipient)


def _feedback() -> Message:
    return _fields("feedback-report", {"Feedback-Type": "abuse", "User-Agent": "Escale/1", "Version": "1"})
