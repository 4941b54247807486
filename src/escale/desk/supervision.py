"""Use cases of supervision: settings of a post, rights of its agents."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from escale.people.access import AccessDenied
from escale.people.actors import Actor
from escale.people.models import Agent, Post, Role

POST_FIELDS = ("carrier", "posting_asked_at", "email", "phone", "opening_hours")
GRANTABLE = {Role.AGENT.value, Role.SUPERVISOR.value, Role.AUDITOR.value, Role.SUPPORT.value, ""}


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


def change_rights(agent_id: int, *, role: str, active: bool, post_code: str, actor: Actor) -> Agent:
    """Grant or withdraw a role. A supervisor within their post, an administrator anywhere; never one's own rights."""
    with transaction.atomic():
        agent = Agent.objects.select_for_update().get(pk=agent_id)
        own = actor.role == Role.SUPERVISOR and agent.post_id in {actor.post, None} and post_code == actor.post
        if str(agent.pk) == actor.id or role not in GRANTABLE or not (own or actor.role == Role.ADMINISTRATOR):
            raise AccessDenied
        agent.role, agent.active, agent.post_id = role, active, post_code or None
        agent.save(update_fields=["role", "active", "post"])
    return agent


def team(actor: Actor) -> list[Agent]:
    """The agents a supervisor or an administrator may see, with newcomers who have no post yet."""
    agents = Agent.objects.select_related("post").order_by("post__name", "usual_name")
    if actor.role == Role.SUPERVISOR:
        agents = agents.filter(post_id=actor.post) | agents.filter(post__isnull=True, role="")
    return list(agents)
