"""What step 5 asks of issuance again and again: how orders stand, and what has happened since it was last read."""

from __future__ import annotations

from datetime import datetime, timedelta

from escale.ledger.feeds import Feed, overdue, stopped
from escale.steps.step5_dispatch.models import ChangesRead, ProductionOrder

LONG = timedelta(hours=1)


def feeds(now: datetime) -> list[Feed]:
    """Orders whose turn has passed, and the changes when they have not been read for an hour."""
    read_at = ChangesRead.objects.values_list("read_at", flat=True).first()
    return [
        overdue("orders", "issuance", ProductionOrder.objects.filter(state="open"), "next_poll_at", now),
        stopped("changes", "issuance", read_at=read_at, after=LONG, now=now),
    ]
