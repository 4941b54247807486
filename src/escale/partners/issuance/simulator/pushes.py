"""State changes pushed to the product: CloudEvents 1.0, signed as Standard Webhooks, up to five times, each id once."""

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
    """Write an event to be sent; called inside the transaction that changes the order."""
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
