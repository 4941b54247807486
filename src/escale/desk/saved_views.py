"""Views an agent keeps for themselves: a queue or a common view with its filters, under a name of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.http import urlencode

from escale.case.decision import RuleRefused
from escale.desk import queries, queues
from escale.desk.filters import Filters
from escale.desk.models import LONGEST_NAME, SavedView
from escale.people.actors import Actor
from escale.people.models import Agent

MOST = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept view. ``asked``: what its address asks for; ``chosen``: it is the one on the page."""

    pk: int
    name: str
    asked: str
    chosen: bool


def of(actor: Actor, code: str, filters: Filters) -> list[Kept]:
    """The views of this agent, by name."""
    here = (code, filters.owner, filters.order)
    rows = SavedView.objects.filter(agent_id=int(actor.id)).order_by("name")
    return [Kept(row.pk, row.name, _asked(row), (row.code, row.owner, row.order) == here) for row in rows]


def _asked(row: SavedView) -> str:
    given = {"file": row.code, "pris": row.owner, "ordre": row.order}
    return urlencode({name: value for name, value in given.items() if value})


def keep(asked: Mapping[str, str], *, actor: Actor) -> SavedView:
    """Keep a list under a name; the same name again takes the new list. Raises RuleRefused(``view_unnamed``,
    ``view_unknown``, ``views_full``)."""
    name, code, filters = " ".join(asked.get("nom", "").split()), asked.get("file", ""), Filters.read(asked)
    if not 0 < len(name) <= LONGEST_NAME:
        raise RuleRefused("view_unnamed")
    if code not in {*queries.VIEWS, *queues.BY_CODE}:
        raise RuleRefused("view_unknown")
    with transaction.atomic():
        agent = Agent.objects.select_for_update(of=("self",)).get(pk=int(actor.id))
        others = SavedView.objects.filter(agent=agent).exclude(name=name).count()
        if others >= MOST:
            raise RuleRefused("views_full")
        values = {"code": code, "owner": filters.owner, "order": filters.order}
        row, _made = SavedView.objects.update_or_create(agent=agent, name=name, defaults=values)
    return row


def drop(view_id: int, *, actor: Actor) -> bool:
    """Keep a view no longer. Returns whether it was this agent's."""
    gone, _by_model = SavedView.objects.filter(pk=view_id, agent_id=int(actor.id)).delete()
    return bool(gone)
