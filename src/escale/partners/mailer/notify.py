"""Hand messages to an HTTP service compatible with GOV.UK Notify (``POST /v2/notifications/email``)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from escale import clock
from escale.partners.kit.http import Border, json_of
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.mailer import DeliveryReport, Message

PARTNER = "mailer"
_UUID_LENGTH = 36
_FAILED_FOR_GOOD = ("permanent-failure", "validation-failed", "virus-scan-failed")
_TO_SEND_AGAIN = ("temporary-failure", "technical-failure", "cancelled")


class NotifyMailer:
    """The service writes the HTML itself from our text: its template holds ``((subject))`` and ``((body))``.

    ``api_key`` is ``name-<service uuid>-<secret uuid>``. A calendar file goes through ``calendar_template``, whose
    ``((calendar))`` becomes a link to the file.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        template: str,
        calendar_template: str,
        callback_token: str,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._service, self._secret = service_and_secret(api_key)
        self._template, self._calendar_template = template, calendar_template
        self._callback_token, self._now = callback_token, now
        self._border = Border(PARTNER, base_url, code_of=_code_of)

    def send(self, message: Message) -> str:
        """Returns the notification's id. A reference the service already holds is not sent twice."""
        known = self._find(message.reference)
        if known is not None and known["status"] in _FAILED_FOR_GOOD:
            raise PartnerRefused(PARTNER, known["status"])
        if known is not None and known["status"] not in _TO_SEND_AGAIN:
            return str(known["id"])
        personalisation: dict[str, Any] = {"subject": message.subject, "body": message.text}
        template = self._template
        if message.calendar is not None:
            template = self._calendar_template
            content = base64.b64encode(message.calendar.content).decode()
            personalisation["calendar"] = {
                "file": content,
                "filename": "invite.ics",
                "confirm_email_before_download": False,
                "retention_period": "8 weeks",
            }
        body = {
            "email_address": message.to,
            "template_id": template,
            "personalisation": personalisation,
            "reference": message.reference,
        }
        answer = self._border.request("POST", "/v2/notifications/email", json=body, headers=self._headers())
        return str(_member(json_of(PARTNER, answer), "id"))

    def close(self) -> None:
        self._border.close()

    def _find(self, reference: str) -> dict[str, Any] | None:
        answer = self._border.request(
            "GET", "/v2/notifications", params={"reference": reference}, headers=self._headers()
        )
        found = _member(json_of(PARTNER, answer), "notifications")
        if not isinstance(found, list) or not all(isinstance(each, dict) and "status" in each for each in found):
            raise PartnerUnavailable(PARTNER, "shape")
        return found[0] if found else None

    def _headers(self) -> dict[str, str]:
        claims = {"iss": self._service, "iat": int(self._now().timestamp())}
        token = jwt.encode({"typ": "JWT", "alg": "HS256"}, claims, OctKey.import_key(self._secret.encode()))
        return {"Authorization": f"Bearer {token}"}

    def read_report(self, *, authorization: str, body: dict[str, Any]) -> DeliveryReport:
        """Read a delivery callback. Raises PartnerRefused: ``callback_token``, ``callback_shape``."""
        if not hmac.compare_digest(authorization.encode(), f"Bearer {self._callback_token}".encode()):
            raise PartnerRefused(PARTNER, "callback_token")
        reference, status = body.get("reference"), body.get("status")
        if not isinstance(reference, str) or not isinstance(status, str):
            raise PartnerRefused(PARTNER, "callback_shape")
        return DeliveryReport(reference, status, status in _FAILED_FOR_GOOD, status in _TO_SEND_AGAIN)

    def read_return(self, *, authorization: str, mail: bytes) -> DeliveryReport:
        """Returned mails go to the service, which reports them."""
        raise PartnerRefused(PARTNER, "no_returns")


def service_and_secret(api_key: str) -> tuple[str, str]:
    """Split an API key into the service's id and the signing secret (its last two UUIDs)."""
    return api_key[-2 * _UUID_LENGTH - 1 : -_UUID_LENGTH - 1], api_key[-_UUID_LENGTH:]


def _member(found: Any, name: str) -> Any:
    if not isinstance(found, dict) or name not in found:
        raise PartnerUnavailable(PARTNER, "shape")
    return found[name]


def _code_of(response: httpx.Response) -> str:
    try:
        return f"{response.status_code} {response.json()['errors'][0]['error']}"
    except (ValueError, KeyError, IndexError, TypeError):
        return str(response.status_code)
