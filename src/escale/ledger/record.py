"""The only writer of a case.

A use case opens a case for change, asks its rule, and records the decision: the case, the chained audit entries, the
deadlines and the effects are written in one transaction. The new state is looked up in the law, so no rule can invent
a move.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from escale.case import events as e
from escale.case.deadlines import RULES, SURVIVE_THE_END, DeadlineKind, Frame, closed_by, opened_by
from escale.case.decision import Decision
from escale.case.effects import EffectKind, caused_by
from escale.case.gates import Setting
from escale.case.messages import message_of
from escale.case.moves import unfold
from escale.case.payload import to_payload
from escale.case.tracks import Outcome, Track, outcome
from escale.case.values import CaseReference
from escale.ledger import chain, search
from escale.ledger.models import Case, Deadline, Effect, Entry, SearchKey
from escale.people.actors import Actor
from escale.people.models import Post
from escale.vault import keys, sealing


class StaleCase(Exception):
    """Somebody else changed the case in between: read it again and decide anew."""


class CaseAlreadyOpen(Exception):
    """This person already has an open case (rule X6)."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


@dataclass
class Change:
    """A case held under lock for one use case. ``record`` may be called several times before the transaction ends."""

    case: Case
    actor: Actor
    now: datetime
    key: bytes = b""
    recorded: list[e.Event] = field(default_factory=list)

    def record(self, decision: Decision) -> tuple[e.Event, ...]:
        """Apply a decision and all that follows by the law. Raises MoveRefused: then nothing at all is written."""
        before = self.case.outcome
        setting = Setting(posting_asked_at=self.case.post.posting_asked_at)
        tracks, happened = unfold(self.case.tracks, decision.events, setting)
        for track in Track:
            setattr(self.case, track.value, tracks[track])
        self.case.outcome = outcome(tracks).value
        if before == Outcome.OPEN.value and self.case.outcome != before:
            self.case.closed_at = self.now
        elif self.case.outcome == Outcome.OPEN.value:
            self.case.closed_at = None
        frame = Frame(self.now, ZoneInfo(self.case.post.tz))
        entries = Entry.objects.bulk_create([self._entry(event) for event in happened])
        self._move_deadlines(happened, frame)
        self._enqueue(zip(happened, entries, strict=True))
        # A trace on a case that has ended opens nothing: there is nothing more to close.
        if not self.case.is_open and any(event.MOVES or opened_by(event, frame) for event in happened):
            keep = [kind.value for kind in SURVIVE_THE_END]
            if self.case.title in {"invalidating", "invalidated"}:
                keep.append(DeadlineKind.INVALIDATION_ALERT.value)
            self._close(Deadline.objects.filter(case=self.case, closed_at__isnull=True).exclude(kind__in=keep), "end")
        self.recorded.extend(happened)
        return happened

    def reseal_summary(self, **values: Any) -> None:
        """Change values of the sealed summary."""
        summary = json.loads(sealing.open_with(self.key, self.case.id, "summary", self.case.summary))
        summary.update(values)
        plain = json.dumps(summary, ensure_ascii=False).encode()
        self.case.summary = sealing.seal_with(self.key, self.case.id, "summary", plain)

    def make_findable(self, purpose: str, value: str) -> None:
        """Let agents find the case by this value (``name``, ``passport``, ``waybill``); only a keyed digest is kept."""
        for word in search.words(purpose, value):
            SearchKey.objects.get_or_create(case=self.case, digest=keys.index(purpose, word))

    def set_travel(self, travel_on: date | None) -> None:
        """The date of an urgent travel, by which queues are sorted."""
        self.case.travel_on = travel_on

    def _entry(self, event: e.Event) -> Entry:
        """The next link of the chain."""
        seq = self.case.entries_count + 1
        plain = json.dumps(to_payload(event), ensure_ascii=False).encode()
        payload = sealing.seal_with(self.key, self.case.id, f"entry|{seq}", plain)
        previous = self.case.last_hash or chain.GENESIS
        digest = chain.link(
            previous=previous,
            case_id=str(self.case.id),
            seq=seq,
            at=self.now,
            event=event.name,
            payload=payload,
            actor=f"{self.actor.label}:{self.actor.role}",
        )
        self.case.entries_count, self.case.last_hash = seq, digest
        return Entry(
            case=self.case,
            seq=seq,
            at=self.now,
            actor_kind=self.actor.kind,
            actor_id=self.actor.id,
            actor_role=self.actor.role,
            event=event.name,
            payload=payload,
            previous=previous,
            hash=digest,
        )

    def _move_deadlines(self, happened: Iterable[e.Event], frame: Frame) -> None:
        """Close and open what each event closes and opens, in their order; read once and written at the end.

        The case is under lock: nobody else moves its deadlines meanwhile.
        """
        moves = [(event, closed_by(event), opened_by(event, frame)) for event in happened]
        if not any(closing or opening for _, closing, opening in moves):
            return
        open_ones = {row.kind: row for row in Deadline.objects.filter(case=self.case, closed_at__isnull=True)}
        touched: list[Deadline] = []
        for event, closing, opening in moves:
            for kind in closing:
                row = open_ones.pop(kind.value, None)
                if row is not None:
                    row.closed_at, row.closed_by = self.now, event.name
                    touched.append(row)
            for kind, due_at in opening.items():
                row = open_ones.setdefault(kind.value, Deadline(case=self.case, kind=kind.value))
                row.due_at, row.opened_at = due_at, self.now
                touched.append(row)
        changed = {id(row): row for row in touched}.values()
        # One or two as a rule: the one sentence that changes several rows takes ten times as long to build.
        for row in changed:
            if row.pk is not None:
                row.save(update_fields=["due_at", "opened_at", "closed_at", "closed_by"])
        Deadline.objects.bulk_create([row for row in changed if row.pk is None])

    def _close(self, deadlines: Any, reason: str) -> None:
        deadlines.update(closed_at=self.now, closed_by=reason)

    def _enqueue(self, happened: Iterable[tuple[e.Event, Entry]]) -> None:
        """What must be done outside because of these events."""
        effects = []
        for event, entry in happened:
            kinds: list[EffectKind] = list(caused_by(event))
            if message_of(event) is not None:
                kinds.append(EffectKind.SEND_MESSAGE)
            effects += [
                Effect(
                    case=self.case,
                    entry=entry,
                    kind=kind.value,
                    key=f"{self.case.reference}-{entry.seq}-{kind.value}",
                    due_at=self.now,
                    created_at=self.now,
                )
                for kind in kinds
            ]
        Effect.objects.bulk_create(effects)

    def postpone(self, kind: DeadlineKind, until: datetime) -> None:
        """Look at a due deadline again later: what decides it cannot be known now."""
        Deadline.objects.filter(case=self.case, kind=kind.value, closed_at__isnull=True).update(due_at=until)

    def close_deadline(self, kind: DeadlineKind) -> None:
        """A due deadline that has been dealt with and has no event of its own."""
        if kind not in RULES:
            raise KeyError(kind)
        self._close(Deadline.objects.filter(case=self.case, kind=kind.value, closed_at__isnull=True), "handled")


def _lock(case_id: UUID) -> Case:
    cases = Case.objects.select_related("post")
    if connection.features.has_select_for_update:
        cases = cases.select_for_update(of=("self",))
    return cases.get(id=case_id)


_COLUMNS = tuple(field.attname for field in Case._meta.concrete_fields if not field.primary_key)


def _values(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in _COLUMNS}


@contextmanager
def changing(case_id: UUID, *, actor: Actor, now: datetime, version: int | None = None) -> Iterator[Change]:
    """Hold a case for one use case: one transaction, row lock, version check.

    ``version``: the one the actor saw; another one raises StaleCase. Raises Case.DoesNotExist.
    """
    with transaction.atomic():
        case = _lock(case_id)
        if version is not None and case.version != version:
            raise StaleCase(case.reference)
        seen, stood, read = case.version, case.tracks, _values(case)
        change = Change(case, actor, now, key=keys.of_case(case.id))
        yield change
        case.version = seen + 1
        if case.tracks != stood:  # reading a file or leaving a note must not make a case wait less long
            case.changed_at = now
        values = {name: value for name, value in _values(case).items() if value != read[name]}
        if not Case.objects.filter(id=case.id, version=seen).update(**values):
            raise StaleCase(case.reference)


def open_case(
    *,
    applicant_sub: str,
    person_key: str,
    household_key: str,
    post: Post,
    language: str,
    summary: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> Case:
    """Open a case: its key is drawn, its first entry chained. Raises CaseAlreadyOpen (rule X6).

    ``summary``: given_names, family_name, usage_name, birthdate, gender, email, phone, address, numic; sealed.
    """
    with transaction.atomic():
        existing = Case.objects.filter(person_key=person_key, outcome=Outcome.OPEN.value).first()
        if existing is not None:
            raise CaseAlreadyOpen(existing.reference)
        case = Case(
            reference=CaseReference.draw().text,
            applicant_sub=applicant_sub,
            person_key=person_key,
            household_key=household_key,
            post=post,
            language=language,
            opened_at=now,
            changed_at=now,
            summary=b"",
        )
        keys.create(case.id, now=now)
        case.summary = sealing.seal_json(case.id, "summary", summary)
        case.save(force_insert=True)
        with changing(case.id, actor=actor, now=now) as change:
            change.record(Decision.of(e.CaseOpened()))
            for part in ("family_name", "usage_name"):
                change.make_findable("name", str(summary.get(part) or ""))
        case.refresh_from_db()
        return case
