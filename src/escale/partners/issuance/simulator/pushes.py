"""State changes pushed to the product: CloudEvents 1.0, signed as Standard Webhooks, up to five times, each id once.

All of them are also told in order to whoever asks from a cursor, whatever became of the pushes.
"""

from __future__ import annotations

import os
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from escale.partners.issuance import wire
from escale.partners.issuance.settings import DEMO_EVENT_SECRET
from escale.partners.issuance.simulator.titles import STORE
from escale.partners.kit.options import Options
from escale.partners.kit.pushes import Pushes

PAGE = 100


def _signed(event: dict[str, Any], content: bytes, now: datetime) -> dict[str, str]:
    timestamp = int(now.timestamp())
    secret = Options(os.environ, "ISSUANCE").secret("EVENT_SECRET", DEMO_EVENT_SECRET)
    return {
        "content-type": "application/cloudevents+json",
        "webhook-id": event["id"],
        "webhook-timestamp": str(timestamp),
        "webhook-signature": wire.sign(secret, event["id"], timestamp, content),
    }


EVENTS = Pushes(
    store=STORE,
    address=lambda: f"{settings.PORTAL_URL}/partenaires/titres/evenements",
    headers=_signed,
    pauses=(timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)),
    late=timedelta(days=3),
)


def announce(reference: str, data: dict[str, Any], at: datetime) -> None:
    """Write an event to be sent and told; called inside the transaction that changes the order."""
    event_id = str(uuid.uuid4())
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/titres",
        "type": wire.EVENT_TYPE,
        "subject": reference,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    EVENTS.keep_as_told(event_id, event, at)
    rank = (STORE.get("told", "last") or {"rank": 0})["rank"] + 1
    STORE.put("told", "last", {"rank": rank})
    STORE.put("event", f"{rank:012d}", event)


def told_after(cursor: str) -> tuple[list[dict[str, Any]], str, bool] | None:
    """The events after a cursor, the cursor to go on from, and whether more follow. None: no such cursor."""
    if cursor and STORE.get("event", cursor) is None:
        return None
    found = STORE.after("event", cursor, PAGE + 1)
    page = found[:PAGE]
    return [event for _, event in page], page[-1][0] if page else cursor, len(found) > PAGE
