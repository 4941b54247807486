"""What step 7 keeps of a person, for them to take away: it has no table, its facts are the ledger's."""

from __future__ import annotations

from typing import Any

from escale.ledger.models import Case
from escale.steps.step7_confirm_receipt import queries


def export(case: Case) -> dict[str, Any]:
    """When receipt was confirmed, and the numbers entered wrongly, which are not kept themselves."""
    return {"confirmed_at": queries.confirmed_at(case.id), "wrong_entries": queries.wrong_entries(case.id)}
