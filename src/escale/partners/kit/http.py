"""An HTTP client for adapters: time-outs, no automatic retry of anything that writes, errors sorted at the border."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from escale.ports.errors import PartnerRefused, PartnerUnavailable

_LOG = logging.getLogger("escale.partners")
_RETRY_STATUS = {408, 425, 429, 500, 502, 503, 504}


@dataclass
class Breaker:
    """Opens after ``limit`` failures in a row and lets one call through every ``pause`` seconds."""

    limit: int = 5
    pause: float = 15.0
    failures: int = 0
    opened_at: float = field(default=0.0)

    def check(self, partner: str) -> None:
        if self.failures >= self.limit and time.monotonic() - self.opened_at < self.pause:
            raise PartnerUnavailable(partner, "circuit_open", retry_after=self.pause)

    def succeeded(self) -> None:
        self.failures = 0

    def failed(self) -> None:
        self.failures += 1
        self.opened_at = time.monotonic()


@dataclass
class Border:
    """One partner's HTTP border. ``read_retries`` repeats GET alone (with a short pause).

    ``tls``: whom to trust and which certificate to show, when the partner asks for ours (see kit.options).
    """

    partner: str
    base_url: str
    connect_timeout: float = 3.0
    read_timeout: float = 10.0
    read_retries: int = 1
    auth: tuple[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
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
        for left in range(tries - 1, -1, -1):
            try:
                return self._once(method, path, accept, options)
            except PartnerUnavailable as error:
                if left == 0 or error.code == "circuit_open":
                    raise
                time.sleep(0.2)
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, accept: tuple[int, ...], options: dict[str, Any]) -> httpx.Response:
        self.breaker.check(self.partner)
        asked_at = time.monotonic()
        try:
            response = self.client().request(method, path, **options)
        except httpx.HTTPError as error:
            self._failed(method, type(error).__name__, asked_at)
            raise PartnerUnavailable(self.partner, type(error).__name__) from error
        if response.status_code in accept or response.is_success:
            self.breaker.succeeded()
            return response
        if response.status_code in _RETRY_STATUS:
            code = self.code_of(response)
            if response.status_code != 429:
                self._failed(method, code, asked_at)
            raise PartnerUnavailable(self.partner, code, retry_after=_retry_after(response))
        self.breaker.succeeded()
        raise PartnerRefused(self.partner, self.code_of(response))

    def _failed(self, method: str, code: str, asked_at: float) -> None:
        """Count the failure and tell the operator. Never the address, which may name a person's case."""
        self.breaker.failed()
        _LOG.warning("%s: %s failed (%s) after %.1f s", self.partner, method, code, time.monotonic() - asked_at)


def json_of(partner: str, response: httpx.Response) -> Any:
    """The JSON of an accepted answer. Raises PartnerUnavailable when it is none, as when a proxy answers instead."""
    try:
        return response.json()
    except ValueError as error:
        raise PartnerUnavailable(partner, "unreadable") from error


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdigit() else None
