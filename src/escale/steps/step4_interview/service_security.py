"""The security number: drawn at approval, verified at step 7, erased at confirmation; never in a log or an entry."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

from escale.case import events as e
from escale.case.decision import Decision
from escale.case.values import SecurityNumber
from escale.ledger.record import Change, changing
from escale.people.actors import Actor
from escale.steps.step4_interview import queries
from escale.steps.step4_interview.access import require
from escale.steps.step4_interview.models import KeptNumber
from escale.vault import sealing


@cache
def _hasher() -> PasswordHasher:
    """argon2id, RFC 9106 second recommendation: 64 MiB unless the setting says otherwise, three passes."""
    return PasswordHasher(time_cost=3, memory_cost=settings.ARGON2_MEMORY_KIB, parallelism=4)


@cache
def _nobody() -> str:
    """A hash no number has, so that a case without a number takes as long to answer."""
    return _hasher().hash(SecurityNumber.draw().text)


def draw(change: Change) -> SecurityNumber:
    """Draw the number of a case being approved: its hash, and a copy sealed with the case's key."""
    number = SecurityNumber.draw()
    KeptNumber.objects.create(
        case_id=change.case.id,
        hash=_hasher().hash(number.text),
        sealed=sealing.seal_with(change.key, change.case.id, "security_number", number.text.encode()),
        drawn_at=change.now,
    )
    return number


def matches(case_id: UUID, typed: SecurityNumber) -> bool:
    """Whether this is the number of the case, in a time that does not depend on the answer. Still true after erasure:
    only the copy that can be read is gone."""
    row = KeptNumber.objects.filter(case_id=case_id).first()
    try:
        return _hasher().verify(row.hash if row else _nobody(), typed.text) and row is not None
    except (VerificationError, InvalidHashError):
        return False


def erase(change: Change) -> None:
    """Forget the copy that can be read: the applicant has confirmed. Repeating it changes nothing."""
    KeptNumber.objects.filter(case_id=change.case.id, sealed__isnull=False).update(sealed=None, erased_at=change.now)


def show(*, case_id: UUID, actor: Actor, now: datetime) -> SecurityNumber | None:
    """The number, for the applicant's eyes or to be told by the agent; leaves a trace. None before and after.

    Raises AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        number = queries.security_number(case_id)
        if number is not None:
            change.record(Decision.of(e.SecurityNumberShown()))
        return number
