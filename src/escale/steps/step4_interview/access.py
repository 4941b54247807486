"""Who may act on an interview: the applicant, deciding agents of the post, and a pooled agent while it is theirs."""

from __future__ import annotations

from datetime import datetime

from escale.ledger.models import Case
from escale.ledger.record import Change
from escale.people import access
from escale.people.actors import Actor
from escale.steps.step4_interview import queries


def may_act(actor: Actor, case: Case, now: datetime | None = None) -> bool:
    """``now`` counts for pooled agents alone: see ``queries.holds``."""
    own = access.may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub)
    return own or queries.holds(actor, case, now)


def require(change: Change) -> None:
    """Raises AccessDenied unless the actor may act on the case under change."""
    if not may_act(change.actor, change.case, change.now):
        raise access.AccessDenied


def require_agent(change: Change) -> None:
    """The same, for agents alone."""
    if change.actor.kind != "agent":
        raise access.AccessDenied
    require(change)
