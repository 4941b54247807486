"""What step 5 keeps of a person, for them to take away. The number of the passport is on the passport."""

from __future__ import annotations

from typing import Any

from escale.ledger.models import Case
from escale.steps.step5_dispatch import queries
from escale.steps.step5_dispatch.models import Dispatch, FreshLabel, ProducedTitle, ProductionOrder


def export(case: Case) -> dict[str, Any]:
    """Orders, passport made, parcels sent, new labels. Raises KeyDestroyed."""
    return {
        "orders": list(
            ProductionOrder.objects.filter(case=case)
            .order_by("ordered_at")
            .values("number", "state", "code", "ordered_at", "ended_at")
        ),
        "passport": ProducedTitle.objects.filter(case=case).values("issued_on", "expires_on", "produced_at").first(),
        "parcels_sent": [
            {
                "carrier": row.carrier,
                "waybill": queries.waybill_of(row).text,
                "dispatched_at": row.dispatched_at,
                "came_back_at": row.came_back_at,
            }
            for row in Dispatch.objects.filter(case=case).order_by("attempt")
        ],
        "new_labels": list(
            FreshLabel.objects.filter(case=case).order_by("attempt").values("carrier", "source", "asked_at")
        ),
    }
