"""The stamps' adapter, protocol « timbre-verif/1 ».

No public text describes the real service: docs/partners/tax_stamp.md says what is proposed.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

import httpx

from escale.case.values import StampNumber
from escale.partners.tax_stamp.apim import PARTNER, Apim, problem_of
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.tax_stamp import Stamp, StampRefused

MOTIVE = "PASSEPORT_MAJEUR_ETRANGER"

_STATES = {
    "EMIS": "issued",
    "RESERVE": "reserved",
    "CONSOMME": "consumed",
    "EXPIRE": "expired",
    "REMBOURSE": "refunded",
    "ANNULE": "cancelled",
}
_REASONS = {
    "timbre-inconnu": "unknown",
    "timbre-deja-consomme": "consumed",
    "timbre-reserve-autre-dossier": "reserved_elsewhere",
    "timbre-expire": "expired",
    "timbre-rembourse": "refunded",
    # A cancelled stamp was paid back by its issuer: for the person it is the same as a refunded one.
    "timbre-annule": "refunded",
    "motif-incompatible": "wrong_product",
    "montant-insuffisant": "amount_too_low",
    "trop-de-tentatives": "too_many_tries",
}
_REFUSALS = (404, 409, 410, 422, 429)


class TaxStampAdapter:
    """``base_url`` is the gateway's; ``motive`` the product that this procedure accepts."""

    def __init__(
        self,
        *,
        base_url: str,
        client_id: str,
        client_secret: str,
        teleservice: str,
        motive: str = MOTIVE,
        connect_timeout: float = 3.0,
        read_timeout: float = 10.0,
    ) -> None:
        self._motive = motive
        self._apim = Apim(
            base_url=base_url,
            client_id=client_id,
            client_secret=client_secret,
            teleservice=teleservice,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
        )

    def look_up(self, number: StampNumber) -> Stamp:
        """Raises StampRefused(unknown), PartnerUnavailable."""
        return _stamp(self._apim_call("POST", "/timbres/1.0/consultation", {"numero": number.text}))

    def reserve(self, number: StampNumber, *, case_reference: str, cents: int) -> Stamp:
        """Reserve for a case; the same case again is a no-op. Raises StampRefused, PartnerUnavailable."""
        body = {"numero": number.text, "motif": self._motive, "montantCentimes": cents}
        return _stamp(self._apim_call("PUT", _reservation(case_reference), body))

    def consume(self, number: StampNumber, *, case_reference: str) -> str:
        """Irreversible. Returns the receipt number, the same when repeated for the same case.

        Raises StampRefused, PartnerUnavailable, and PartnerRefused for a stamp that was never reserved.
        """
        path = f"{_reservation(case_reference)}/consommation"
        body = _json(self._apim_call("POST", path, {"numero": number.text}))
        receipt = str(body.get("numeroQuittance", ""))
        if not receipt:
            raise PartnerUnavailable(PARTNER, "reply_without_receipt")
        return receipt

    def release(self, number: StampNumber, *, case_reference: str) -> None:
        """Back to issued; a stamp no longer reserved for this case is left alone."""
        try:
            self._apim_call("POST", f"{_reservation(case_reference)}/liberation", {"numero": number.text})
        except StampRefused as refusal:
            if refusal.reason == "too_many_tries":
                raise PartnerUnavailable(PARTNER, "429") from refusal

    def close(self) -> None:
        """Give the connections back."""
        self._apim.close()

    def _apim_call(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        response = self._apim.call(method, path, accept=_REFUSALS, json=body)
        if response.is_success:
            return response
        problem = problem_of(response)
        if problem in _REASONS:
            raise StampRefused(_REASONS[problem])
        if response.status_code == 429:
            raise PartnerUnavailable(PARTNER, "429")
        raise PartnerRefused(PARTNER, problem)


def _reservation(case_reference: str) -> str:
    return f"/timbres/1.0/reservations/{quote(case_reference, safe='')}"


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError as error:
        raise PartnerUnavailable(PARTNER, "reply_unreadable") from error
    if not isinstance(body, dict):
        raise PartnerUnavailable(PARTNER, "reply_unreadable")
    return body


def _stamp(response: httpx.Response) -> Stamp:
    body = _json(response)
    try:
        return Stamp(
            product=str(body["motif"]),
            cents=int(body["montantCentimes"]),
            bought_on=date.fromisoformat(body["dateAchat"]),
            valid_until=date.fromisoformat(body["dateFinValidite"]),
            state=_STATES[body["etat"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PartnerUnavailable(PARTNER, "reply_unreadable") from error


ADAPTER = TaxStampAdapter
