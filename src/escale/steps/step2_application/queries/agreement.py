"""How often agents agree with the machine: counted per kind of document, verdict and post, for publication.

No group of persons is known here, so no disparity between groups can be counted here: see docs/photo.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from escale.steps.step2_application.models import Opinion

SMALLEST = 5


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


VERDICTS: dict[str, str] = {
    "compliant": N_("Jugée conforme par le contrôle automatique"),
    "to_check": N_("À vérifier par un agent, selon le contrôle automatique"),
    "not_compliant": N_("Jugée non conforme par le contrôle automatique"),
    "failed": N_("Non lue par le contrôle automatique"),
}
"""What the machine said, in words, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """``machine``: compliant, to_check, not_compliant or failed. ``overruled``: accepted against it, with reasons.

    A count of None is too small to be published.
    """

    post: str
    kind: str
    machine: str
    seen: int | None
    accepted: int | None
    refused: int | None
    contested: int | None
    overruled: int | None

    @property
    def agreed(self) -> float | None:
        """Share of opinions that are the machine's, 0 to 1. None when it had none, or when too few are seen."""
        right = {"compliant": self.accepted, "not_compliant": self.refused}.get(self.machine)
        return None if right is None or not self.seen else right / self.seen

    @property
    def percent(self) -> int | None:
        """The same in hundredths, rounded."""
        return None if self.agreed is None else round(100 * self.agreed)

    def as_json(self) -> dict[str, Any]:
        """For machines. Masked cells are null."""
        return {
            "document": self.kind,
            "machine": self.machine,
            "seen": self.seen,
            "accepted": self.accepted,
            "refused": self.refused,
            "contested": self.contested,
            "accepted_with_reasons": self.overruled,
        }


def agreement(
    *, since: datetime | None = None, until: datetime | None = None, posts: frozenset[str] | None = None
) -> tuple[Agreement, ...]:
    """Every count, by post, kind and verdict. ``since`` included, ``until`` left out."""
    rows = Opinion.objects.all()
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    if posts is not None:
        rows = rows.filter(case__post_id__in=posts)
    counted = (
        rows.values("case__post_id", "kind", "machine")
        .annotate(
            seen=Count("id"),
            accepted=Count("id", filter=Q(accepted=True)),
            contested=Count("id", filter=Q(contested=True)),
            overruled=Count("id", filter=Q(reasons__isnull=False)),
        )
        .order_by("case__post_id", "kind", "machine")
    )
    return tuple(
        Agreement(
            post=row["case__post_id"],
            kind=row["kind"],
            machine=row["machine"],
            seen=row["seen"],
            accepted=row["accepted"],
            refused=row["seen"] - row["accepted"],
            contested=row["contested"],
            overruled=row["overruled"],
        )
        for row in counted
    )


def together(lines: Iterable[Agreement]) -> tuple[Agreement, ...]:
    """All posts as one, under an empty code. ``lines``: as counted, before any is masked."""
    found: dict[tuple[str, str], Agreement] = {}
    for line in lines:
        before = found.get((line.kind, line.machine))
        found[line.kind, line.machine] = replace(line, post="") if before is None else _sum(before, line)
    places = list(VERDICTS)
    return tuple(sorted(found.values(), key=lambda line: (line.kind, places.index(line.machine))))


def _sum(one: Agreement, other: Agreement) -> Agreement:
    counts = ("seen", "accepted", "refused", "contested", "overruled")
    sums: dict[str, Any] = {name: (getattr(one, name) or 0) + (getattr(other, name) or 0) for name in counts}
    return replace(one, **sums)


def published(lines: tuple[Agreement, ...]) -> tuple[Agreement, ...]:
    """The same, for the public: a line seen fewer than five times says nothing, and of the others the cells that are
    too small say nothing, nor the ones from which they could be computed."""
    return tuple(_masked(line) for line in lines)


def _masked(line: Agreement) -> Agreement:
    seen = line.seen or 0
    if seen < SMALLEST:
        return Agreement(line.post, line.kind, line.machine, None, None, None, None, None)
    small = any(0 < (count or 0) < SMALLEST for count in (line.accepted, line.refused))
    return Agreement(
        line.post,
        line.kind,
        line.machine,
        seen,
        None if small else line.accepted,
        None if small else line.refused,
        *(None if 0 < (count or 0) < SMALLEST else count for count in (line.contested, line.overruled)),
    )
