"""Use cases of supervision: settings of a post, rights of its agents."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from escale.people.access import AccessDenied
from escale.people.actors import Actor
from escale.people.models import Agent, Post, PostChange, RightsChange, Role

journal = logging.getLogger(__name__)
POST_FIELDS = ("carrier", "posting_asked_at", "email", "phone", "opening_hours", "words")
HISTORY_SHOWN = 40
# A supervisor's reach is one post: an auditor sees every post, so only an administrator makes one.
OF_A_POST = (Role.AGENT.value, Role.SUPERVISOR.value, Role.SUPPORT.value)
GRANTABLE = {
    Role.SUPERVISOR.value: {"", *OF_A_POST},
    Role.ADMINISTRATOR.value: {"", *OF_A_POST, Role.AUDITOR.value},
}


def change_post(post_code: str, values: dict[str, Any], *, actor: Actor, now: datetime) -> Post:
    """Change the settings of one's own post; each one changed is recorded. Raises AccessDenied."""
    if actor.role != Role.SUPERVISOR or actor.post != post_code:
        raise AccessDenied
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=post_code)
        changed = [name for name in POST_FIELDS if name in values and getattr(post, name) != values[name]]
        PostChange.objects.bulk_create(
            PostChange(
                post=post, at=now, by_id=int(actor.id), field=name, before=getattr(post, name), after=values[name]
            )
            for name in changed
        )
        for name in changed:
            setattr(post, name, values[name])
        post.save(update_fields=changed)
    return post


def may_change(actor: Actor, agent: Agent) -> bool:
    """Whether the rights of this person are this actor's to change: never one's own, never beyond one's post."""
    if str(agent.pk) == actor.id or actor.role not in GRANTABLE:
        return False
    if actor.role == Role.ADMINISTRATOR:
        return agent.role != Role.ADMINISTRATOR
    newcomer = agent.post_id is None and not agent.role
    return newcomer or (agent.post_id == actor.post and agent.role in GRANTABLE[Role.SUPERVISOR.value])


def change_rights(
    agent_id: int,
    *,
    role: str,
    active: bool,
    post_code: str,
    actor: Actor,
    now: datetime,
    until: date | None = None,
) -> Agent:
    """Give a role, to ``until`` included if told, or end it: a supervisor within their post, an administrator anywhere.

    Who did so is recorded. Raises AccessDenied.
    """
    with transaction.atomic():
        agent = Agent.objects.select_for_update().get(pk=agent_id)
        if not may_change(actor, agent) or role not in GRANTABLE[actor.role]:
            raise AccessDenied
        if actor.role == Role.SUPERVISOR and post_code != actor.post:
            raise AccessDenied
        if role in OF_A_POST and not post_code:
            raise AccessDenied
        agent.role, agent.active, agent.post_id = role, active, post_code or None
        agent.role_until = until if role else None
        agent.save(update_fields=["role", "active", "post", "role_until"])
        RightsChange.objects.create(
            agent=agent, at=now, by_id=int(actor.id), role=role, post_id=agent.post_id, active=active,
            until=agent.role_until,
        )  # fmt: skip
    journal.info("rights of agent %s: %s at %s, by agent %s", agent.pk, role or "none", post_code or "-", actor.id)
    return agent


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the team: who last changed their right, and whether this is the actor's to change."""

    person: Agent
    last: RightsChange | None
    expired: bool
    mine: bool


def members(actor: Actor, now: datetime) -> list[Member]:
    """The team with the state of each right: a constant number of queries."""
    people = team(actor)
    changes = RightsChange.objects.filter(agent__in=people).select_related("by").order_by("at", "pk")
    last = {change.agent_id: change for change in changes}
    return [Member(one, last.get(one.pk), one.expired(now), may_change(actor, one)) for one in people]


def rights_history(agent: Agent) -> list[RightsChange]:
    """What was given to this person and ended, the latest first."""
    return list(agent.rights_changes.select_related("by", "post").order_by("-at", "-pk")[:HISTORY_SHOWN])


def post_history(post: Post) -> list[PostChange]:
    """What was changed of a post, the latest first."""
    return list(PostChange.objects.filter(post=post).select_related("by").order_by("-at", "-pk")[:HISTORY_SHOWN])


def team(actor: Actor) -> list[Agent]:
    """The agents a supervisor or an administrator may see, with newcomers who have no post yet."""
    agents = Agent.objects.select_related("post").order_by("post__name", "usual_name")
    if actor.role == Role.SUPERVISOR:
        agents = agents.filter(post_id=actor.post) | agents.filter(post__isnull=True, role="")
    return list(agents)
