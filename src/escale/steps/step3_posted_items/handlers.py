"""What the worker asks of step 3: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step2_application import queries as application
from escale.steps.step3_posted_items import queries, reasons, service, service_print
from escale.ui.sites import address


def _posting(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return {
        "url": address("portal", "posting", case.reference),
        "last_moment": ledger.last_moment(case.id, DeadlineKind.POSTING_LAPSE),
        "paid": application.spare_or_held(case.id),
    }


def _received(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return {"received_at": now}


def _replacement(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    asked = queries.asked_again(case.id)
    given = asked.reasons if asked else {}
    named = getattr(event, "items", ("label",))
    return {
        **_posting(case=case, event=event, now=now),
        "objects": [
            {"name": reasons.object_name(item, case.language), "why": reasons.words(given.get(item, ""), case.language)}
            for item in named
        ],
        "photo": "photo" in named,
        "label": "label" in named,
        "cancelled": isinstance(event, e.LabelCancelledByCourier),
        "own_words": reasons.own_words(asked.words if asked else {}, case.language),
    }


# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {}
# message code → function(case=, event=, now=) -> context
MESSAGES: dict[str, Callable[..., dict[str, Any]]] = {
    "posting_reminder": _posting,
    "envelope_received": _received,
    "replacement_needed": _replacement,
}
# functions(now=), called about once a second
POLLS: list[Callable[..., int | None]] = [service.watch_labels, service_print.run_due]
