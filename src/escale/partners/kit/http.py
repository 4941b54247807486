"""An HTTP client for adapters: time-outs, no automatic retry of anything that writes, errors sorted at the border.

Every call bears an identifier of its own, which the log has too: with it the partner's support finds the call.
Addresses and bodies are never logged, for they may name a person's case.
"""

from __future__ import annotations

import logging
import random
import ssl
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from escale.ports.errors import PartnerRefused, PartnerUnavailable

_LOG = logging.getLogger("escale.partners")
_RETRY_STATUS = {408, 425, 429, 500, 502, 503, 504}


@dataclass
class Breaker:
    """Opens after ``limit`` failures in a row, then lets one call through every ``pause`` seconds, to see."""

    limit: int = 5
    pause: float = 15.0
    failures: int = 0
    opened_at: float = field(default=0.0)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self, partner: str) -> None:
        """Raises PartnerUnavailable(``circuit_open``)."""
        with self._lock:
            if self.failures < self.limit:
                return
            now = time.monotonic()
            if now - self.opened_at < self.pause:
                raise PartnerUnavailable(partner, "circuit_open", retry_after=self.pause)
            self.opened_at = now  # this call is the one that sees

    def succeeded(self) -> None:
        with self._lock:
            self.failures = 0

    def failed(self) -> None:
        with self._lock:
            self.failures += 1
            self.opened_at = time.monotonic()


@dataclass
class Border:
    """One partner's HTTP border. ``read_retries`` repeats GET alone (with a short pause, never the same).

    ``tls``: whom to trust and which certificate to show, when the partner asks for ours (see kit.options).
    ``correlation``: the header that bears the identifier of a call (a UUID), where the caller gives none.
    """

    partner: str
    base_url: str
    connect_timeout: float = 3.0
    read_timeout: float = 10.0
    read_retries: int = 1
    auth: tuple[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    correlation: str = "X-Correlation-ID"
    breaker: Breaker = field(default_factory=Breaker)
    code_of: Callable[[httpx.Response], str] = lambda response: str(response.status_code)
    _client: httpx.Client | None = None

    def client(self) -> httpx.Client:
        if self._client is None or self._client.is_closed:
            timeout = httpx.Timeout(self.read_timeout, connect=self.connect_timeout)
            self._client = httpx.Client(
                base_url=self.base_url,
                timeout=timeout,
                auth=self.auth,
                headers=self.headers,
                trust_env=False,
                verify=self.tls or True,
            )
        return self._client

    def close(self) -> None:
        """Drop the kept connections; a later call opens new ones."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def request(self, method: str, path: str, *, accept: tuple[int, ...] = (), **options: Any) -> httpx.Response:
        """Any 2xx or a status in ``accept`` is returned. Others raise PartnerUnavailable or PartnerRefused."""
        tries = 1 + (self.read_retries if method == "GET" else 0)
        headers = {**(options.pop("headers", None) or {})}
        call = headers.setdefault(self.correlation, str(uuid.uuid4()))
        options["headers"] = headers
        for left in range(tries - 1, -1, -1):
            try:
                return self._once(method, path, accept, options, call)
            except PartnerUnavailable as error:
                if left == 0 or error.code == "circuit_open":
                    raise
                time.sleep(random.uniform(0.1, 0.4))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def _once(
        self, method: str, path: str, accept: tuple[int, ...], options: dict[str, Any], call: str
    ) -> httpx.Response:
        self.breaker.check(self.partner)
        asked_at = time.monotonic()
        try:
            response = self.client().request(method, path, **options)
        except httpx.HTTPError as error:
            self._failed(method, type(error).__name__, asked_at, call)
            raise PartnerUnavailable(self.partner, type(error).__name__) from error
        if response.status_code in accept or response.is_success:
            self.breaker.succeeded()
            return response
        if response.status_code in _RETRY_STATUS:
            code = self.code_of(response)
            if response.status_code != 429:
                self._failed(method, code, asked_at, call)
            raise PartnerUnavailable(self.partner, code, retry_after=_retry_after(response))
        self.breaker.succeeded()
        refusal = PartnerRefused(self.partner, self.code_of(response))
        _LOG.info("%s: %s refused (%s), correlation %s", self.partner, method, refusal.code, call)
        raise refusal

    def _failed(self, method: str, code: str, asked_at: float, call: str) -> None:
        """Count the failure and tell the operator."""
        self.breaker.failed()
        seconds = time.monotonic() - asked_at
        _LOG.warning("%s: %s failed (%s) after %.1f s, correlation %s", self.partner, method, code, seconds, call)


def json_of(partner: str, response: httpx.Response) -> Any:
    """The JSON of an accepted answer. Raises PartnerUnavailable when it is none, as when a proxy answers instead."""
    try:
        return response.json()
    except ValueError as error:
        raise PartnerUnavailable(partner, "unreadable") from error


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, or a date (RFC 9110 §10.2.3), which is counted from the partner's own hour."""
    value = response.headers.get("retry-after", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(response.headers.get("date", ""))
        return max(0.0, wait.total_seconds())
    except (TypeError, ValueError):
        return None
