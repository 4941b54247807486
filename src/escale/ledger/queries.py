"""What pages, steps and the worker may read of cases. A question never writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.payload import from_payload
from escale.case.values import CaseReference, InvalidValue
from escale.ledger.models import Case, Deadline, Effect, EffectState, Entry
from escale.vault import keys, sealing


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a case, opened."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_role: str
    event: e.Event


def by_reference(reference: str) -> Case | None:
    """The case of this public reference, or None. Any spacing and case is accepted."""
    try:
        text = CaseReference.parse(reference).text
    except InvalidValue:
        return None
    try:
        return Case.objects.select_related("post").get(reference=text)
    except Case.DoesNotExist:
        return None


def get(case_id: UUID) -> Case:
    """Raises Case.DoesNotExist."""
    return Case.objects.select_related("post").get(id=case_id)


def of_applicant(sub: str) -> list[Case]:
    """Every case of this person, the latest first."""
    return list(Case.objects.select_related("post").filter(applicant_sub=sub).order_by("-opened_at"))


def summary(case: Case) -> dict[str, Any]:
    """Names, e-mail and address of the applicant. Raises KeyDestroyed after the end of retention."""
    opened: dict[str, Any] = sealing.unseal_json(case.id, "summary", case.summary)
    return opened


def full_name(person: dict[str, Any]) -> str:
    """How a summary's person is addressed: first given name, usage name if any, else birth name."""
    return f"{person['given_names'].split()[0]} {person.get('usage_name') or person['family_name']}"


def summaries(cases: Iterable[Case]) -> dict[UUID, dict[str, Any]]:
    """Summaries of many cases with one query for their keys; shredded cases are left out."""
    return sealing.unseal_many("summary", [(case.id, case.summary) for case in cases])


def _open(entry: Entry, key: bytes) -> Line:
    plain = sealing.open_with(key, entry.case_id, f"entry|{entry.seq}", entry.payload)
    event = from_payload(entry.event, json.loads(plain))
    return Line(entry.seq, entry.at, entry.actor_kind, entry.actor_id, entry.actor_role, event)


def history(case_id: UUID) -> list[Line]:
    """Every entry of a case, oldest first. Raises KeyDestroyed."""
    key = keys.of_case(case_id)
    lines = []
    # Plain rows: a page opens dozens of entries and needs neither their hashes nor a model of each.
    for seq, at, kind, who, role, name, sealed in (
        Entry.objects.filter(case_id=case_id)
        .order_by("seq")
        .values_list("seq", "at", "actor_kind", "actor_id", "actor_role", "event", "payload")
    ):
        plain = sealing.open_with(key, case_id, f"entry|{seq}", sealed)
        lines.append(Line(seq, at, kind, who, role, from_payload(name, json.loads(plain.decode()))))
    return lines


def lines_of(entries: list[Entry]) -> dict[int, Line]:
    """Entries of many cases opened with one query for their keys, by primary key; erased cases are left out."""
    found = keys.of_cases([entry.case_id for entry in entries])
    return {entry.pk: _open(entry, found[entry.case_id]) for entry in entries if entry.case_id in found}


def latest(case_id: UUID, kind: type[e.Event]) -> Line | None:
    """The last entry of one kind of event, or None."""
    entry = Entry.objects.filter(case_id=case_id, event=kind.__name__).order_by("-seq").first()
    return _open(entry, keys.of_case(case_id)) if entry else None


def count(case_id: UUID, kind: type[e.Event]) -> int:
    """How many times this event happened to the case."""
    return Entry.objects.filter(case_id=case_id, event=kind.__name__).count()


def event_of(effect: Effect) -> e.Event:
    """The event that caused an effect."""
    return _open(effect.entry, keys.of_case(effect.case_id)).event


def open_deadlines(case_id: UUID) -> dict[DeadlineKind, datetime]:
    """Open deadlines of a case, soonest first."""
    rows = Deadline.objects.filter(case_id=case_id, closed_at__isnull=True).order_by("due_at")
    return {DeadlineKind(kind): due_at for kind, due_at in rows.values_list("kind", "due_at")}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of a case, open or closed."""

    kind: DeadlineKind
    due_at: datetime
    opened_at: datetime
    closed_at: datetime | None


def once[T](case: Case, what: str, read: Callable[[], T]) -> T:
    """What ``read`` finds, read once for each version of a case in hand: a page asks it at several of its places."""
    kept: dict[tuple[str, int], T] = case.__dict__.setdefault("_read_once", {})
    known = (what, case.version)
    if known not in kept:
        kept[known] = read()
    return kept[known]


def history_of(case: Case) -> list[Line]:
    """Every entry of a case, oldest first, for a page that asks it at several of its places. Raises KeyDestroyed."""
    return once(case, "history", lambda: history(case.id))


def deadlines_of(case: Case) -> list[Due]:
    """Every deadline of a case, closed ones too, soonest first, for a page that asks it at several of its places."""
    rows = Deadline.objects.filter(case_id=case.id).order_by("due_at")
    asked = rows.values_list("kind", "due_at", "opened_at", "closed_at")
    return once(
        case, "deadlines", lambda: [Due(DeadlineKind(kind), due, made, gone) for kind, due, made, gone in asked]
    )


def open_until(case: Case, kind: DeadlineKind) -> datetime | None:
    """When a deadline of the case that is still open falls due, for such a page."""
    open_ones = (due for due in deadlines_of(case) if due.closed_at is None)
    return next((due.due_at for due in open_ones if due.kind is kind), None)


def last_moment(case_id: UUID, kind: DeadlineKind) -> datetime | None:
    """23:59:59 of the last day in time, in the post's zone, of an open deadline: an end falls due at the first moment
    too late. To be shown; what falls due is compared with the deadline itself."""
    due_at = open_deadlines(case_id).get(kind)
    return due_at - timedelta(seconds=1) if due_at is not None else None


def due_deadlines(now: datetime, *, limit: int = 100) -> list[Deadline]:
    """Open deadlines that have come, the oldest first. The cost grows with what is due, not with what is stored."""
    return list(Deadline.objects.filter(closed_at__isnull=True, due_at__lte=now).order_by("due_at")[:limit])


def pending_effects(case_id: UUID) -> list[Effect]:
    return list(Effect.objects.filter(case_id=case_id, state=EffectState.PENDING).order_by("id"))
