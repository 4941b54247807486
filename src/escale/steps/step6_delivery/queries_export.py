"""What step 6 keeps of a person, for them to take away."""

from __future__ import annotations

from typing import Any

from escale.ledger.models import Case
from escale.steps.step6_delivery import queries
from escale.steps.step6_delivery.models import Parcel

DIRECTIONS = ("outbound", "return")


def export(case: Case) -> dict[str, Any]:
    """Parcels, both ways, and every scan as the carrier gave it. Raises KeyDestroyed."""
    return {
        "parcels": [
            {
                "direction": parcel.direction,
                "carrier": parcel.carrier,
                "waybill": queries.waybill(parcel).text,
                "started_at": parcel.started_at,
                "ended_at": parcel.ended_at,
            }
            for parcel in Parcel.objects.filter(case=case).order_by("started_at", "id")
        ],
        "scans": [
            {
                "direction": direction,
                "at": scan.at,
                "kind": scan.kind.value,
                "carrier_code": scan.raw,
                "carrier_words": scan.description,
                "place": scan.place,
                "signed_by": scan.signed_by,
            }
            for direction in DIRECTIONS
            for scan in queries.scans(case.id, direction)
        ],
    }
