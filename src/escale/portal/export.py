"""What is held of an applicant, as they may take it away (GDPR art. 15 and 20)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.case import events as e
from escale.case.payload import to_payload
from escale.ledger import queries
from escale.ledger.models import Case
from escale.portal.message_titles import TITLES
from escale.steps.step2_application import queries as step2


def messages(case: Case) -> list[dict[str, Any]]:
    """Messages sent, the latest first: when, and their subject."""
    return [
        {"at": line.at, "title": TITLES.get(line.event.kind, line.event.kind)}
        for line in reversed(queries.history(case.id))
        if isinstance(line.event, e.MessageSent)
    ]


def everything(case: Case, *, now: datetime) -> dict[str, Any]:
    """The whole file as JSON values. Secrets that prove something (numbers) are not in it."""
    application = step2.application(case.id)
    return {
        "reference": case.reference,
        "exported_at": now.isoformat(),
        "post": case.post.name,
        "tracks": {track.value: state for track, state in case.tracks.items()},
        "outcome": case.outcome,
        "person": queries.summary(case),
        "documents": [
            {"kind": document.kind, "label": str(document.label), "added_at": document.added_at.isoformat()}
            for document in (application.documents if application else ())
        ],
        "history": [
            {
                "at": line.at.isoformat(),
                "by": line.actor_kind,
                "event": line.event.name,
                "details": to_payload(line.event),
            }
            for line in queries.history(case.id)
        ],
    }
