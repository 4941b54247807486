"""What the case file shows of step 5."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step5_dispatch import queries, reasons, rules
from escale.steps.step5_dispatch.forms import FreshLabelForm, NewPhotoForm


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """None until the passport is ordered."""
    if case.dispatch == "waiting":
        return None
    made, sent = queries.made_and_sent(case)
    back = sent.came_back_at if sent else None
    until = rules.destroyed_from(back, queries.zone_of(case)) if back else None
    code = queries.last_rejection(case.id) if case.dispatch == "production_rejected" else ""
    label = queries.fresh_label(case.id, sent=sent.attempt) if sent and back else None
    return {
        "state": case.dispatch,
        "may_decide": actor.role in {"agent", "supervisor"},
        "rejection": reasons.rejection(code) if code else "",
        "rejection_code": code,
        "photo_refused": code.lower().startswith("photo"),
        "photo_asked": case.posted_items != "verified",
        "photo_form": NewPhotoForm(
            initial={"version": step3.revision_of(case)}, auto_id="photo-%s", language=case.language
        ),
        "made": made,
        "sent": sent,
        "came_back_at": back if case.dispatch == "at_post" else None,
        "kept_until": until,
        "destroyable": case.dispatch == "at_post" and until is not None and now >= until,
        "label": label,
        "label_form": FreshLabelForm(initial={"carrier": case.post.carrier}, auto_id="etiquette-%s"),
        "label_wanted": case.delivery == "returned" and (label is None or label.sealed is None),
        "tz": case.post.tz,
    }
