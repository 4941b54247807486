"""What simulators push to the product: kept until accepted, sent from a thread of its own, given up in the end.

Switches (kit.faults) of ``keep_as_told``: ``silent`` never pushes, ``duplicate`` pushes twice, ``late`` holds a push
for a while of the virtual clock, ``reordered`` until the next one has gone before it, or as long when none comes.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from escale import clock
from escale.partners.kit.faults import TOLD, take
from escale.partners.kit.store import Store

type Headers = Callable[[dict[str, Any], bytes, datetime], dict[str, str]]


@dataclass(frozen=True)
class Pushes:
    """``address`` says where to, ``headers(body, bytes, now)`` signs each try anew; ``pauses`` are the virtual times
    between tries, so that there are as many tries as pauses and one more. ``late``: how long that switch holds a push.
    ``content`` writes the body that was kept."""

    store: Store
    address: Callable[[], str]
    headers: Headers
    pauses: tuple[timedelta, ...]
    kind: str = "push"
    late: timedelta = timedelta(minutes=10)
    content: Callable[[dict[str, Any]], bytes] = lambda body: json.dumps(body).encode()
    _one_sender: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, key: str, body: dict[str, Any], ready_at: datetime) -> None:
        """Write a push, within the transaction that causes it. The same ``key`` is kept once."""
        self.store.put(self.kind, key, {"body": body, "tries": 0, "ready_at": ready_at.isoformat()})

    def keep_as_told(self, key: str, body: dict[str, Any], ready_at: datetime) -> None:
        """The same, as the switches want it."""
        fault = take(self.store, *TOLD)
        if fault in ("late", "reordered"):
            ready_at += self.late
        pending = {"body": body, "tries": 0, "ready_at": ready_at.isoformat(), "overtaken": fault == "reordered"}
        for copy in range({"silent": 0, "duplicate": 2}.get(fault or "", 1)):
            self.store.put(self.kind, f"{key}/{copy}", pending)
        if fault not in ("silent", "reordered"):
            self._overtake(ready_at)

    def _overtake(self, ready_at: datetime) -> None:
        """What waited for this push to go before it is written anew, so that it is sent after it."""
        for key, waiting in self.store.all(self.kind):
            if waiting.get("overtaken"):
                self.store.delete(self.kind, key)
                self.store.put(self.kind, key, {**waiting, "overtaken": False, "ready_at": ready_at.isoformat()})

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
