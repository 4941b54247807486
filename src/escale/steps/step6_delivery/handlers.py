"""What the worker asks of step 6: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.ledger.models import Case
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step6_delivery import service


def _parcel(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return step5.told_of_parcel(case.id)


# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {DeadlineKind.TRANSIT_SILENCE: service.transit_silence}
# message code → function(case=, event=, now=) -> context
MESSAGES: dict[str, Callable[..., dict[str, Any]]] = {
    "delivered": _parcel,
    "delivery_problem": _parcel,
    "inquiry": _parcel,
}
# functions(now=), called about once a second
POLLS: list[Callable[..., None]] = [service.poll_parcels, service.poll_silence, service.forget_scans]
