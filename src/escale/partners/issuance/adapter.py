"""The adapter of passport issuance, over "titres-sim/1"."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import ssl
from datetime import date, datetime
from typing import Any

import httpx

from escale.case.values import InvalidValue, PassportNumber
from escale.partners.issuance import wire
from escale.partners.kit.http import Border, json_of
from escale.ports.errors import PartnerRefused
from escale.ports.issuance import Changes, IssuanceEvent, Order, OrderState, Title

PARTNER = "issuance"
_LOG = logging.getLogger("escale.partners.issuance")
_NEEDED = ("given_names", "family_name", "birthdate")


class IssuanceAdapter:
    """Everything that writes is idempotent at the partner, by case reference or passport number: repeating is safe."""

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        event_secret: str,
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        headers = {"x-titres-auth-token": token}
        self._border = Border(PARTNER, base_url, read_timeout=timeout, headers=headers, tls=tls, code_of=_code_of)
        self._event_secret = event_secret

    def order(self, order: Order, *, key: str) -> str:
        """Idempotent by case reference and ``key``. Raises PartnerRefused: ``order_incomplete`` when a civil status
        lacks a name or the date of birth, ``409 …`` when the key was used for another content."""
        body = order_body(order)
        answer = self._border.request(
            "PUT", f"/demandes/{order.case_reference}", json=body, headers={"Idempotency-Key": key}
        )
        return str(_member(json_of(PARTNER, answer), "numeroDemande"))

    def state(self, case_reference: str) -> OrderState:
        """Raises PartnerRefused(``404 …``) for a case never ordered."""
        answer = self._border.request("GET", f"/demandes/{case_reference}")
        return _state(json_of(PARTNER, answer))

    def read_event(self, *, headers: dict[str, str], body: bytes, now: float) -> IssuanceEvent:
        """Verify a pushed event (Standard Webhooks). Raises PartnerRefused: ``signature``, ``stale`` or ``shape``."""
        given = {name.lower(): value for name, value in headers.items()}
        event_id = given.get("webhook-id", "")
        timestamp = given.get("webhook-timestamp", "")
        if not event_id or not (timestamp.isascii() and timestamp.isdigit()):
            raise PartnerRefused(PARTNER, "signature")
        if not wire.is_signed(given.get("webhook-signature", ""), self._event_secret, event_id, int(timestamp), body):
            raise PartnerRefused(PARTNER, "signature")
        if abs(now - int(timestamp)) > wire.SIGNATURE_TOLERANCE:
            raise PartnerRefused(PARTNER, "stale")
        try:
            event = json.loads(body)
        except ValueError as error:
            raise PartnerRefused(PARTNER, "shape") from error
        if not isinstance(event, dict) or event.get("id") != event_id:
            raise PartnerRefused(PARTNER, "shape")
        return _event(event)

    def changes(self, cursor: str) -> Changes:
        """Asked by the cursor of the last answer. Raises PartnerRefused: ``410 …`` for a cursor that is no more."""
        answer = self._border.request("GET", "/evenements", params={"depuis": cursor} if cursor else {})
        found = json_of(PARTNER, answer)
        listed = _member(found, "evenements")
        if not isinstance(listed, list):
            raise PartnerRefused(PARTNER, "shape")
        events = tuple(event for each in listed if (event := _readable(each)) is not None)
        return Changes(events, str(_member(found, "curseur")), _member(found, "suite") is True)

    def expect_receipt(self, number: PassportNumber, *, dispatched_at: datetime, due_at: datetime) -> None:
        """Told again, the later dates count (a hold, a second dispatch)."""
        body = {"dateEnvoi": dispatched_at.isoformat(), "dateLimite": due_at.isoformat()}
        self._about(number, "/titres/activation-attendue", body)

    def confirm_receipt(self, number: PassportNumber, *, confirmed_at: datetime) -> None:
        """Raises PartnerRefused(``409 …``) for a passport already invalidated."""
        self._about(number, "/titres/receptions", {"dateConfirmation": confirmed_at.isoformat()})

    def invalidate(self, number: PassportNumber, *, reason: str, effective_on: date, agents: tuple[str, ...]) -> None:
        """Accepted at once, effective a little later: ask ``validity`` until it says ``invalid``. A reason outside the
        port's list never leaves."""
        if reason not in wire.REASONS:
            raise PartnerRefused(PARTNER, "unknown_reason")
        body = {
            "motif": wire.REASONS[reason],
            "dateEffet": effective_on.isoformat(),
            "agent": agents[0] if agents else "",
            "doubleValidationPar": agents[1] if len(agents) > 1 else None,
        }
        self._about(number, "/titres/invalidations", body)

    def validity(self, number: PassportNumber) -> str:
        answer = self._about(number, "/titres/etat", {})
        return _known(wire.VALIDITIES, _member(json_of(PARTNER, answer), "etat"))

    def previous(self, number: PassportNumber) -> dict[str, Any] | None:
        """``issued_on`` and ``expires_on`` (dates), ``remote`` (bool), ``validity``; None for an unknown number."""
        answer = self._about(number, "/titres/consultation", {}, accept=(404,))
        if answer.status_code == 404:
            return None
        found = json_of(PARTNER, answer)
        return {
            "issued_on": _date(_member(found, "dateDelivrance")),
            "expires_on": _date(_member(found, "dateExpiration")),
            "remote": bool(_member(found, "aDistance")),
            "validity": _known(wire.VALIDITIES, _member(found, "etat")),
        }

    def close(self) -> None:
        self._border.close()

    def _about(
        self, number: PassportNumber, path: str, body: dict[str, Any], accept: tuple[int, ...] = ()
    ) -> httpx.Response:
        return self._border.request("POST", path, json={"numeroPasseport": number.text, **body}, accept=accept)


def order_body(order: Order) -> dict[str, Any]:
    """The order as the wire wants it."""
    civil = order.civil_status
    if any(not civil.get(name) for name in _NEEDED):
        raise PartnerRefused(PARTNER, "order_incomplete")
    return {
        "etatCivil": {
            "nomNaissance": civil["family_name"],
            "prenoms": civil["given_names"],
            "dateNaissance": civil["birthdate"],
            "lieuNaissanceCog": civil.get("birthplace", ""),
            "paysNaissanceCog": civil.get("birthcountry", ""),
            "sexe": wire.SEXES.get(civil.get("gender", ""), "X"),
        },
        "nomUsage": order.usage_name,
        "tailleCm": order.height_cm,
        "couleurYeux": order.eye_colour,
        "adresse": order.address,
        "numic": order.numic,
        "codePoste": order.post_code,
        "motif": order.motive,
        "numeroPrecedent": order.previous_number.text,
        "conserveExpiration": order.keeps_expiry_of_previous,
        "photo": {
            "contenu": base64.b64encode(order.photo).decode(),
            "sha256": hashlib.sha256(order.photo).hexdigest(),
        },
        "empreintes": "REUTILISEES",
        "timbre": order.stamp_receipt,
        "agent": order.agent_id,
        "preuveIdentite": order.evidence_digest,
    }


def _readable(found: Any) -> IssuanceEvent | None:
    """An event of the list, or None: one that cannot be read must not hide those that follow."""
    try:
        return _event(found)
    except PartnerRefused:
        _LOG.error("an event in the list of changes cannot be read")
        return None


def _event(found: Any) -> IssuanceEvent:
    if _member(found, "type") != wire.EVENT_TYPE:
        raise PartnerRefused(PARTNER, "shape")
    data = _member(found, "data")
    return IssuanceEvent(str(_member(found, "id")), str(_member(data, "numeroDossier")), _state(data))


def _state(found: Any) -> OrderState:
    state = _known(wire.STATES, _member(found, "etat"))
    title = None
    if found.get("numeroPasseport"):
        try:
            number = PassportNumber.parse(str(found["numeroPasseport"]))
        except InvalidValue as error:
            raise PartnerRefused(PARTNER, "shape") from error
        title = Title(
            number=number,
            issued_on=_date(_member(found, "dateDelivrance")),
            expires_on=_date(_member(found, "dateExpiration")),
            mrz=str(_member(found, "mrz")),
        )
    return OrderState(state, str(found.get("motif") or ""), title)


def _member(found: Any, name: str) -> Any:
    if not isinstance(found, dict) or name not in found:
        raise PartnerRefused(PARTNER, "shape")
    return found[name]


def _known(words: dict[str, str], word: Any) -> str:
    """A word outside the protocol is refused rather than guessed."""
    if word not in words:
        raise PartnerRefused(PARTNER, "shape")
    return words[word]


def _date(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise PartnerRefused(PARTNER, "shape") from error


def _code_of(response: httpx.Response) -> str:
    try:
        return f"{response.status_code} {response.json()['code']}"
    except (ValueError, KeyError, TypeError):
        return str(response.status_code)


ADAPTER = IssuanceAdapter
