"""What the evaluation report asks of step 1: which rules said no. Codes alone are read."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from escale.steps.step1_sign_in.models import RefusedRule


def refusals_by_rule(*, since: datetime, post: str | None) -> dict[tuple[bool, str], int]:
    """How many cases each rule stopped: found by an agent later or not, and rule."""
    rows = RefusedRule.objects.filter(at__gte=since)
    if post is not None:
        rows = rows.filter(case__post_id=post)
    return {(late, rule): n for late, rule, n in rows.values_list("late", "rule").annotate(n=Count("pk"))}
