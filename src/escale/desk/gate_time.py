"""Minutes an agent spends on a case at each gate, from opening the file to the decision, from the entries alone.

Nothing more is kept to measure it: openings of the file and of its pieces are entries already. A pause longer than
``IDLE`` counts for ``IDLE``: the agent did something else meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from escale.ledger.models import Entry
from escale.ledger.statistics import SMALLEST_CELL, quantile

IDLE = timedelta(minutes=5)
DECISIONS: dict[str, str] = {
    "ApplicationAccepted": "gate1",
    "CorrectionRequested": "gate1",
    "ApplicationRefused": "gate1",
    "DirectedInPerson": "gate1",
    "PostedItemsVerified": "gate2",
    "ReplacementRequested": "gate2",
    "InterviewApproved": "gate3",
    "InterviewRefused": "gate3",
    "InterviewDirectedInPerson": "gate3",
}
GATES = ("gate1", "gate2", "gate3")
WORK = ("FileViewed", "NoteAdded", "EnvelopeReceived", "InterviewStarted", "InterviewHeld")


@dataclass(frozen=True, slots=True)
class GateTime:
    """``count`` decisions of a gate; ``median`` and ``p90`` minutes, None under five decisions (masked)."""

    gate: str
    count: int
    median: float | None
    p90: float | None


type Fact = tuple[UUID, str, str, datetime]


def minutes(facts: Iterable[Fact]) -> dict[str, list[float]]:
    """Minutes of each decision by gate. ``facts``: case, event, agent, instant, in the order of each case's entries.

    A decision that follows no opening by its agent (a scan at the bench, say) is not measured.
    """
    since: dict[tuple[UUID, str], list[datetime]] = defaultdict(list)
    found: dict[str, list[float]] = defaultdict(list)
    for case_id, event, agent, at in facts:
        seen = since[case_id, agent]
        gate = DECISIONS.get(event)
        if gate is None:
            seen.append(at)
            continue
        if seen:
            moments = [*seen, at]
            spent = sum((min(b - a, IDLE) for a, b in pairwise(moments)), timedelta())
            found[gate].append(spent.total_seconds() / 60)
        since[case_id, agent] = []
    return found


def of_gates(*, since: datetime, post: str | None) -> list[GateTime]:
    """Median and ninetieth percentile of each gate, small cells masked."""
    entries = Entry.objects.filter(actor_kind="agent", at__gte=since, event__in=(*WORK, *DECISIONS))
    if post is not None:
        entries = entries.filter(case__post_id=post)
    found = minutes(entries.order_by("case_id", "seq").values_list("case_id", "event", "actor_id", "at"))
    return [_gate(gate, found.get(gate, [])) for gate in GATES]


def _gate(gate: str, spent: list[float]) -> GateTime:
    if len(spent) < SMALLEST_CELL:
        return GateTime(gate, len(spent), None, None)
    return GateTime(gate, len(spent), round(quantile(spent, 0.5), 1), round(quantile(spent, 0.9), 1))
