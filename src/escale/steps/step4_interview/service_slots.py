"""Slots given back and slots held: what booking and the waiting list both need. Always under the lock of a case."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger.record import Change
from escale.people.models import Agent
from escale.steps.step4_interview import queries_slots, queries_waiting, rules_waiting
from escale.steps.step4_interview.models import Freed, Waiting
from escale.steps.step4_interview.rules_slots import NOTICE


def lock_receivers(change: Change) -> None:
    """Lock those who could receive, always in the same order: two hands never take one slot."""
    agents = [one.agent.pk for one in queries_slots.receivers(change.case.post, case_id=change.case.id)]
    if connection.features.has_select_for_update:
        locked = Agent.objects.filter(pk__in=agents).order_by("pk")
        list(locked.select_for_update(of=("self",)).values_list("pk", flat=True))


def give_back(agent_id: int, starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """A slot is free again: the waiting list comes before everybody else, when there is one and time to ask."""
    if starts_at - now >= NOTICE + rules_waiting.SHORTEST and Waiting.objects.exists():
        Freed.objects.create(agent_id=agent_id, starts_at=starts_at, ends_at=ends_at, freed_at=now)


def end_offer(change: Change, how: str) -> None:
    """The applicant's offer, if any, is over; the slot goes to the next unless it is taken."""
    offer = queries_waiting.open_offer(change.case.id)
    if offer is None:
        return
    offer.ended_at, offer.outcome = change.now, how
    offer.save(update_fields=["ended_at", "outcome"])
    change.record(Decision.of(e.SlotOfferEnded(how=how)))
    if how != "taken":
        give_back(offer.agent_id, offer.starts_at, offer.ends_at, now=change.now)


def answer_offer(change: Change, starts_at: datetime) -> bool:
    """Booking settles the offer: by the slot it held, in time, or by another. Returns whether the first."""
    offer = queries_waiting.open_offer(change.case.id)
    if offer is None:
        return False
    taken = offer.starts_at == starts_at and change.now < offer.until
    end_offer(change, "taken" if taken else "withdrawn")
    return taken


def leave_list(change: Change) -> bool:
    """Nothing is waited for any more. Returns whether something was."""
    gone, _by_model = Waiting.objects.filter(case_id=change.case.id).delete()
    return bool(gone)
