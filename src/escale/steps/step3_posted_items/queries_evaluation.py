"""What the evaluation report asks of gate 2: what was asked again, and why. Codes alone are read."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from escale.steps.step3_posted_items.models import GateCheck


def asked_again(*, since: datetime, post: str | None) -> dict[tuple[str, str], int]:
    """How many times each object was asked again, by object and reason."""
    rows = GateCheck.objects.filter(verdict="replacement", at__gte=since)
    if post is not None:
        rows = rows.filter(case__post_id=post)
    found: Counter[tuple[str, str]] = Counter()
    for reasons in rows.values_list("reasons", flat=True).iterator():
        found.update(reasons.items())
    return dict(found)
