"""What step 5 asks of issuance again and again: how orders stand, and what has happened since it was last read."""

from __future__ import annotations

from datetime import datetime, timedelta

from escale.ledger.feeds import Feed, Question, stopped
from escale.steps.step5_dispatch.models import ChangesRead, ProductionOrder

LONG = timedelta(hours=1)


def questions() -> list[Question]:
    """Orders that are open."""
    return [Question("orders", "issuance", ProductionOrder.objects.filter(state="open"), "next_poll_at")]


def changes(now: datetime) -> Feed:
    """What has happened at issuance, when it has not been read for an hour."""
    read_at = ChangesRead.objects.values_list("read_at", flat=True).first()
    return stopped("changes", "issuance", read_at=read_at, after=LONG, now=now)
