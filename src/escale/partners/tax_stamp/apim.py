"""The API gateway of the DGFiP: client credentials for a token, then the State hub's headers on every call."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from typing import Any

import httpx

from escale.partners.kit.http import Border
from escale.ports.errors import PartnerRefused, PartnerUnavailable

PARTNER = "tax_stamp"
_MARGIN_SECONDS = 30.0
_LOG = logging.getLogger("escale.partners.tax_stamp")


def problem_of(response: httpx.Response) -> str:
    """Last segment of an RFC 9457 ``type``, else the HTTP status."""
    try:
        kind = str(response.json()["type"])
    except (ValueError, KeyError, TypeError):
        return str(response.status_code)
    return kind.rsplit("/", 1)[-1] or str(response.status_code)


class Apim:
    """One client of the gateway. A refused token is renewed once per call; otherwise no write is repeated."""

    def __init__(
        self,
        *,
        base_url: str,
        client_id: str,
        client_secret: str,
        teleservice: str,
        connect_timeout: float,
        read_timeout: float,
    ) -> None:
        self._credentials = (client_id, client_secret)
        self._teleservice = teleservice
        self._border = Border(
            PARTNER,
            base_url,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            headers={"Accept": "application/json, application/problem+json"},
            code_of=problem_of,
        )
        self._lock = threading.Lock()
        self._token = ""
        self._token_ends = 0.0

    def close(self) -> None:
        """Give the connections back."""
        self._border.close()

    def _bearer(self, *, renew: bool) -> str:
        with self._lock:
            if renew or not self._token or time.monotonic() >= self._token_ends:
                answer = self._border.request(
                    "POST", "/token", auth=self._credentials, data={"grant_type": "client_credentials"}
                )
                try:
                    body = answer.json()
                    self._token = str(body["access_token"])
                    self._token_ends = time.monotonic() + float(body.get("expires_in", 0)) - _MARGIN_SECONDS
                except (ValueError, KeyError, TypeError) as error:
                    raise PartnerUnavailable(PARTNER, "token_unreadable") from error
            return self._token

    def call(
        self, method: str, path: str, *, accept: tuple[int, ...] = (), json: dict[str, Any] | None = None
    ) -> httpx.Response:
        """One call. A status in ``accept`` is returned. Raises PartnerUnavailable, PartnerRefused.

        The path never holds a stamp's number, which is worth money to whoever reads it in a log.
        """
        correlation = str(uuid.uuid4())
        for renew in (False, True):
            headers = {
                "Authorization": f"Bearer {self._bearer(renew=renew)}",
                "ID_Teleservice": self._teleservice,
                "X-Correlation-ID": correlation,
            }
            response = self._border.request(method, path, accept=(*accept, 401), json=json, headers=headers)
            if response.status_code != 401:
                break
        _LOG.info("%s: %s, correlation %s", method, response.status_code, correlation)
        if response.status_code == 401:
            raise PartnerRefused(PARTNER, "401")
        return response
