"""Hours and days off: changing them never drops an interview. Those left outside stand, and are listed to be moved."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from escale.case.decision import RuleRefused
from escale.people.access import AccessDenied
from escale.people.actors import Actor
from escale.people.models import FRENCH, LANGUAGES, Agent, Post
from escale.steps.step4_interview import queries_hours, rules_holidays
from escale.steps.step4_interview.models import Booking, DayOff, Opening
from escale.steps.step4_interview.rules_slots import Hours

journal = logging.getLogger(__name__)


def set_hours(agent: Agent, hours: Iterable[Hours], *, actor: Actor, now: datetime) -> list[Booking]:
    """Replace the weekly hours of an agent; none at all: those of the post. Returns the interviews they leave outside,
    which stand. Raises AccessDenied."""
    if agent.post is None or not queries_hours.may_set(actor, agent):
        raise AccessDenied
    with transaction.atomic():
        Agent.objects.select_for_update().get(pk=agent.pk)
        Opening.objects.filter(agent=agent).delete()
        Opening.objects.bulk_create(
            Opening(agent=agent, weekday=span.weekday, start=span.start, end=span.end) for span in hours
        )
    journal.info("interview hours of agent %s changed by agent %s", agent.pk, actor.id)
    return queries_hours.outside(agent.post, now, agent)


def set_languages(agent: Agent, languages: Iterable[str], *, actor: Actor) -> None:
    """The languages in which an agent holds interviews; French is always one. Raises AccessDenied."""
    if agent.post is None or not queries_hours.may_see(actor, agent):
        raise AccessDenied
    with transaction.atomic():
        row = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
        row.languages = [code for code in LANGUAGES if code == FRENCH or code in set(languages)]
        row.save(update_fields=["languages"])
    journal.info("interview languages of agent %s changed by agent %s", agent.pk, actor.id)


def add_days_off(post: Post, agent: Agent | None, days: Iterable[tuple[date, str]], *, actor: Actor) -> list[Booking]:
    """Close some days, of an agent or of the whole post. Returns the interviews that fall on them, which stand.

    Raises AccessDenied.
    """
    _may_close(post, agent, actor)
    found = []
    with transaction.atomic():
        for day, reason in days:
            given = {"reason": reason, "worked": False}
            DayOff.objects.update_or_create(post=post, agent=agent, day=day, defaults=given)
            found += queries_hours.touched(agent, post, day)
    journal.info("days off of %s changed by agent %s", agent.pk if agent else post.pk, actor.id)
    return found


def remove_day_off(day_off_id: int, *, actor: Actor, today: date) -> DayOff:
    """Open a day again. Raises AccessDenied, RuleRefused(``day_over``)."""
    row = DayOff.objects.select_related("post", "agent").filter(pk=day_off_id).first()
    if row is None:
        raise AccessDenied
    _may_close(row.post, row.agent, actor)
    if row.day < today:
        raise RuleRefused("day_over")
    if row.agent is None and rules_holidays.rests(row.post.country, row.post.region, row.day):
        row.worked = True
        row.save(update_fields=["worked"])
    else:
        row.delete()
    return row


def work_on(post: Post, day: date, *, actor: Actor, today: date) -> None:
    """Receive on a public holiday of the host country. Raises AccessDenied, RuleRefused(``day_over``)."""
    _may_close(post, None, actor)
    if day < today:
        raise RuleRefused("day_over")
    if rules_holidays.rests(post.country, post.region, day):
        DayOff.objects.update_or_create(post=post, agent=None, day=day, defaults={"worked": True})
    journal.info("%s works on %s: agent %s", post.pk, day, actor.id)


def _may_close(post: Post, agent: Agent | None, actor: Actor) -> None:
    if agent is None:
        allowed = queries_hours.supervises(actor, post.pk)
    else:
        allowed = agent.post_id == post.pk and queries_hours.may_see(actor, agent)
    if not allowed:
        raise AccessDenied
