"""How an agent narrows a list: who has taken the cases, and which end comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Min, Q, QuerySet
from django.utils.http import urlencode

from escale.desk import queues, words
from escale.ledger.models import Case, Deadline
from escale.people.actors import Actor

MINE, NOBODY = "moi", "personne"
NEAREST = "echeance"


@dataclass(frozen=True, slots=True)
class Filters:
    """``owner``: me, nobody, the number of a colleague, or empty for all; ``order``: the nearest end, or urgency."""

    owner: str = ""
    order: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> Filters:
        """From an address. What has no meaning filters nothing."""
        owner, order = asked.get("pris", ""), asked.get("ordre", "")
        known = owner in {MINE, NOBODY} or (owner.isascii() and owner.isdecimal() and len(owner) < 10)
        return cls(owner if known else "", order if order == NEAREST else "")

    @property
    def kept(self) -> str:
        """What the links of the list add to their address, to keep the filters."""
        given = {"pris": self.owner, "ordre": self.order}
        chosen = urlencode({name: value for name, value in given.items() if value})
        return f"&{chosen}" if chosen else ""

    def narrowed(self, cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
        """The cases that the chosen owner has taken."""
        if self.owner == NOBODY:
            return cases.filter(assignment__isnull=True)
        if self.owner:
            return cases.filter(assignment__agent_id=int(actor.id if self.owner == MINE else self.owner))
        return cases

    def ordered(self, cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
        """By the end that comes first, those without one last; else as queues are: urgency, then age."""
        if self.order != NEAREST:
            return queues.ordered(cases, now)
        running = Q(deadlines__closed_at__isnull=True, deadlines__kind__in=queues.SHOWN)
        ends = cases.annotate(nearest=Min("deadlines__due_at", filter=running))
        return ends.order_by(F("nearest").asc(nulls_last=True), "changed_at", "pk")


def nearest_ends(cases: list[Case]) -> dict[object, tuple[datetime, str]]:
    """The last moment of the end that comes first for each case, and of what kind, in one query."""
    running = Deadline.objects.filter(case__in=cases, closed_at__isnull=True, kind__in=queues.SHOWN).order_by("-due_at")
    zones = {case.pk: ZoneInfo(case.post.tz) for case in cases}
    return {line.case_id: (words.last_moment(line.due_at, zones[line.case_id]), line.kind) for line in running}
