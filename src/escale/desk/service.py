"""Use cases of the desk that belong to no step: opening a file, notes, taking and handing over a case, sign-in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from escale.case import events as e
from escale.case.decision import Decision
from escale.desk import queries as desk
from escale.desk.models import Assignment, Note
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.access import AccessDenied, may_act_on_case, may_read_case
from escale.people.actors import Actor
from escale.people.models import Agent
from escale.ports.proconnect import AgentIdentity
from escale.vault import sealing


def recognise(identity: AgentIdentity) -> Agent | None:
    """The agent of our directory whom ProConnect names; a newcomer is provisioned without any right.

    None when the agent was deactivated.
    """
    agent, _ = Agent.objects.get_or_create(
        idp_id=identity.idp_id,
        sub=identity.sub,
        defaults={
            "email": identity.email,
            "given_name": identity.given_name,
            "usual_name": identity.usual_name,
            "role": "",
        },
    )
    return agent if agent.active else None


def open_file(case_id: UUID, *, part: str, actor: Actor, now: datetime) -> Case:
    """Record that an agent opened the file: the applicant sees it. Returns the case as it stands then. Raises
    AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        case = change.case
        if not may_read_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
            raise AccessDenied
        change.record(Decision.of(e.FileViewed(part=part)))
    return case


def add_note(case_id: UUID, *, text: str, actor: Actor, now: datetime) -> None:
    """A note among agents, sealed. Raises AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _check(change.case.post_id, change.case.applicant_sub, actor)
        note = Note(case=change.case, agent_id=int(actor.id), at=now)
        note.text = sealing.seal(case_id, "note", text.encode())
        note.save()
        change.record(Decision.of(e.NoteAdded()))


def take(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a case: other agents see who has it. Raises AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _check(change.case.post_id, change.case.applicant_sub, actor)
        Assignment.objects.update_or_create(case=change.case, defaults={"agent_id": int(actor.id), "at": now})


def give_back(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Give a case back to all. Raises AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _check(change.case.post_id, change.case.applicant_sub, actor)
        Assignment.objects.filter(case=change.case).delete()


def hand_over(case_id: UUID, *, to_agent: int, actor: Actor, now: datetime) -> None:
    """Give a case to another agent of its post who decides. Raises AccessDenied, and for anybody else as well."""
    with changing(case_id, actor=actor, now=now) as change:
        _check(change.case.post_id, change.case.applicant_sub, actor)
        if to_agent not in {agent.pk for agent in desk.deciders(change.case.post_id, now)}:
            raise AccessDenied
        Assignment.objects.update_or_create(case=change.case, defaults={"agent_id": to_agent, "at": now})


def _check(post: str, sub: str, actor: Actor) -> None:
    if actor.kind != "agent" or not may_act_on_case(actor, post_code=post, applicant_sub=sub):
        raise AccessDenied
