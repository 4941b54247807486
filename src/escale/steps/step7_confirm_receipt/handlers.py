"""What the worker asks of step 7: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.effects import EffectKind
from escale.ledger.models import Case
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step7_confirm_receipt import queries, service


def _locked_out(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    stands = queries.awaited(case)
    return {"unlocks_at": stands.unlocks_at, "due_at": stands.due_at}


def _confirmed(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    end = step5.duty_end(case.id)
    owed = case.old_passport in {"due", "announced", "late"}
    return {"return_owed": owed, "due_at": end - step5.ONE_SECOND if end else None, "late": case.old_passport == "late"}


# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {EffectKind.CONFIRM_RECEIPT: service.confirm_at_issuance}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {DeadlineKind.LOCKOUT_END: service.end_lockout}
# message code → function(case=, event=, now=) -> context
MESSAGES: dict[str, Callable[..., dict[str, Any]]] = {"locked_out": _locked_out, "receipt_confirmed": _confirmed}
# functions(now=), called about once a second
POLLS: list[Callable[..., None]] = []
