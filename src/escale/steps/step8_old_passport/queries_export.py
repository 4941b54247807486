"""What step 8 keeps of a person, for them to take away. Agents are not named."""

from __future__ import annotations

from typing import Any

from escale.ledger.models import Case
from escale.steps.step8_old_passport import queries
from escale.steps.step8_old_passport.models import Hold, Invalidation, Return, VisaRequest, Withdrawal
from escale.vault import sealing


def export(case: Case) -> dict[str, Any]:
    """Way back of the old passport, visas, suspensions, invalidation and its withdrawal. Raises KeyDestroyed."""
    parcel = queries.return_of(case)
    return {
        "return": [
            {**row, "waybill": parcel.waybill.text if parcel and parcel.waybill else ""}
            for row in Return.objects.filter(case=case).values("carrier", "source", "asked_at", "announced_at")
        ],
        "visa_requests": list(
            VisaRequest.objects.filter(case=case)
            .order_by("asked_at")
            .values("until", "asked_at", "state", "answered_at")
        ),
        "suspensions": [
            {"at": row.at, "until": row.until, "words": sealing.unseal(case.id, "hold", row.reason).decode()}
            for row in Hold.objects.filter(case=case).order_by("at")
        ],
        "invalidation": Invalidation.objects.filter(case=case)
        .values("reason", "ordered_at", "confirmed_at", "recorded_at")
        .first(),
        "withdrawals_of_alert": [
            {
                "asked_at": row.asked_at,
                "confirmed_at": row.confirmed_at,
                "words": sealing.unseal(case.id, "withdrawal", row.reason).decode(),
            }
            for row in Withdrawal.objects.filter(case=case)
        ],
    }
