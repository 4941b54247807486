"""Lending an agent to another post: one supervisor proposes, the other answers, either ends it. Interviews stand."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import transaction

from escale.case.decision import RuleRefused
from escale.people.access import DECIDERS, AccessDenied
from escale.people.actors import Actor
from escale.people.models import Agent, Post
from escale.steps.step4_interview import queries_hours, queries_pooling
from escale.steps.step4_interview.models import Pooling

journal = logging.getLogger(__name__)


def propose(agent: Agent, post: Post, *, actor: Actor, now: datetime) -> Pooling:
    """Lend an agent of one's own post; nothing changes before the other post accepts.

    Raises AccessDenied, RuleRefused(``lent_home``, ``already_lent``, ``still_booked``).
    """
    if not queries_hours.may_set(actor, agent) or not agent.active or agent.role not in DECIDERS:
        raise AccessDenied
    if agent.post_id == post.pk:
        raise RuleRefused("lent_home")
    with transaction.atomic():
        Agent.objects.select_for_update().get(pk=agent.pk)
        row = Pooling.objects.filter(agent=agent, post=post).first() or Pooling(agent=agent, post=post)
        if row.pk and not queries_pooling.is_over(row, now):
            raise RuleRefused("already_lent")
        if queries_pooling.to_come(agent, post, now):
            raise RuleRefused("still_booked")  # a proposal opens nothing: what is booked would lose its agent
        row.proposed, row.until, row.asked_by_id, row.answered_by = True, None, int(actor.id), None
        row.save()
    journal.info("agent %s proposed to post %s by agent %s", agent.pk, post.pk, actor.id)
    return row


def answer(pooling_id: int, *, accept: bool, actor: Actor) -> None:
    """Accept an agent for one's own post, or decline. Raises AccessDenied, RuleRefused(``answered``)."""
    with transaction.atomic():
        row = _locked(pooling_id)
        if not queries_hours.supervises(actor, row.post_id):
            raise AccessDenied
        if not row.proposed:
            raise RuleRefused("answered")
        if accept:
            row.proposed, row.answered_by_id = False, int(actor.id)
            row.save()
        else:
            row.delete()
    verb = "accepted" if accept else "declined"
    journal.info("agent %s for post %s %s by agent %s", row.agent_id, row.post_id, verb, actor.id)


def end(pooling_id: int, *, last_day: date, actor: Actor, now: datetime) -> int:
    """No slot of this agent is given after ``last_day``; a proposal not answered yet is withdrawn. Returns how many
    interviews are still to come: they stand, with this agent.

    Raises AccessDenied, RuleRefused(``end_before_today``).
    """
    with transaction.atomic():
        row = _locked(pooling_id)
        lends = queries_hours.may_set(actor, row.agent)
        if not lends and not queries_hours.supervises(actor, row.post_id):
            raise AccessDenied
        if row.proposed:
            if not lends:
                raise AccessDenied  # who receives declines
            row.delete()
            return 0
        if last_day < row.agent.day(now):
            raise RuleRefused("end_before_today")
        row.until = last_day
        row.save()
    journal.info("agent %s lent to post %s until %s by agent %s", row.agent_id, row.post_id, last_day, actor.id)
    return queries_pooling.to_come(row.agent, row.post, now)


def _locked(pooling_id: int) -> Pooling:
    """The row, held until the end of the transaction. Raises AccessDenied where there is none, without saying so."""
    row = Pooling.objects.select_for_update(of=("self",)).select_related("agent__post", "post").filter(pk=pooling_id)
    found = row.first()
    if found is None:
        raise AccessDenied
    return found
