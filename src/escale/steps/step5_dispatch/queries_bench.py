"""The lists of the dispatch bench."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.models import Post
from escale.steps.step5_dispatch.models import Dispatch, FreshLabel


@dataclass(frozen=True, slots=True)
class BenchLine:
    """One case on the bench's lists."""

    reference: str
    name: str
    at: datetime
    label_ready: bool = False
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class BenchLists:
    """What the bench waits for, holds, and sent lately."""

    expected: list[BenchLine]
    here: list[BenchLine]
    sent: list[BenchLine]
    rejected: list[BenchLine]
    tz: str


LISTED = 60


def bench(post_code: str, now: datetime) -> BenchLists:
    """The lists of one post, the oldest first; five queries whatever their length."""
    wanted = Q(dispatch__in=("produced", "at_post", "production_rejected"), outcome="open")
    lately = Q(dispatch="dispatched", dispatches__dispatched_at__gte=now - timedelta(days=7))
    rows = list(
        Case.objects.filter(wanted | lately, post_id=post_code).distinct().order_by("changed_at", "id")[: 4 * LISTED]
    )
    ids = [case.id for case in rows]
    names = ledger.summaries(rows)
    parcels = list(Dispatch.objects.filter(case_id__in=ids).order_by("attempt"))
    last = {parcel.case_id: parcel for parcel in parcels}
    ready = set(FreshLabel.objects.filter(case_id__in=ids, sealed__isnull=False).values_list("case_id", "attempt"))
    post = Post.objects.filter(code=post_code).first()

    def lines(*states: str) -> list[BenchLine]:
        found = []
        for case in rows:
            if case.dispatch not in states:
                continue
            summary, parcel = names.get(case.id, {}), last.get(case.id)
            family = summary.get("usage_name") or summary.get("family_name", "")
            found.append(
                BenchLine(
                    reference=case.reference,
                    name=f"{family} {summary.get('given_names', '')}".strip(),
                    at=parcel.dispatched_at if parcel and case.dispatch == "dispatched" else case.changed_at,
                    label_ready=parcel is None or (case.id, parcel.attempt + 1) in ready,
                    came_back=parcel is not None and case.dispatch == "at_post",
                )
            )
        return found[:LISTED]

    return BenchLists(
        expected=lines("produced"),
        here=lines("at_post"),
        sent=lines("dispatched")[::-1],
        rejected=lines("production_rejected"),
        tz=post.tz if post else "UTC",
    )
