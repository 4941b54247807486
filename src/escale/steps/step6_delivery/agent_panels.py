"""What the case file shows of step 6."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.case.carriers import CARRIERS
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step6_delivery import queries
from escale.steps.step6_delivery.forms import ScanForm


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """None until the passport is sent."""
    if case.delivery == "waiting":
        return None
    parcel = queries.current_of(case, "outbound")
    return {
        "state": case.delivery,
        "losable": case.delivery in {"inquiry", "returned"} and case.dispatch == "dispatched",
        "parcel": parcel,
        "waybill": queries.waybill(parcel).text if parcel else "",
        "scans": queries.scans(case.id)[::-1],
        "may_decide": actor.role in {"agent", "supervisor"},
        "scan_form": ScanForm(initial={"direction": "outbound"}, auto_id="passage-%s"),
        "follow_page": CARRIERS[parcel.carrier].follow_page if parcel and parcel.carrier in CARRIERS else "",
        "tz": case.post.tz,
    }
