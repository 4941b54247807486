"""What the desk's file of a case shows of step 3, and gate 2, which has a page of its own as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step2_application import queries as step2
from escale.steps.step3_posted_items import queries, queries_print, reasons, rules
from escale.steps.step3_posted_items.forms import ReplacementForm, VerifyForm
from escale.ui.guards import DECIDERS

MEASURED = {"compliant": "ok", "to_check": "check", "not_compliant": "no"}
# In the words the pages of both gates use for a verdict: what no machine looked at is for the eye.
VERDICTS = {"ok": "ok", "no": "no", "look": "check"}


@dataclass(frozen=True, slots=True)
class Line:
    """One check of gate 2. ``field`` is its box, None where it is exact by construction; ``item``: photo or label."""

    check: str
    label: object
    field: BoundField | None
    verdict: str
    why: object
    item: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Gate 2 of a case: what an eye must see, what needs none, the form they are answered in."""

    form: VerifyForm
    to_see: tuple[Line, ...]
    exact: tuple[Line, ...]
    green: bool
    photos: tuple[step2.Doc, ...]


def gate(case: Case, items: queries.PostedItems, now: datetime, data: QueryDict | None = None) -> Gate:
    """Gate 2 as it stands, answered by ``data`` if any."""
    found = items.checklist(now)
    exact, vouched = rules.certain(found), rules.vouched(found)
    form = VerifyForm(data, initial={"version": queries.revision_of(case)}, exact=exact, vouched=vouched)
    measured = queries_print.verdict_for_gate(case.id)
    lines = [_line(one, form, measured) for one in found]
    application = step2.application_of(case)
    photos = tuple(doc for doc in application.documents if doc.kind == step2.PHOTO) if application else ()
    return Gate(
        form,
        tuple(line for line in lines if line.field is not None),
        tuple(line for line in lines if line.field is None),
        bool(vouched - set(exact)),
        photos[-1:],
    )


def _line(one: rules.Finding, form: VerifyForm, measured: str) -> Line:
    """A check beside what was computed of it; the photo's size as the ruler measured it."""
    verdict, why = VERDICTS[one.verdict], one.why
    if why == "not_computed":
        verdict = "eye"
    if one.check == "photo_norms" and measured:
        verdict, why = MEASURED[measured], f"print_{measured}"
    field = form[one.check] if one.check in form.fields else None
    item = "photo" if one.check in rules.PHOTO_CHECKS else "label"
    return Line(one.check, reasons.CHECKS[one.check], field, verdict, reasons.WHY[why], item)


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Objects, label, gate 2. None until posting is asked."""
    if case.posted_items == "not_asked":
        return None
    items = queries.posted_items(case.id)
    decides = actor.role in DECIDERS
    opened = decides and case.posted_items == "received"
    return {
        "items": items,
        "carrier": rules.carrier(items.carrier),
        "custody": [(reasons.OBJECTS[line.item], reasons.HOLDERS_AT_DESK[line.holder], line) for line in items.custody],
        "gate": gate(case, items, now) if opened else None,
        "reopenable": decides and case.posted_items == "verified",
        "replacement": ReplacementForm(initial={"version": queries.revision_of(case)}, language=case.language),
        "tz": case.post.tz,
    }
