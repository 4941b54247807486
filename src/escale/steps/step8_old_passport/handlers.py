"""What the worker asks of step 8: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.effects import EffectKind
from escale.case.policy import in_force
from escale.ledger.models import Case
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step8_old_passport import queries, service_clock, service_relay
from escale.ui.sites import address


def _duties(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    """What is missing and by when."""
    state = queries.duties(case)
    return {
        "receipt_missing": not state.receipt_done,
        "return_missing": not state.return_done,
        "last_moment": state.ends_at - timedelta(seconds=1) if state.ends_at else None,
        "clocks": step5.clocks(case),
        "duties_url": address("portal", "two_duties", case.reference),
    }


def _listed(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    """What is missing, and the rule that will invalidate."""
    return {**_duties(case=case, event=event, now=now), "article": in_force("duty_days", now.date()).source}


def _invalidated(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    """The rule, and what was missing when that is why: a passport lost or destroyed is invalidated too."""
    told = _duties(case=case, event=event, now=now)
    article = queries.article_of_end(case, now)
    return {
        **told,
        "receipt_missing": bool(article) and told["receipt_missing"],
        "return_missing": bool(article) and told["return_missing"],
        "article": article,
    }


def _until(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    until = event.until if isinstance(event, e.KeptForVisa | e.InvalidationHeld) else None
    return {**_duties(case=case, event=event, now=now), "until": until}


# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {
    EffectKind.INVALIDATE_TITLE: service_clock.invalidate_title,
    EffectKind.REPORT_TO_BORDERS: service_clock.report_to_borders,
}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {
    **dict.fromkeys(service_clock.REMINDERS, service_clock.duty_reminder),
    DeadlineKind.DUTY_END: service_clock.duty_end,
    DeadlineKind.INVALIDATION_RUN: service_clock.invalidation_run,
    DeadlineKind.HOLD_END: service_clock.hold_end,
    DeadlineKind.VISA_END: service_clock.visa_end,
}
# message code → function(case=, event=, now=) -> context
MESSAGES: dict[str, Callable[..., dict[str, Any]]] = {
    "duty_reminder": _duties,
    "return_received": _duties,
    "kept_for_visa": _until,
    "visa_ended": _duties,
    "listed": _listed,
    "held": _until,
    "completed": _duties,
    "invalidated": _invalidated,
    "declared_lost": _duties,
}
# functions(now=), called about once a second
POLLS: list[Callable[..., None]] = [
    service_clock.poll_returns,
    service_clock.poll_invalidations,
    service_relay.compare_with_relay,
]
