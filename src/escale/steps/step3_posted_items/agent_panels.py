"""What the desk's file of a case shows of step 3."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step3_posted_items import queries, queries_print, reasons, rules
from escale.steps.step3_posted_items.forms import ReplacementForm, VerifyForm
from escale.ui.guards import DECIDERS

MEASURED = {"compliant": "ok", "to_check": "look", "not_compliant": "no"}


def checklist(case_id: UUID, items: queries.PostedItems, form: VerifyForm, now: datetime) -> list[dict[str, Any]]:
    """Each check of gate 2 beside what was computed of it; the photo's size as the ruler measured it."""
    lines = [
        {"check": one.check, "field": form[one.check], "verdict": one.verdict, "why": reasons.WHY[one.why]}
        for one in items.checklist(now)
    ]
    measured = queries_print.verdict_for_gate(case_id)
    for line in lines:
        if line["check"] == "photo_norms" and measured:
            line |= {"verdict": MEASURED[measured], "why": reasons.WHY[f"print_{measured}"]}
    return lines


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Objects, label, gate 2. None until posting is asked."""
    if case.posted_items == "not_asked":
        return None
    items = queries.posted_items(case.id)
    revision = queries.revision(case.id)
    form = VerifyForm(initial={"version": revision})
    return {
        "items": items,
        "carrier": rules.carrier(items.carrier),
        "custody": [(reasons.OBJECTS[line.item], reasons.HOLDERS_AT_DESK[line.holder], line) for line in items.custody],
        "gate": case.posted_items == "received" and actor.role in DECIDERS,
        "reopenable": case.posted_items == "verified" and actor.role in DECIDERS,
        "checklist": checklist(case.id, items, form, now),
        "version": revision,
        "replacement": ReplacementForm(initial={"version": revision}),
        "tz": case.post.tz,
    }
