"""Sends PayFiP's notifications when their hour has come: once each, and never again if nobody answers."""

from __future__ import annotations

import threading
from datetime import datetime

import httpx

from escale.partners.kit.ticker import every_tick
from escale.partners.tax_stamp.simulator.stamps import STORE

TIMEOUT_SECONDS = 10.0


@every_tick
def send_due(now: datetime) -> None:
    for key, notification in STORE.all("due"):
        if datetime.fromisoformat(notification["at"]) > now:
            continue
        STORE.delete("due", key)
        threading.Thread(target=_send, args=(key, notification["idop"]), daemon=True).start()


def _send(key: str, idop: str) -> None:
    operation = STORE.get("operation", idop)
    assert operation is not None, "a notification is always that of an operation"
    try:
        answer = httpx.post(operation["urlnotif"], data={"idOp": idop}, timeout=TIMEOUT_SECONDS, trust_env=False)
        status = f"répondu {answer.status_code}"
    except httpx.HTTPError as error:
        status = f"sans réponse ({type(error).__name__})"
    STORE.put("told", key, {"idop": idop, "status": status})
