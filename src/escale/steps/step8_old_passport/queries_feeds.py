"""What step 8 asks of partners again and again: whether a title is invalid, whether the relay holds what we told it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from escale.ledger.feeds import Feed, Question, stopped
from escale.steps.step8_old_passport.models import Invalidation, RelayCount

LONG = timedelta(hours=26)
"""A day, and the two hours the relay is given on a bad one."""


def questions() -> list[Question]:
    """Invalidations not confirmed."""
    waiting = Invalidation.objects.filter(confirmed_at__isnull=True)
    return [Question("validity", "issuance", waiting, "next_poll_at")]


def comparison(now: datetime) -> Feed:
    """The daily comparison with the relay, when it has not been made."""
    compared_at = RelayCount.objects.aggregate(last=Max("compared_at"))["last"]
    return stopped("relay", "border_alert", read_at=compared_at, after=LONG, now=now)
