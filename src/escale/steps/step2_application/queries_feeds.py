"""What step 2 asks of partners again and again: payments under way, stamps to give back."""

from __future__ import annotations

from datetime import datetime

from escale.ledger.feeds import Feed, overdue
from escale.steps.step2_application.models import UNKNOWN, Payment, Stamp, StampState


def feeds(now: datetime) -> list[Feed]:
    """By partner: what has had no answer."""
    return [
        overdue("payments", "payment", Payment.objects.filter(state__in=UNKNOWN), "next_check_at", now),
        overdue("stamps", "tax_stamp", Stamp.objects.filter(state=StampState.RELEASING), "next_try_at", now),
    ]
