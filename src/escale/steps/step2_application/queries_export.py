"""What step 2 keeps of a person beside their answers and documents, for them to take away."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from escale.ledger.models import Case
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import Contest, Opinion, Payment, Stamp


def export(case: Case) -> dict[str, Any]:
    """Checks, corrections, decision, stamps and payments. The number of a stamp is left out. Raises KeyDestroyed."""
    ended = queries.ruling(case.id)
    return {
        "automatic_checks": [
            {"kind": doc.kind, "state": doc.check, "verdict": doc.machine, "says": [told["text"] for told in doc.told]}
            for doc in queries.documents(case.id)
        ],
        "contested": list(Contest.objects.filter(document__case=case).values("document__kind", "at")),
        "agents_opinions": list(
            Opinion.objects.filter(case=case).order_by("at").values("kind", "machine", "accepted", "contested", "at")
        ),
        "opinions_set_aside": [asdict(one) for one in queries.set_aside(case.id)],
        "corrections": [
            {"item": sent.item, "words": asdict(sent.said), "asked_at": sent.asked_at, "answered": sent.answered}
            for sent in queries.corrections(case.id)
        ],
        "decision": ended and {"kind": ended.kind, "rule": ended.rule, "words": asdict(ended.said), "at": ended.at},
        "stamps": [
            {
                "cents": stamp.cents,
                "bought_on": stamp.bought_on,
                "valid_until": stamp.valid_until,
                "bought_here": stamp.bought_here,
                "state": stamp.state,
                "receipt": queries.stamp_receipt(stamp),
            }
            for stamp in Stamp.objects.filter(case=case).order_by("chosen_at")
        ],
        "payments": list(
            Payment.objects.filter(case=case)
            .order_by("opened_at")
            .values("reference", "cents", "state", "opened_at", "settled_at")
        ),
    }
