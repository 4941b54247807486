"""State changes pushed to the product: CloudEvents 1.0, signed as Standard Webhooks, up to five times, each id once.

Faults: ``silent`` drops an event, ``duplicate`` sends it twice with the same id, ``late`` holds it for three virtual
days, so that later events overtake it.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings

from escale import clock
from escale.partners.issuance import wire
from escale.partners.issuance.settings import DEMO_EVENT_SECRET
from escale.partners.kit import faults
from escale.partners.kit.options import Options
from escale.partners.kit.store import Store

STORE = Store("issuance")
LATE = timedelta(days=3)
PAUSES = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
_ONE_SENDER = threading.Lock()


def announce(reference: str, data: dict[str, Any], at: datetime) -> None:
    """Write an event to be sent; called inside the transaction that changes the order."""
    fault = faults.take(STORE, "silent", "duplicate", "late")
    if fault == "silent":
        return
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
    ready = at + LATE if fault == "late" else at
    for copy in range(2 if fault == "duplicate" else 1):
        key = f"{event_id}/{copy}"
        STORE.put("event", key, {"id": event_id, "event": event, "tries": 0, "ready_at": ready.isoformat()})


def send_ready(now: datetime) -> None:
    """Send what is ready from a thread of its own: the product may be slow, the tick may not."""
    if any(datetime.fromisoformat(pending["ready_at"]) <= now for _, pending in STORE.all("event")):
        threading.Thread(target=_send_all, name="titres-events", daemon=True).start()


def _send_all() -> None:
    if not _ONE_SENDER.acquire(blocking=False):
        return
    try:
        with httpx.Client(timeout=5, trust_env=False) as client:
            for key, pending in STORE.all("event"):
                if datetime.fromisoformat(pending["ready_at"]) <= clock.now():
                    _send(client, key, pending)
    finally:
        _ONE_SENDER.release()


def _send(client: httpx.Client, key: str, pending: dict[str, Any]) -> None:
    body = json.dumps(pending["event"]).encode()
    timestamp = int(clock.now().timestamp())
    secret = Options(os.environ, "ISSUANCE").secret("EVENT_SECRET", DEMO_EVENT_SECRET)
    headers = {
        "content-type": "application/cloudevents+json",
        "webhook-id": pending["id"],
        "webhook-timestamp": str(timestamp),
        "webhook-signature": wire.sign(secret, pending["id"], timestamp, body),
    }
    try:
        answer = client.post(f"{settings.PORTAL_URL}/partenaires/titres/evenements", content=body, headers=headers)
        accepted = answer.is_success
    except httpx.HTTPError:
        accepted = False
    if accepted or pending["tries"] >= len(PAUSES):
        STORE.delete("event", key)
        return
    ready = clock.now() + PAUSES[pending["tries"]]
    STORE.put("event", key, {**pending, "tries": pending["tries"] + 1, "ready_at": ready.isoformat()})
