"""What was asked of partners and how it went, counted by kind: the desk and the terminal say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q

from escale.ledger.models import Effect, EffectState


@dataclass(frozen=True, slots=True)
class Standing:
    """Effects of one kind: ``done`` in the last day, ``waiting`` (``retried`` of them at least once) since ``oldest``,
    ``dead`` for those refused, the ``latest`` that went well and the last ``error`` of those known."""

    done: int = 0
    waiting: int = 0
    retried: int = 0
    dead: int = 0
    oldest: datetime | None = None
    latest: datetime | None = None
    error: str = ""


def by_kind(now: datetime) -> dict[str, Standing]:
    """The kinds that have at least one effect. A kind that has none is ``Standing()``."""
    day = now - timedelta(days=1)
    counted = Effect.objects.values("kind").annotate(
        done=Count("pk", filter=Q(state=EffectState.DONE, done_at__gte=day)),
        waiting=Count("pk", filter=Q(state=EffectState.PENDING)),
        retried=Count("pk", filter=Q(state=EffectState.PENDING, attempts__gt=1)),
        dead=Count("pk", filter=Q(state=EffectState.DEAD)),
        oldest=Min("created_at", filter=Q(state=EffectState.PENDING)),
        latest=Max("done_at", filter=Q(state=EffectState.DONE)),
    )
    errors = dict(Effect.objects.exclude(last_error="").order_by("created_at").values_list("kind", "last_error"))
    found = {}
    for counts in counted:
        line: dict[str, Any] = {**counts}
        kind = line.pop("kind")
        found[kind] = Standing(**line, error=errors.get(kind, ""))
    return found
