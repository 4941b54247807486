"""What the desk's own pages read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case as First, Count, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.journey import STEPS, Step
from escale.case.tracks import STATES, WaitsFor
from escale.case.values import CaseReference, InvalidValue
from escale.desk import filters, queues, words
from escale.desk.models import Assignment, Note
from escale.ledger import queries as ledger, search as index
from escale.ledger.models import Case, Deadline
from escale.people.access import DECIDERS
from escale.people.actors import Actor
from escale.people.models import Agent, Post
from escale.steps.step4_interview import queries as step4, queries_household as step4_household
from escale.steps.step4_interview.models import Booking
from escale.vault import keys, sealing

ALERT_DAYS = 14
MINE, FREE, URGENT, LATE, ALL = "miens", "libres", "urgents", "anciens", "tous"
LATE_DAYS = 7
RELATIVES = 10
VIEWS = {
    MINE: _("Ceux que j’ai pris"),
    FREE: _("À décider, pris par personne"),
    URGENT: _("Voyages proches"),
    LATE: _("À décider depuis plus de sept jours"),
    ALL: _("Tous"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    case: Case
    name: str
    queues: list[queues.Queue]
    days: int
    urgent: bool
    household: int
    end: tuple[datetime, str] | None


def _name(summary: dict[str, Any] | None) -> str:
    return f"{summary['usage_name'] or summary['family_name']} {summary['given_names']}" if summary else "—"


def names_of(cases: Iterable[Case]) -> dict[UUID, str]:
    """Whose each case is, with one query for all; an erased case has a dash."""
    cases = list(cases)
    summaries = ledger.summaries(cases)
    return {case.id: _name(summaries.get(case.id)) for case in cases}


def _households(cases: list[Case]) -> dict[tuple[str, str], int]:
    """How many open cases share each address, by post and address."""
    known = {case.household_key for case in cases if case.household_key and case.is_open}
    if not known:
        return {}
    found = Case.objects.filter(queues.OPEN, household_key__in=known).values_list("post_id", "household_key")
    return {(post, key): number for post, key, number in found.annotate(number=Count("pk"))}


def rows(cases: list[Case], now: datetime) -> list[Row]:
    """Lines of a list: a constant number of queries whatever their number."""
    summaries, households, ends = ledger.summaries(cases), _households(cases), filters.nearest_ends(cases)
    lines = []
    for case in cases:
        urgent, days = queues.is_urgent(case, now.date()), queues.waiting_days(case, now)
        others = households.get((case.post_id, case.household_key), 1) - 1 if case.is_open else 0
        name = _name(summaries.get(case.id))
        lines.append(Row(case, name, queues.queue_of(case), days, urgent, others, ends.get(case.id)))
    return lines


def search(cases: QuerySet[Case], typed: str) -> QuerySet[Case]:
    """Cases by reference, name, passport number or waybill, among those the agent may see."""
    try:
        reference = CaseReference.parse(typed).text
    except InvalidValue:
        reference = ""
    return cases.filter(Q(reference=reference) | Q(pk__in=index.find(typed)))


def view_of(cases: QuerySet[Case], code: str, actor: Actor, now: datetime) -> QuerySet[Case] | None:
    """The cases of a queue or of a view kept for everybody; None when nothing is called so."""
    if code in queues.BY_CODE:
        return cases.filter(queues.BY_CODE[code].condition)
    gates = Q(pk__in=[])
    for queue in queues.QUEUES:
        gates = gates | queue.condition if queue.gate else gates
    kept = {
        MINE: Q(assignment__agent_id=int(actor.id)),
        FREE: gates & Q(assignment__isnull=True),
        URGENT: queues.urgent(now.date()),
        LATE: gates & Q(changed_at__lte=now - timedelta(days=LATE_DAYS)),
        ALL: Q(),
    }
    return cases.filter(kept[code]) if code in kept else None


def zone_of(post: Post | None) -> str:
    """The time zone of an agent's post; Paris for those of no post."""
    return post.tz if post else "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Coming:
    """An interview to come: whose, when, and who holds it."""

    case: Case
    at: datetime
    agent: Agent | None


def interviews_to_come(actor: Actor, *, limit: int = 12) -> list[Coming]:
    """Interviews of the post, the next first. The no-show deadline says when each starts."""
    due = Deadline.objects.filter(
        kind=DeadlineKind.INTERVIEW_NO_SHOW.value, closed_at__isnull=True, case__in=queues.of_post(actor)
    ).select_related("case__post")
    lines = list(due.order_by("due_at")[:limit])
    holders = step4.holders([line.case_id for line in lines])
    grace = timedelta(minutes=15)
    return [Coming(line.case, line.due_at - grace, holders.get(line.case_id)) for line in lines]


def ends(case: Case) -> dict[str, datetime]:
    """What is open for a case, each with its last moment in time."""
    tz = ZoneInfo(case.post.tz)
    return {due.kind: words.last_moment(due.due_at, tz) for due in ledger.deadlines_of(case) if due.closed_at is None}


@dataclass(frozen=True, slots=True)
class End:
    """An end to come: whose case, of what kind, and the last moment in time."""

    case: Case
    kind: str
    at: datetime


def deadlines_soon(actor: Actor, now: datetime) -> list[End]:
    """Ends that fall due within two weeks; reminders are left out."""
    kinds = [kind.value for kind in words.DEADLINES_SHOWN]
    due = Deadline.objects.filter(
        closed_at__isnull=True,
        kind__in=kinds,
        due_at__lte=now + timedelta(days=ALERT_DAYS),
        case__in=queues.of_post(actor),
    )
    lines = list(due.select_related("case__post").order_by("due_at")[:20])
    return [End(line.case, line.kind, words.last_moment(line.due_at, ZoneInfo(line.case.post.tz))) for line in lines]


def told(lines: list[ledger.Line], case: Case, staff: list[Agent]) -> list[dict[str, Any]]:
    """The history of a case in words, the latest first."""
    names = {str(agent.pk): str(agent) for agent in staff}
    tz = ZoneInfo(case.post.tz)
    return [
        {
            "at": line.at.astimezone(tz),
            "who": words.actor(line.actor_kind, line.actor_id, names),
            "what": words.event(line.event),
            "seq": line.seq,
        }
        for line in reversed(lines)
        if not isinstance(line.event, e.FileViewed)
    ]


@dataclass(frozen=True, slots=True)
class Relative:
    """An open case at an address of the post: whose, what it waits for, which steps an agent must decide, its interview
    to come, and whether no interview of the same address comes just before or after it."""

    case: Case
    name: str
    queues: list[queues.Queue]
    summary: dict[str, Any]
    booking: Booking | None = None
    apart: bool = False

    @property
    def ours(self) -> list[Step]:
        return [step for step in STEPS if STATES[step.track][self.case.tracks[step.track]] is WaitsFor.AGENT]


def _relatives(cases: list[Case]) -> list[Relative]:
    summaries = ledger.summaries(cases) if cases else {}
    return [
        Relative(each, _name(summaries.get(each.id)), queues.queue_of(each), summaries.get(each.id) or {})
        for each in cases
    ]


@dataclass(frozen=True, slots=True)
class Around:
    """Who has taken a case, and the other open cases at its address, at this post alone: nothing is said of another
    post's."""

    assignment: Assignment | None
    household: list[Relative]


def around(case: Case) -> Around:
    """Both in one question."""
    mine, rows = Q(pk=case.pk), Case.objects.select_related("post", "assignment__agent")
    same = queues.OPEN & Q(household_key=case.household_key, post_id=case.post_id)
    found = rows.filter(mine | same if case.household_key else mine)
    own, *others = found.order_by(First(When(mine, then=0), default=1), "opened_at")[: 1 + RELATIVES]
    return Around(getattr(own, "assignment", None), _relatives(others))


def side_by_side(case: Case) -> list[Relative]:
    """The case and the others of its address, the case first; alone when there is no other open one."""
    together = [*_relatives([case] if case.is_open else []), *around(case).household]
    booked = step4_household.bookings(one.case for one in together)
    starts = {case_id: booking.starts_at for case_id, booking in booked.items()}

    def apart(one: Relative) -> bool:
        others = [start for case_id, start in starts.items() if case_id != one.case.pk]
        own = starts.get(one.case.pk)
        return own is not None and bool(others) and not any(step4_household.follow(own, start) for start in others)

    return [replace(one, booking=booked.get(one.case.pk), apart=apart(one)) for one in together]


def notes(case: Case) -> list[dict[str, Any]]:
    """Notes among agents, the latest first."""
    key = keys.of_case(case.id)
    return [
        {"at": note.at, "who": str(note.agent), "text": sealing.open_with(key, case.id, "note", note.text).decode()}
        for note in Note.objects.filter(case=case).select_related("agent").order_by("-at")
    ]


def staff(post: str) -> list[Agent]:
    """Everybody who is or was an agent of a post, by name."""
    return list(Agent.objects.select_related("post").filter(post_id=post).order_by("usual_name", "given_name"))


def who_decide(agents: list[Agent], now: datetime) -> list[Agent]:
    """Those among them who decide now: a right that has ended is none."""
    return [agent for agent in agents if agent.active and agent.role in DECIDERS and agent.has_right(now)]


def deciders(post: str, now: datetime) -> list[Agent]:
    """Those of a post who decide now."""
    return who_decide(staff(post), now)
