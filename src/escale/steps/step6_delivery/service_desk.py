"""What people say of a parcel: the agent who hears from the carrier, the applicant who did not receive it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.ledger.models import Case
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor
from escale.ports.courier import ScanKind
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step6_delivery import queries, rules
from escale.steps.step6_delivery.service import follow_again, note, stop_following

type Rule = Callable[[Case], tuple[e.Event, ...]]


def _may_act(change: Change, kind: str) -> None:
    case, actor = change.case, change.actor
    allowed = may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub)
    if actor.kind != kind or not allowed:
        raise AccessDenied


def _decide(case_id: UUID, rule: Rule, *, kind: str, actor: Actor, now: datetime) -> None:
    with changing(case_id, actor=actor, now=now) as change:
        _may_act(change, kind)
        events = rule(change.case)
        change.record(Decision(events))
        if any(isinstance(event, e.DeclaredLost) for event in events):
            stop_following(case_id, "outbound", now=now)
        if any(isinstance(event, e.TransitResumed) for event in events):
            follow_again(case_id, now=now)


def open_inquiry(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """The agent asks the carrier before the ten days. Raises RuleRefused, AccessDenied."""
    _decide(case_id, lambda case: rules.suspect(case.delivery), kind="agent", actor=actor, now=now)


def found(*, case_id: UUID, where: str, actor: Actor, now: datetime) -> None:
    """The carrier found the parcel: ``moving`` again, or coming ``back``. Raises RuleRefused, AccessDenied."""
    _decide(case_id, lambda case: rules.found(case.delivery, where), kind="agent", actor=actor, now=now)


def declare_lost(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """The passport is lost: its title is invalidated by what follows in the law. Irreversible.

    Raises RuleRefused, AccessDenied.
    """
    _decide(case_id, lambda case: rules.lost(case.delivery, case.dispatch), kind="agent", actor=actor, now=now)


def type_scan(
    *, case_id: UUID, direction: str, kind: ScanKind, at: datetime, place: str, actor: Actor, now: datetime
) -> None:
    """A scan read on the carrier's own page, for carriers that do not answer us. It moves the case as any other would.

    Raises RuleRefused (no_parcel, scan_in_the_future, scan_too_old), AccessDenied, MoveRefused.
    """
    parcel = queries.current(case_id, direction)
    if parcel is None:
        raise RuleRefused("no_parcel")
    scan = replace(rules.typed_scan(kind, at, started_at=parcel.started_at, now=now), place=place)
    with transaction.atomic():
        with changing(case_id, actor=actor, now=now) as change:
            _may_act(change, "agent")
            change.record(Decision.of(e.NoteAdded()))
        note(parcel=parcel, scans=(scan,), now=now, actor=actor)


def dispute(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """« Ce n’est pas moi qui l’ai reçu » : an inquiry, and the desk is told. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _may_act(change, "applicant")
        events = rules.dispute(change.case.delivery, change.case.receipt)
        change.record(Decision((*events, e.AlertRaised(kind="delivery_disputed"))))
        hand_over(change, "new_passport", "courier")
