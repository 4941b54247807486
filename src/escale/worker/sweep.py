"""The clock: deadlines that have come. It may run twice, late or in two places without harm."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision
from escale.case.messages import OF_REMINDER
from escale.case.moves import MoveRefused
from escale.ledger import queries
from escale.ledger.models import Deadline
from escale.ledger.record import StaleCase, changing
from escale.people.actors import job
from escale.vault import keys
from escale.worker.registry import handlers

LOG = logging.getLogger("escale.worker")
PAUSE_AFTER_FAILURE = timedelta(minutes=1)


def remind_or_alert(deadline: Deadline, now: datetime) -> None:
    """The default answer to a deadline no step handles: a reminder to the applicant, or an alert to the desk."""
    kind = DeadlineKind(deadline.kind)
    with changing(deadline.case_id, actor=job("clock"), now=now) as change:
        still_open = Deadline.objects.filter(pk=deadline.pk, closed_at__isnull=True, due_at__lte=now).exists()
        if not still_open:
            return
        event = e.ReminderDue(kind=kind.value) if kind in OF_REMINDER else e.AlertRaised(kind=kind.value)
        change.record(Decision.of(event))
        change.close_deadline(kind)


def end_retention(deadline: Deadline, now: datetime) -> None:
    """Destroy the case's key; the chain, the dates and the outcome survive."""
    with changing(deadline.case_id, actor=job("clock"), now=now) as change:
        change.record(Decision.of(e.RetentionEnded()))
        change.close_deadline(DeadlineKind.RETENTION_END)
        keys.destroy(deadline.case_id, now=now)


def handle(deadline: Deadline, now: datetime) -> None:
    """Deal with one due deadline. A step's handler is idempotent and looks at the case again under lock."""
    handler = handlers().deadlines.get(deadline.kind)
    try:
        if deadline.kind == DeadlineKind.RETENTION_END:
            end_retention(deadline, now)
        elif handler is not None:
            handler(case_id=deadline.case_id, now=now)
            _close_if_still_due(deadline, now)
        else:
            remind_or_alert(deadline, now)
    except StaleCase:
        return  # somebody moved the case: the next round looks again
    except MoveRefused as refused:
        LOG.warning("deadline %s of %s no longer applies: %s", deadline.kind, deadline.case_id, refused.code)
        _close_if_still_due(deadline, now)


def _close_if_still_due(deadline: Deadline, now: datetime) -> None:
    """A handler that left its deadline open and due has dealt with it."""
    Deadline.objects.filter(pk=deadline.pk, closed_at__isnull=True, due_at__lte=now).update(
        closed_at=now, closed_by="handled"
    )


_LOOK_AGAIN: dict[int, datetime] = {}


def sweep(now: datetime) -> int:
    """One round over what is due. Returns how many were handled.

    One that fails is left for a minute by this worker, so that it neither floods the log nor starves the others.
    """
    handled = 0
    for deadline in queries.due_deadlines(now):
        if _LOOK_AGAIN.get(deadline.pk, now) > now:
            continue
        try:
            handle(deadline, now)
        except Exception:
            LOG.exception("deadline %s failed", deadline.pk)
            _LOOK_AGAIN[deadline.pk] = now + PAUSE_AFTER_FAILURE
        else:
            _LOOK_AGAIN.pop(deadline.pk, None)
            handled += 1
    return handled
