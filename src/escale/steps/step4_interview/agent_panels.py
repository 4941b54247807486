"""What the desk's file of a case shows of step 4."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.ledger.models import Case
from escale.people.actors import Actor


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """None until the interview may be booked."""
    return None
