"""Messages that never reached their person: a trace for them, an alert for the desk, which then calls or writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from escale.case import events as e
from escale.case.decision import Decision
from escale.case.effects import EffectKind
from escale.case.messages import message_of
from escale.ledger import queries
from escale.ledger.models import Effect, EffectState
from escale.ledger.record import changing
from escale.people.actors import Actor

MOST_TRIES = 6
PAUSE = timedelta(hours=1)


def sent_as(reference: str) -> Effect | None:
    """The message that left under this reference; an address may have lost its capitals on its way back."""
    parts = reference.rsplit("-", 2)
    if len(parts) != 3:
        return None
    key = f"{parts[0].upper()}-{parts[1]}-{parts[2].lower()}"
    return Effect.objects.filter(key=key, kind=EffectKind.SEND_MESSAGE.value).first()


def give_up(message: Effect, *, code: str, actor: Actor, now: datetime) -> None:
    """The address refuses for good; ``code`` is the transport's own. Told again, nothing more happens.

    Raises KeyDestroyed for a case whose retention ended.
    """
    with changing(message.case_id, actor=actor, now=now) as change:
        alive = Effect.objects.filter(pk=message.pk).exclude(state=EffectState.DEAD)
        if not alive.update(state=EffectState.DEAD, done_at=now, lease_until=None, last_error=code[:200]):
            return
        kind = message_of(queries.event_of(message)) or ""
        change.record(Decision((e.MessageFailed(kind=kind), e.AlertRaised(kind="message_undelivered"))))


def send_again(message: Effect, *, code: str, actor: Actor, now: datetime) -> None:
    """The transport tried for a while and stopped: an hour of rest, and another try, six in all."""
    if message.attempts >= MOST_TRIES:
        give_up(message, code=code, actor=actor, now=now)
        return
    Effect.objects.filter(pk=message.pk, state=EffectState.DONE).update(
        state=EffectState.PENDING, due_at=now + PAUSE, done_at=None, lease_until=None, last_error=code[:200]
    )
