"""The mailbox of the demonstration: every mail handed over, whole, by recipient."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from escale.partners.kit.store import Store

LATE = timedelta(minutes=10)
PLAYED = {
    "silent": "accepte et ne montre jamais le courriel ; aucun avis",
    "duplicate": "courriel gardé deux fois ; deux avis",
    "late": "dix minutes virtuelles plus tard",
    "reordered": "après le courriel ou l’avis suivant",
    "late_bounce": "accepté, puis rendu dix minutes virtuelles plus tard (SMTP)",
}
STORE = Store("mailer", plays=PLAYED)


def deliver(raw: bytes, recipients: list[str], now: datetime, *, envelope_from: str = "", fault: str = "") -> str:
    """Keep a mail for ``recipients``, shown at once but with the faults ``late`` and ``reordered``. Returns its id."""
    mail = parse(raw)
    identity = secrets.token_hex(8)
    summary = {
        "id": identity,
        "to": [address.lower() for address in recipients],
        "envelope_from": envelope_from,
        "from": str(mail.get("From", "")),
        "subject": str(mail.get("Subject", "")),
        "message_id": str(mail.get("Message-ID", "")).strip(),
        "received_at": now.isoformat(),
        "visible_at": (now + LATE if fault in ("late", "reordered") else now).isoformat(),
        "overtaken": fault == "reordered",
    }
    with STORE.locked():
        STORE.put("raw", identity, {"raw": base64.b64encode(raw).decode()})
        STORE.put("mail", identity, summary)
        if fault != "reordered":
            _show_overtaken(now)
    return identity


def _show_overtaken(now: datetime) -> None:
    """What waited for another mail to go before it comes now, as the later of the two."""
    for identity, mail in STORE.all("mail"):
        if mail.get("overtaken"):
            STORE.delete("mail", identity)
            STORE.put("mail", identity, {**mail, "overtaken": False, "visible_at": now.isoformat()})


def is_visible(summary: dict[str, Any], now: datetime) -> bool:
    return datetime.fromisoformat(summary["visible_at"]) <= now


def summaries(now: datetime, to: str = "") -> list[dict[str, Any]]:
    """The mails visible at ``now``, latest first, for one recipient or for all."""
    wanted = to.strip().lower()
    found = [mail for _, mail in STORE.all("mail") if is_visible(mail, now) and (not wanted or wanted in mail["to"])]
    return found[::-1]


def recipients(now: datetime) -> list[tuple[str, int]]:
    """Every recipient and how many mails each has, the one served last first."""
    counts: dict[str, int] = {}
    for mail in summaries(now):
        for address in mail["to"]:
            counts[address] = counts.get(address, 0) + 1
    return list(counts.items())


def raw_of(identity: str) -> bytes | None:
    document = STORE.get("raw", identity)
    return base64.b64decode(document["raw"]) if document else None


def parse(raw: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    return message


def body(mail: EmailMessage, kind: str) -> str:
    """The ``plain`` or ``html`` body, or an empty string."""
    part = mail.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


def attachments(mail: EmailMessage) -> list[dict[str, Any]]:
    """Attached files and calendar parts, in the order of the mail."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    shown = [
        part for part in parts if part.get_content_type() not in ("text/plain", "text/html") or part.get_filename()
    ]
    return [
        {
            "place": place,
            "name": part.get_filename() or f"partie-{place + 1}",
            "type": part.get_content_type(),
            "method": str(part.get_param("method", "")),
            "content": part.get_payload(decode=True) or b"",
        }
        for place, part in enumerate(shown)
    ]


def clear(to: str = "") -> None:
    """Empty one recipient's box, or all of them."""
    wanted = to.strip().lower()
    with STORE.locked():
        for identity, mail in STORE.all("mail"):
            if not wanted or wanted in mail["to"]:
                STORE.delete("mail", identity)
                STORE.delete("raw", identity)
