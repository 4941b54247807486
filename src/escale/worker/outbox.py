"""Do what must be done outside: claim an effect, call its handler outside any transaction, note how it went.

A worker killed in the middle leaves a lease that runs out; the effect is then done again with the same key.
"""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

from django.db import transaction

from escale.case import events as e
from escale.case.decision import Decision
from escale.case.effects import EffectKind
from escale.ledger import queries, undelivered
from escale.ledger.leases import free_rows
from escale.ledger.models import Effect, EffectState
from escale.ledger.record import changing
from escale.people.actors import job
from escale.ports.errors import AlreadyDone, PartnerRefused, PartnerUnavailable
from escale.vault.keys import KeyDestroyed
from escale.worker import messages
from escale.worker.registry import handlers

LEASE = timedelta(seconds=60)
LONGEST_PAUSE = 3600.0
LOG = logging.getLogger("escale.worker")


def claim(now: datetime, *, limit: int = 10) -> list[Effect]:
    """Take effects that are due and not leased, in order; another worker skips them until the lease ends."""
    with transaction.atomic():
        due = Effect.objects.select_related("case__post", "entry").filter(state=EffectState.PENDING, due_at__lte=now)
        due = due.exclude(lease_until__gt=now).order_by("due_at", "id")
        claimed = list(free_rows(due)[:limit])
        for effect in claimed:
            effect.lease_until = now + LEASE
            effect.attempts += 1
            effect.save(update_fields=["lease_until", "attempts"])
    return claimed


def pause(attempts: int) -> timedelta:
    """Exponential back-off with jitter, at most an hour."""
    return timedelta(seconds=min(LONGEST_PAUSE, 2.0 ** min(attempts, 12)) * random.uniform(0.5, 1.0))  # noqa: S311 - jitter


def perform(effect: Effect, now: datetime) -> None:
    """Call the handler of one claimed effect and note the result."""
    try:
        event = queries.event_of(effect)
        if effect.kind == EffectKind.SEND_MESSAGE:
            messages.send(effect.case, event, key=effect.key, now=now)
        else:
            handlers().effects[effect.kind](case_id=effect.case_id, event=event, key=effect.key, now=now)
    except PartnerUnavailable as error:
        _later(effect, now, f"{error.partner}: {error.code}", error.retry_after)
    except PartnerRefused as error:
        _refused(effect, now, error)
    except KeyDestroyed:
        _finish(effect, now, EffectState.DEAD, "key destroyed")
    except AlreadyDone:
        _finish(effect, now, EffectState.DONE, "")
    except Exception as error:
        LOG.exception("effect %s failed", effect.key)
        _later(effect, now, type(error).__name__, None)
    else:
        _finish(effect, now, EffectState.DONE, "")


def _finish(effect: Effect, now: datetime, state: str, error: str) -> None:
    Effect.objects.filter(pk=effect.pk).update(state=state, done_at=now, lease_until=None, last_error=error[:200])


def _later(effect: Effect, now: datetime, error: str, retry_after: float | None) -> None:
    wait = max(pause(effect.attempts), timedelta(seconds=retry_after or 0))
    Effect.objects.filter(pk=effect.pk).update(due_at=now + wait, lease_until=None, last_error=error[:200])


def _refused(effect: Effect, now: datetime, error: PartnerRefused) -> None:
    if effect.kind == EffectKind.SEND_MESSAGE:
        undelivered.give_up(effect, code=f"{error.partner}: {error.code}", actor=job("outbox"), now=now)
        return
    with changing(effect.case_id, actor=job("outbox"), now=now) as change:
        change.record(Decision.of(e.PartnerRefused(effect=effect.kind, code=error.code[:80])))
        _finish(effect, now, EffectState.DEAD, f"{error.partner}: {error.code}")


def drain(now: datetime) -> int:
    """One round: claim and perform. Returns how many were handled."""
    claimed = claim(now)
    for effect in claimed:
        perform(effect, now)
    return len(claimed)
