"""What step 1 keeps of a person beside their identity, for them to take away."""

from __future__ import annotations

from typing import Any

from escale.ledger.models import Case
from escale.steps.step1_sign_in import queries
from escale.steps.step1_sign_in.models import RefusedRule


def export(case: Case) -> dict[str, Any]:
    """What was declared of the current passport, what the Register said, the conditions that were not met, and the
    level of the sign-in.
    Raises KeyDestroyed."""
    proof = queries.evidence(case)
    number = queries.declared(case)
    return {
        "declared": {name: value for name, value in number.items() if name != "passport_number"},
        "register": queries.register_facts(case),
        "conditions_not_met": [
            {"rule": line.rule, "at": line.at, "found_later_by_an_agent": line.late}
            for line in RefusedRule.objects.filter(case=case).order_by("at")
        ],
        "sign_in": {name: proof[name] for name in ("acr", "auth_time") if name in proof},
    }
