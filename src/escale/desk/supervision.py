"""Use cases of supervision: settings of a post, rights of its agents."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from escale.people.access import AccessDenied
from escale.people.actors import Actor
from escale.people.models import Agent, Post, Role

journal = logging.getLogger(__name__)
POST_FIELDS = ("carrier", "posting_asked_at", "email", "phone", "opening_hours")
# A supervisor's reach is one post: an auditor sees every post, so only an administrator makes one.
OF_A_POST = (Role.AGENT.value, Role.SUPERVISOR.value, Role.SUPPORT.value)
GRANTABLE = {
    Role.SUPERVISOR.value: {"", *OF_A_POST},
    Role.ADMINISTRATOR.value: {"", *OF_A_POST, Role.AUDITOR.value},
}


def change_post(post_code: str, values: dict[str, Any], *, actor: Actor) -> Post:
    """Change the settings of one's own post. Raises AccessDenied."""
    if actor.role != Role.SUPERVISOR or actor.post != post_code:
        raise AccessDenied
    with transaction.atomic():
        post = Post.objects.select_for_update().get(pk=post_code)
        for name in POST_FIELDS:
            if name in values:
                setattr(post, name, values[name])
        post.save(update_fields=list(POST_FIELDS))
    return post


def may_change(actor: Actor, agent: Agent) -> bool:
    """Whether the rights of this person are this actor's to change: never one's own, never beyond one's post."""
    if str(agent.pk) == actor.id or actor.role not in GRANTABLE:
        return False
    if actor.role == Role.ADMINISTRATOR:
        return agent.role != Role.ADMINISTRATOR
    newcomer = agent.post_id is None and not agent.role
    return newcomer or (agent.post_id == actor.post and agent.role in GRANTABLE[Role.SUPERVISOR.value])


def change_rights(agent_id: int, *, role: str, active: bool, post_code: str, actor: Actor) -> Agent:
    """Grant or withdraw a role: a supervisor within their post, an administrator anywhere. Raises AccessDenied."""
    with transaction.atomic():
        agent = Agent.objects.select_for_update().get(pk=agent_id)
        if not may_change(actor, agent) or role not in GRANTABLE[actor.role]:
            raise AccessDenied
        if actor.role == Role.SUPERVISOR and post_code != actor.post:
            raise AccessDenied
        if role in OF_A_POST and not post_code:
            raise AccessDenied
        agent.role, agent.active, agent.post_id = role, active, post_code or None
        agent.save(update_fields=["role", "active", "post"])
    journal.info("rights of agent %s: %s at %s, by agent %s", agent.pk, role or "none", post_code or "-", actor.id)
    return agent


def team(actor: Actor) -> list[Agent]:
    """The agents a supervisor or an administrator may see, with newcomers who have no post yet."""
    agents = Agent.objects.select_related("post").order_by("post__name", "usual_name")
    if actor.role == Role.SUPERVISOR:
        agents = agents.filter(post_id=actor.post) | agents.filter(post__isnull=True, role="")
    return list(agents)
