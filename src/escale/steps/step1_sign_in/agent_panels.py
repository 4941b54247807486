"""What the desk's file of a case shows of step 1: how sure the identity is, and each condition with its answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step1_sign_in import queries, rules
from escale.ui.guards import DECIDERS


def may_lose(case: Case) -> bool:
    """Whether a condition can still be found missing: before the passport is ordered, of an open case."""
    return case.is_open and case.identity == "eligible" and case.dispatch == "waiting"


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The sign-in, the register's facts and the conditions; None when step 1 keeps nothing of this case."""
    known = queries.kept_of(case)
    proof = known.evidence
    if not proof:
        return None
    facts = queries.facts(case, on=case.opened_at.date(), known=known)
    lines = [{"rule": rule, "holds": rule.holds(facts)} for rule in rules.RULES]
    return {
        "acr": proof.get("acr", ""),
        "signed_in_at": datetime.fromtimestamp(int(proof["auth_time"]), UTC) if proof.get("auth_time") else None,
        "register": known.register_facts,
        "doubtful": [line for line in lines if line["holds"] is not True],
        "lines": lines,
        "may_lose": may_lose(case) and actor.role in DECIDERS,
        "tz": case.post.tz,
    }
