"""The queues of a post: each names what cases in it wait for, and says which they are by their tracks alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db.models import Case as When_, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import DateField, IntegerField
from django.utils.translation import gettext_lazy as _

from escale.case.tracks import Outcome
from escale.desk import words
from escale.ledger.models import Case, Deadline
from escale.people.actors import Actor

URGENT_DAYS = 42
"""Before a journey."""
SOON = timedelta(days=3)
"""Before a deadline."""


@dataclass(frozen=True, slots=True)
class Queue:
    """``gate``: an agent must decide; others are to be watched."""

    code: str
    label: object
    condition: Q
    gate: bool = True


OPEN = Q(outcome=Outcome.OPEN.value)
QUEUES: tuple[Queue, ...] = (
    Queue("demandes", _("Demandes à examiner"), OPEN & Q(application="submitted")),
    Queue("enveloppes", _("Enveloppes à contrôler"), OPEN & Q(posted_items="received")),
    Queue("entretiens", _("Entretiens réservés ou en cours"), OPEN & Q(interview__in=("booked", "in_progress"))),
    Queue("decisions", _("Décisions à prendre"), OPEN & Q(interview__in=("held", "second_opinion"))),
    Queue("rejets", _("Fabrications rejetées"), OPEN & Q(dispatch="production_rejected")),
    Queue("arrivees", _("Passeports attendus au poste"), OPEN & Q(dispatch="produced")),
    Queue("expeditions", _("Passeports à expédier"), OPEN & Q(dispatch="at_post")),
    Queue("enquetes", _("Colis en enquête ou revenus"), OPEN & Q(delivery__in=("inquiry", "returned"))),
    Queue("listes", _("Invalidations annoncées"), OPEN & Q(title__in=("listed", "held"))),
    Queue("preparation", _("Demandes en préparation"), OPEN & Q(identity="eligible", application="draft"), gate=False),
    Queue(
        "corrections", _("Corrections attendues de l’usager"), OPEN & Q(application="correction_requested"), gate=False
    ),
    Queue(
        "courrier",
        _("Courrier attendu de l’usager"),
        OPEN & Q(posted_items__in=("awaited", "announced", "replacement_requested")),
        gate=False,
    ),
    Queue("reservations", _("Rendez-vous à prendre par l’usager"), OPEN & Q(interview="bookable"), gate=False),
    Queue("fabrication", _("En fabrication"), OPEN & Q(dispatch__in=("ordered", "in_production")), gate=False),
    Queue(
        "obligations",
        _("Obligations en cours (quarante jours)"),
        OPEN & Q(dispatch="dispatched", title="issued"),
        gate=False,
    ),
    Queue("termines", _("Dossiers terminés"), ~OPEN, gate=False),
)
BY_CODE = {queue.code: queue for queue in QUEUES}
GATES = reduce(or_, (queue.condition for queue in QUEUES if queue.gate))
SHOWN = [kind.value for kind in words.DEADLINES_SHOWN]


def of_post(actor: Actor) -> QuerySet[Case]:
    """The cases an agent may see: those of the post, or all of them for an auditor."""
    cases = Case.objects.select_related("post", "assignment__agent")
    return cases if actor.role == "auditor" else cases.filter(post_id=actor.post)


@dataclass(frozen=True, slots=True)
class Load:
    """What a queue holds: how many cases, how many of them urgent, and for how many days the oldest waits."""

    queue: Queue
    count: int
    urgent: int
    oldest_days: int | None


def loads(actor: Actor, now: datetime) -> list[Load]:
    """What each queue holds, in one query."""
    figures: dict[str, Count | Min] = {}
    for queue in QUEUES:
        figures[f"{queue.code}_count"] = Count("pk", filter=queue.condition)
        figures[f"{queue.code}_urgent"] = Count("pk", filter=queue.condition & urgent(now.date()))
        figures[f"{queue.code}_oldest"] = Min("changed_at", filter=queue.condition)
    found = of_post(actor).aggregate(**figures)
    return [
        Load(
            queue,
            found[f"{queue.code}_count"],
            found[f"{queue.code}_urgent"],
            max(0, (now - oldest).days) if (oldest := found[f"{queue.code}_oldest"]) else None,
        )
        for queue in QUEUES
    ]


def urgent(today: date) -> Q:
    """Open cases whose holder soon travels."""
    return OPEN & Q(travel_on__isnull=False, travel_on__lte=today + timedelta(days=URGENT_DAYS))


def is_urgent(case: Case, today: date) -> bool:
    """The same, decided on the object itself."""
    return case.is_open and case.travel_on is not None and (case.travel_on - today).days <= URGENT_DAYS


def ordered(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Deadlines at hand first, then urgent travels, what waits for an agent, and the rest, each by age; what is over is
    last."""
    today = now.date()
    ends = Deadline.objects.filter(
        case=OuterRef("pk"), closed_at__isnull=True, kind__in=SHOWN, due_at__lt=now + SOON
    ).order_by("due_at")
    urgency = When_(
        When(OPEN & Q(ends_soon__isnull=False), then=Value(0)),
        When(urgent(today), then=Value(1)),
        When(GATES, then=Value(2)),
        When(OPEN, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    travel = When_(When(urgent(today), then=F("travel_on")), output_field=DateField())
    ranked = cases.annotate(ends_soon=Subquery(ends.values("due_at")[:1]), hurry=travel).annotate(urgency=urgency)
    return ranked.order_by(
        "urgency", F("ends_soon").asc(nulls_last=True), F("hurry").asc(nulls_last=True), "changed_at", "pk"
    )


def following(actor: Actor, code: str, *, after: str, now: datetime) -> Case | None:
    """The next case of a queue for this agent: the most urgent one that no colleague has taken."""
    waiting = of_post(actor).filter(BY_CODE[code].condition).exclude(reference=after)
    free = waiting.filter(Q(assignment__isnull=True) | Q(assignment__agent_id=int(actor.id)))
    return ordered(free, now).first()


def queue_of(case: Case) -> list[Queue]:
    """Which queues a case is in, decided on the object itself."""
    return [queue for queue in QUEUES if _holds(case, queue.condition)]


def _holds(case: Case, condition: Q) -> bool:
    results: Iterable[bool] = (
        _holds(case, child) if isinstance(child, Q) else _matches(case, *cast(tuple[str, Any], child))
        for child in condition.children
    )
    held = any(results) if condition.connector == Q.OR else all(results)
    return held != condition.negated


def _matches(case: Case, name: str, value: object) -> bool:
    if name.endswith("__in"):
        return getattr(case, name.removesuffix("__in")) in value  # type: ignore[operator]  # a tuple of states
    return bool(getattr(case, name) == value)


def waiting_days(case: Case, now: datetime) -> int:
    """Full days since the case last moved."""
    return max(0, (now - case.changed_at).days)
