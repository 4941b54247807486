"""What the evaluation report asks of gate 1: which rules ended applications, which items were sent back, and what
became of automatic checks that applicants contested.

Rules and items are codes kept in clear; no personal data is read.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from escale.steps.step2_application.models import Correction, Opinion, Ruling


def endings_by_rule(*, since: datetime, post: str | None) -> dict[tuple[str, str], int]:
    """How many applications an agent ended, by kind (``refused``, ``in_person``) and rule."""
    rows = Ruling.objects.filter(at__gte=since)
    if post is not None:
        rows = rows.filter(case__post_id=post)
    return {(kind, rule): n for kind, rule, n in rows.values_list("kind", "rule").annotate(n=Count("pk"))}


def corrections_by_item(*, since: datetime, post: str | None) -> dict[str, int]:
    """How many times each item was sent back to its applicant."""
    rows = Correction.objects.filter(asked_at__gte=since)
    if post is not None:
        rows = rows.filter(case__post_id=post)
    return dict(rows.values_list("item").annotate(n=Count("pk")))


def contested(*, since: datetime, post: str | None) -> dict[tuple[str, str], int]:
    """Automatic checks an applicant contested, by kind of document and by what the agent said: ``accepted``,
    ``refused``."""
    rows = Opinion.objects.filter(contested=True, at__gte=since)
    if post is not None:
        rows = rows.filter(case__post_id=post)
    counted = rows.values_list("kind", "accepted").annotate(n=Count("pk"))
    return {(kind, "accepted" if accepted else "refused"): n for kind, accepted, n in counted}
