"""Write to the applicant: compose in their language, hand over to the mailer, leave a trace."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from escale.case import events as e
from escale.case.decision import Decision
from escale.case.messages import message_of
from escale.ledger import queries
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import job
from escale.ports import directory
from escale.ports.mailer import Message
from escale.ui import mail
from escale.ui.sites import address
from escale.vault import documents
from escale.vault.documents import LETTER
from escale.worker.registry import handlers


def common_context(case: Case, now: datetime) -> dict[str, Any]:
    """What every message may say."""
    summary = queries.summary(case)
    return {
        "name": queries.full_name(summary),
        "reference": case.reference,
        "case_url": address("portal", "case_home", case.reference),
        "reception_url": address("reception", "reception_home"),
        "post_name": case.post.name,
        "post_email": case.post.email,
        "post_phone": case.post.phone,
        "post_address": case.post.address,
        "post_tz": ZoneInfo(case.post.tz),
        "now": now,
    }


def send(case: Case, event: e.Event, *, key: str, now: datetime) -> None:
    """Send the message of an event; its step may say that it has no object any more, by None in place of a context.

    Raises PartnerUnavailable, PartnerRefused.
    """
    code = message_of(event)
    if code is None:
        return
    context = common_context(case, now)
    build = handlers().messages.get(code)
    extra = build(case=case, event=event, now=now) if build else {}
    if extra is None:
        return
    calendar = extra.pop("calendar", None)
    composed = mail.compose(code, case.language, {**context, **extra})
    message = Message(
        reference=key,
        to=queries.summary(case)["email"],
        language=case.language,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        calendar=calendar,
    )
    directory.mailer().send(message)
    with changing(case.id, actor=job("messages"), now=now) as change:
        letter = documents.add(
            case.id,
            kind=LETTER,
            content=f"{composed.subject}\n\n{composed.text}".encode(),
            media_type="text/plain",
            now=now,
        )
        change.record(Decision.of(e.MessageSent(kind=code, letter=str(letter))))
