"""Read what happened at issuance from where it was read last: a push that never came, or an order that is not ours.

What is read is a hint like a push: it brings the question about an order forward, whose answer is the truth.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F

from escale.ledger.models import Case
from escale.ports import directory
from escale.ports.errors import PartnerError, PartnerRefused
from escale.ports.issuance import Changes
from escale.steps.step5_dispatch.models import ChangesRead
from escale.steps.step5_dispatch.service_production import receive_event

LOG = logging.getLogger("escale.step5")
READ_EVERY = timedelta(minutes=5)
PAGES = 20
"""As many at most in one round: the rest comes with the next."""


def read_changes(*, now: datetime) -> None:
    """Poll: the first worker whose turn has come reads on. Read twice, an event counts once."""
    place, made = ChangesRead.objects.get_or_create(only=True, defaults={"next_at": now + READ_EVERY})
    mine = ChangesRead.objects.filter(pk=place.pk, next_at__lte=now).update(next_at=now + READ_EVERY)
    if not made and not mine:
        return
    cursor = place.cursor
    try:
        for _ in range(PAGES):
            found = _asked(cursor)
            for event in found.events:
                ours = Case.objects.filter(reference=event.case_reference).exists()
                if receive_event(event=event, now=now) and not ours:
                    LOG.error("issuance tells of an order that is not of a case of ours: event %s", event.event_id)
            cursor = found.cursor
            ChangesRead.objects.filter(pk=place.pk).update(cursor=cursor[:120], read_at=now)
            if not found.more:
                return
    except PartnerError as error:
        LOG.warning("the changes at issuance could not be read: %s", error.code)
        return
    ChangesRead.objects.filter(pk=place.pk).update(next_at=F("read_at"))


def _asked(cursor: str) -> Changes:
    """From the beginning when issuance no longer knows where we were."""
    try:
        return directory.issuance().changes(cursor)
    except PartnerRefused as refused:
        if not cursor or not refused.code.startswith("410"):
            raise
        return directory.issuance().changes("")
