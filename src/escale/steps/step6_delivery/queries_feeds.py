"""What step 6 asks of carriers again and again: where the parcels are."""

from __future__ import annotations

from datetime import datetime

from escale.ledger.feeds import Feed, overdue
from escale.steps.step6_delivery.models import Parcel


def feeds(now: datetime) -> list[Feed]:
    """Parcels under way whose turn has passed."""
    under_way = Parcel.objects.filter(ended_at__isnull=True, next_poll_at__isnull=False)
    return [overdue("parcels", "courier", under_way, "next_poll_at", now)]
