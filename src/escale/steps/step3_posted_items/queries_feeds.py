"""What step 3 asks of carriers again and again: whether a label still holds."""

from __future__ import annotations

from datetime import datetime

from escale.ledger.feeds import Feed, overdue
from escale.steps.step3_posted_items.models import Posting


def feeds(now: datetime) -> list[Feed]:
    """Labels whose turn has passed."""
    watched = Posting.objects.filter(case__outcome="open").exclude(label_source="")
    return [overdue("labels", "courier", watched, "label_poll_at", now)]
