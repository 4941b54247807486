"""How often agents agree with the automatic checks, for everybody to read: all posts together, small cells masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.core.cache import cache

from escale.ledger.statistics import WINDOW
from escale.steps.step2_application import queries as step2
from escale.steps.step2_application.rules import ITEM_LABELS

KEPT_SECONDS = 600
Line = step2.Agreement


def lines(now: datetime) -> tuple[Line, ...]:
    """The last year, by kind of document and verdict. Counted anew every ten minutes at most."""
    return cast(tuple[Line, ...], cache.get_or_set("portal.checks", lambda: _counted(now), KEPT_SECONDS))


def _counted(now: datetime) -> tuple[Line, ...]:
    return step2.published(step2.together(step2.agreement(since=now - WINDOW)))


def told(now: datetime) -> list[dict[str, Any]]:
    """The lines of the page that have something to say: document, verdict, counts, and percent of the same opinion."""
    return [
        {
            "document": ITEM_LABELS.get(line.kind, line.kind),
            "verdict": step2.VERDICTS[line.machine],
            "line": line,
            "agreed": line.percent,
        }
        for line in lines(now)
        if line.seen is not None
    ]


def as_json(now: datetime) -> list[dict[str, Any]]:
    """The same for machines. Masked cells are null."""
    return [line.as_json() for line in lines(now)]
