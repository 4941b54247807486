"""What step 6 asks of carriers again and again: where the parcels are."""

from __future__ import annotations

from escale.ledger.feeds import Question
from escale.steps.step6_delivery.models import Parcel


def questions() -> list[Question]:
    """Parcels under way."""
    under_way = Parcel.objects.filter(ended_at__isnull=True, next_poll_at__isnull=False)
    return [Question("parcels", "courier", under_way, "next_poll_at")]
