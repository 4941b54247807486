"""What the case file shows of step 7."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.ledger.models import Case
from escale.people.actors import Actor


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """None until the passport is sent."""
    return None
