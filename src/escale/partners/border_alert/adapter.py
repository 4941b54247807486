"""The adapter of the border relay, over "sltd-relay/1"."""

from __future__ import annotations

import json
import ssl
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from escale import clock
from escale.case.values import PassportNumber
from escale.partners.border_alert import wire
from escale.partners.kit.http import Border, json_of
from escale.ports.border_alert import Acknowledgement
from escale.ports.errors import PartnerRefused

PARTNER = "border_alert"
_KEYS = uuid.UUID("7a1d6a52-6a0e-4f0e-9c39-0c6b3f1f5b60")  # namespace that turns our keys into the relay's UUIDs


class BorderAlertAdapter:
    """Reports documents, one a call, and never anything about their holder.

    Each call carries a token signed for one minute (HS256), bound to its body. ``now`` gives the token's hour.
    """

    def __init__(
        self,
        *,
        base_url: str,
        client: str,
        signing_key: str,
        contact_unit: str,
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._border = Border(PARTNER, base_url, read_timeout=timeout, tls=tls, code_of=_code_of)
        self._client, self._contact_unit, self._now = client, contact_unit, now
        self._key = OctKey.import_key(signing_key.encode())

    def report(self, number: PassportNumber, *, status: str, reason: str, on: date, key: str) -> Acknowledgement:
        """``reason`` among not_received, old_not_returned, lost, stolen, destroyed. Raises PartnerRefused with the
        relay's code when it rejects the document; an unknown ``status`` or ``reason`` never leaves."""
        if status not in wire.STATUSES or reason not in wire.REASONS:
            raise PartnerRefused(PARTNER, "unknown_status_or_reason")
        item = {
            "nr": number.text,
            "type_id": "P",
            "country_of_issuance_id": "FRA",
            "status": wire.STATUSES[status],
            "reason": wire.REASONS[reason],
            "date_of_event": on.isoformat(),
            "contact_unit": self._contact_unit,
        }
        answer = self._call("POST", "/documents", {"items": [item]}, key=key)
        results = _member(json_of(PARTNER, answer), "items")
        if not isinstance(results, list) or len(results) != 1:
            raise PartnerRefused(PARTNER, "shape")
        result = _member(results[0], "result")
        if result not in ("RECORDED", "DUPLICATE"):
            raise PartnerRefused(PARTNER, str(results[0].get("code") or result))
        return Acknowledgement(str(_member(results[0], "item_id")), duplicate=result == "DUPLICATE")

    def withdraw(self, item_id: str, *, reason: str) -> None:
        """Withdrawn twice is withdrawn. Raises PartnerRefused(``404 …``) for a record the relay does not hold."""
        body = {"status": "WITHDRAWN", "reason": reason}
        self._call("PATCH", f"/documents/{item_id}", body, accept=(409,))

    def is_reported(self, number: PassportNumber) -> bool:
        answer = self._call("POST", "/documents/search", {"nr": number.text, "country_of_issuance_id": "FRA"})
        result = _member(json_of(PARTNER, answer), "result")
        if result not in ("NO_ERROR", "NO_ANSWER"):
            raise PartnerRefused(PARTNER, "shape")
        return bool(result == "NO_ERROR")

    def counts(self) -> dict[str, int]:
        """Records in force at the relay by status (``INVALID``, ``LOST``, ``STOLEN``), for the daily reconciliation."""
        found = _member(json_of(PARTNER, self._call("GET", "/documents/counts")), "in_force")
        if not isinstance(found, dict) or any(type(count) is not int for count in found.values()):
            raise PartnerRefused(PARTNER, "shape")
        return {str(status): count for status, count in found.items()}

    def close(self) -> None:
        self._border.close()

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, key: str = "", accept: tuple[int, ...] = ()
    ) -> httpx.Response:
        content = json.dumps(body).encode() if body is not None else b""
        headers = {"Authorization": f"Bearer {self._token(content)}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = str(uuid.uuid5(_KEYS, key))
        return self._border.request(method, path, content=content, headers=headers, accept=accept)

    def _token(self, content: bytes) -> str:
        issued = int(self._now().timestamp())
        claims = {
            "iss": self._client,
            "aud": wire.AUDIENCE,
            "iat": issued,
            "exp": issued + wire.TOKEN_SECONDS,
            "jti": str(uuid.uuid4()),
            "body_sha256": wire.digest(content),
        }
        return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, self._key)


def _member(found: Any, name: str) -> Any:
    if not isinstance(found, dict) or name not in found:
        raise PartnerRefused(PARTNER, "shape")
    return found[name]


def _code_of(response: httpx.Response) -> str:
    try:
        return f"{response.status_code} {response.json()['code']}"
    except (ValueError, KeyError, TypeError):
        return str(response.status_code)


ADAPTER = BorderAlertAdapter
