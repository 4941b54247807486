"""Gate 3: approve, refuse, direct in person; a second agent when a flag stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.ledger.record import Change, changing
from escale.people.actors import Actor
from escale.steps.step4_interview import queries, rules, service_security
from escale.steps.step4_interview.access import require_agent
from escale.steps.step4_interview.models import Interview, Opinion
from escale.ui.said import Said
from escale.vault import sealing


def decide(
    *,
    case_id: UUID,
    decision: str,
    ground: str,
    reasons: Said,
    actor: Actor,
    reauthenticated_at: datetime | None,
    now: datetime,
) -> str:
    """One agent's decision, or the second one's. Returns the name of what happened: ``SecondOpinionRequested`` when an
    approval needs another agent.

    ``reauthenticated_at``: when the agent last proved who they are, less than ten minutes ago. At approval the security
    number is drawn. Raises RuleRefused (see rules.decide), MoveRefused, AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = queries.interview(case_id)
        if row is None or row.held_at is None or change.case.interview not in {"held", "second_opinion"}:
            raise RuleRefused("not_held")
        facts = _facts(change, row, reauthenticated_at)
        decided = rules.decide(decision, ground, reasons.fr, facts, now=now)
        change.record(decided)
        _keep(change, row, decision, ground if decision != "approve" else "", reasons, second=facts.second_opinion)
        if isinstance(decided.events[0], e.InterviewApproved):
            service_security.draw(change)
        return decided.events[0].name


def _facts(change: Change, row: Interview, reauthenticated_at: datetime | None) -> rules.Deciding:
    given = queries.opinions(row)
    return rules.Deciding(
        agent=change.actor.id,
        first=str(row.agent_id),
        asked_second=str(given[0].agent_id) if given else "",
        second_opinion=change.case.interview == "second_opinion",
        flags=tuple(row.flags),
        conflict=queries.in_conflict(change.case.id, change.actor.id),
        reauthenticated_at=reauthenticated_at,
    )


def _keep(change: Change, row: Interview, decision: str, ground: str, reasons: Said, *, second: bool) -> None:
    purpose = f"opinion|{row.pk}|{change.now.isoformat()}"

    def sealed(purpose: str, text: str) -> bytes | None:
        return sealing.seal_with(change.key, change.case.id, purpose, text.strip().encode()) if text.strip() else None

    Opinion.objects.create(
        interview=row,
        agent_id=int(change.actor.id),
        decision=decision,
        ground=ground,
        reasons=sealed(purpose, reasons.fr),
        reasons_en=sealed(f"{purpose}|en", reasons.en),
        second=second,
        at=change.now,
    )
