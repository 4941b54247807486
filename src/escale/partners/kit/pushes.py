"""What simulators push to the product: kept until accepted, sent from a thread of its own, given up in the end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from escale import clock
from escale.partners.kit.store import Store

type Headers = Callable[[dict[str, Any], bytes, datetime], dict[str, str]]


@dataclass(frozen=True)
class Pushes:
    """``address`` says where to, ``headers(body, bytes, now)`` signs each try anew; ``pauses`` are the virtual times
    between tries, so that there are as many tries as pauses and one more. ``content`` writes the body that was kept."""

    store: Store
    address: Callable[[], str]
    headers: Headers
    pauses: tuple[timedelta, ...]
    kind: str = "push"
    content: Callable[[dict[str, Any]], bytes] = lambda body: json.dumps(body).encode()
    _one_sender: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, key: str, body: dict[str, Any], ready_at: datetime) -> None:
        """Write a push, within the transaction that causes it. The same ``key`` is kept once."""
        self.store.put(self.kind, key, {"body": body, "tries": 0, "ready_at": ready_at.isoformat()})

    def send_ready(self, now: datetime) -> None:
        """Called by a tick, which may not wait for the product."""
        if any(_is_ready(pending, now) for _, pending in self.store.all(self.kind)):
            threading.Thread(target=self._send_all, name=f"pushes-{self.store.partner}", daemon=True).start()

    def _send_all(self) -> None:
        if not self._one_sender.acquire(blocking=False):
            return
        try:
            with httpx.Client(timeout=5, trust_env=False) as client:
                for key, pending in self.store.all(self.kind):
                    if _is_ready(pending, clock.now()):
                        self._send(client, key, pending)
        finally:
            self._one_sender.release()

    def _send(self, client: httpx.Client, key: str, pending: dict[str, Any]) -> None:
        content = self.content(pending["body"])
        sent_at = clock.now()  # the pause counts from here, however long the answer takes
        headers = self.headers(pending["body"], content, sent_at)
        try:
            accepted = client.post(self.address(), content=content, headers=headers).is_success
        except httpx.HTTPError:
            accepted = False
        if accepted or pending["tries"] >= len(self.pauses):
            self.store.delete(self.kind, key)
            return
        ready_at = sent_at + self.pauses[pending["tries"]]
        self.store.put(self.kind, key, {**pending, "tries": pending["tries"] + 1, "ready_at": ready_at.isoformat()})


def _is_ready(pending: dict[str, Any], now: datetime) -> bool:
    return datetime.fromisoformat(pending["ready_at"]) <= now
