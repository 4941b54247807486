"""What the worker asks of step 5: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from escale.case import events as e
from escale.case.effects import EffectKind
from escale.ledger.models import Case
from escale.ports import directory
from escale.ports.errors import PartnerUnavailable
from escale.steps.step5_dispatch import queries, rules
from escale.steps.step5_dispatch.service_changes import read_changes
from escale.steps.step5_dispatch.service_production import order_passport, poll_orders


def expect_receipt(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Tell issuance that this passport is on its way and until when its holder may confirm. Harmless when repeated."""
    made, sent = queries.title(case_id), queries.dispatch(case_id)
    if made is None or sent is None or sent.due_at is None:
        raise PartnerUnavailable("dispatch", "parcel_not_recorded")
    directory.issuance().expect_receipt(made.number, dispatched_at=sent.dispatched_at, due_at=sent.due_at)


def _dispatched(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return queries.told_of_parcel(case.id)


def _came_back(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    back = queries.came_back_at(case.id)
    return {"kept_until": rules.destroyed_from(back, queries.zone_of(case)) if back else None}


# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {
    EffectKind.ORDER_PASSPORT: order_passport,
    EffectKind.EXPECT_RECEIPT: expect_receipt,
}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {}
# message code → function(case=, event=, now=) -> context
MESSAGES: dict[str, Callable[..., dict[str, Any]]] = {"dispatched": _dispatched, "came_back": _came_back}
# functions(now=), called about once a second
POLLS: list[Callable[..., None]] = [read_changes, poll_orders]
