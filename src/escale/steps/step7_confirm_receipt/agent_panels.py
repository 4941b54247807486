"""What the case file shows of step 7."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step7_confirm_receipt import queries, rules


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """None until the passport is sent."""
    if case.receipt == "waiting":
        return None
    lines = ledger.history_of(case)
    wrong = queries.wrong_in(lines)
    return {
        "state": case.receipt,
        "stands": queries.awaited(case, lines),
        "wrong": wrong,
        "left": rules.tries_left(wrong, now),
        "may_decide": actor.role in {"agent", "supervisor"},
        "tz": case.post.tz,
    }
