"""What step 3 keeps of a person, for them to take away."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from escale.ledger.models import Case
from escale.steps.step3_posted_items import queries
from escale.steps.step3_posted_items.models import Custody, GateCheck, LabelIntent, PrintCheck
from escale.vault import sealing


def export(case: Case) -> dict[str, Any]:
    """Envelope, label, what the post saw of them, the measure of the print, who held what. Raises KeyDestroyed."""
    held = queries.posted_items(case.id)
    return {
        "label": {
            "carrier": held.carrier,
            "waybill": held.label_waybill.text if held.label_waybill else "",
            "source": held.label_source,
            "made_at": held.label_made_at,
            "checks": [asdict(found) for found in held.label_findings],
        },
        "labels_asked": list(LabelIntent.objects.filter(case=case).order_by("round").values("reference", "created_at")),
        "envelope": {
            "carrier": held.outbound_carrier,
            "waybill": held.outbound_waybill,
            "announced_at": held.announced_at,
            "received_at": held.received_at,
        },
        "post_checks": [
            {
                "at": row.at,
                "verdict": row.verdict,
                "reasons": row.reasons,
                "words": sealing.unseal_json(case.id, "replacement_words", row.words) if row.words else {},
            }
            for row in GateCheck.objects.filter(case=case).order_by("at", "id")
        ],
        "print_measures": [
            {
                "at": row.at,
                "at_desk": row.at_desk,
                "found": sealing.unseal_json(case.id, f"print|{row.at_desk}", row.findings),
            }
            for row in PrintCheck.objects.filter(case=case).order_by("at")
        ],
        "objects": list(Custody.objects.filter(case=case).order_by("item").values("item", "holder", "since")),
    }
