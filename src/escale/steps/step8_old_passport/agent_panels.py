"""What the case file shows of step 8 and of the title."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from escale.case.deadlines import DeadlineKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step6_delivery import queries as step6
from escale.steps.step8_old_passport import queries


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """None until the passport exists, unless a visa was asked for."""
    asked = queries.visa_request(case.id)
    if case.title == "none" and asked is None:
        return None
    state = queries.duties_of(case)
    ended = case.title in {"invalidating", "invalidated", "reported", "withdrawn"}
    return {
        "duties": state,
        "left": queries.countdown(case, now) if case.title == "issued" else "",
        "last_moment": state.ends_at - timedelta(seconds=1) if state.ends_at else None,
        "back": step6.current_of(case, "return"),
        "visa": asked,
        "run_at": ledger.open_until(case, DeadlineKind.INVALIDATION_RUN) if case.title == "listed" else None,
        "hold": queries.last_hold(case.id) if case.title == "held" else None,
        "invalidation": queries.invalidated_in(ledger.history_of(case)) if ended else None,
        "withdrawal": queries.withdrawal(case.id) if ended else None,
        "may_decide": actor.role in {"agent", "supervisor"},
        "supervisor": actor.role == "supervisor",
        "declarable": case.title in {"issued", "listed", "held", "active"},
        "actor_id": actor.id,
        "tz": case.post.tz,
    }
