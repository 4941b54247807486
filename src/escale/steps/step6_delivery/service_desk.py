"""What people say of a parcel: the agent who hears from the carrier, the applicant who did not receive it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger.models import Case
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step6_delivery import rules
from escale.steps.step6_delivery.service import follow_again, stop_following

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
    _decide(case_id, lambda case: rules.lost(case.delivery), kind="agent", actor=actor, now=now)


def dispute(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """« Ce n’est pas moi qui l’ai reçu » : an inquiry, and the desk is told. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _may_act(change, "applicant")
        events = rules.dispute(change.case.delivery, change.case.receipt)
        change.record(Decision((*events, e.AlertRaised(kind="delivery_disputed"))))
        hand_over(change, "new_passport", "courier")
