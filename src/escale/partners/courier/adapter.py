"""DHL Express by MyDHL API 3: prepaid labels and tracking.

The interface has neither idempotency nor cancellation, so a label is always looked for by our reference before it is
created, and a creation whose reply is lost is never repeated by this adapter: the next call finds it.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

import httpx

from escale.case.values import InvalidValue, Waybill
from escale.partners.courier import codes, shipment
from escale.partners.courier.places import zone_of
from escale.partners.kit.http import Border
from escale.ports.courier import Label, Party, Scan
from escale.ports.errors import PartnerRefused, PartnerUnavailable

PARTNER = shipment.PARTNER
_LANGUAGES = {"fr": "fre", "en": "eng"}
_RETRY_SECONDS = 3 * 3600.0
_LOOK_BACK, _LOOK_AHEAD = timedelta(days=60), timedelta(days=15)


class DhlAdapter:
    """``base_url`` ends with ``/mydhlapi`` (or its ``/test``); ``account`` pays for the labels."""

    def __init__(
        self,
        *,
        base_url: str,
        username: str,
        password: str,
        account: str,
        version: str = "3.3.2",
        connect_timeout: float = 5.0,
        read_timeout: float = 30.0,
    ) -> None:
        self._account = account
        self._border = Border(
            PARTNER,
            base_url,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            auth=(username, password),
            headers={"x-version": version, "accept": "application/json"},
            correlation="Message-Reference",
            code_of=error_code,
        )

    def create_label(
        self, *, reference: str, sender: Party, receiver: Party, ready_at: datetime, language: str
    ) -> Label:
        """Create a shipment without any signature option (adult signature is forbidden, poster step 3).

        The shipment that already bears ``reference`` is found again rather than created twice. Raises PartnerRefused,
        PartnerUnavailable (a label may then exist: call again with the same reference).
        """
        request = shipment.body(
            account=self._account, reference=reference, sender=sender, receiver=receiver, ready_at=ready_at
        )
        existing = self._find(reference, ready_at)
        if existing is not None:
            return self._reprint(existing)
        headers = {"accept-language": _LANGUAGES.get(language[:2], "eng")}
        answer = _json(self._border.request("POST", "/shipments", json=request, headers=headers))
        packages = answer.get("packages") or [{}]
        return Label(
            waybill=_waybill(answer.get("shipmentTrackingNumber")),
            pdf=_document(answer, "label"),
            piece=str(packages[0].get("trackingNumber", "")),
        )

    def track(self, waybill: Waybill) -> tuple[Scan, ...]:
        """All scans, each once, oldest first; empty when there is none yet. Raises PartnerUnavailable, PartnerRefused.

        Ten readings of a parcel a day are allowed: beyond, PartnerUnavailable with the delay to respect.
        """
        if waybill.carrier != "dhl":
            raise PartnerRefused(PARTNER, "not_a_dhl_waybill")
        params = {"trackingView": "all-checkpoints", "levelOfDetail": "shipment", "requestGMTOffsetPerEvent": "true"}
        response = self._border.request("GET", f"/shipments/{waybill.text}/tracking", params=params, accept=(404, 429))
        if response.status_code == 404:
            return ()
        if response.status_code == 429:  # repeating at once would only use up more of the day's readings
            raise PartnerUnavailable(PARTNER, "429", retry_after=_RETRY_SECONDS)
        shipments = _json(response).get("shipments") or [{}]
        try:
            scans = [_scan(event) for event in reversed(shipments[0].get("events") or [])]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PartnerUnavailable(PARTNER, "reply_unreadable") from error
        return tuple(sorted(dict.fromkeys(scans), key=lambda scan: scan.at))

    def close(self) -> None:
        """Give the connections back."""
        self._border.close()

    def _find(self, reference: str, ready_at: datetime) -> dict[str, Any] | None:
        """The shipment that bears our reference, even before its first scan."""
        params = {
            "shipmentReference": reference,
            "shipmentReferenceType": "CU",
            "shipperAccountNumber": self._account,
            "dateRangeFrom": (ready_at - _LOOK_BACK).date().isoformat(),
            "dateRangeTo": (ready_at + _LOOK_AHEAD).date().isoformat(),
            "trackingView": "advance-shipment",
        }
        response = self._border.request("GET", "/tracking", params=params, accept=(404,))
        if response.status_code == 404:
            return None
        found = _json(response).get("shipments") or []
        return dict(found[0]) if found else None

    def _reprint(self, found: dict[str, Any]) -> Label:
        """The label of a shipment whose first reply was lost. It needs the month of the shipment."""
        waybill = _waybill(found.get("shipmentTrackingNumber"))
        params = {
            "shipperAccountNumber": self._account,
            "typeCode": "label",
            "encodingFormat": "pdf",
            "pickupYearAndMonth": str(found.get("shipmentTimestamp", ""))[:7],
        }
        answer = _json(self._border.request("GET", f"/shipments/{waybill.text}/get-image", params=params))
        pieces = found.get("pieces") or [{}]
        return Label(waybill=waybill, pdf=_document(answer, "label"), piece=str(pieces[0].get("trackingNumber", "")))


def error_code(response: httpx.Response) -> str:
    """DHL's own number that begins the detail (``7008``, ``998``), else its status, else the HTTP status.

    The detail itself may quote what we sent, so it is not kept.
    """
    try:
        body = response.json()
        start = str(body.get("detail", "")).partition(":")[0].strip()
    except (ValueError, AttributeError):
        return str(response.status_code)
    if start.isdigit():
        return start
    return str(body.get("status") or body.get("code") or response.status_code)[:20]


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError as error:
        raise PartnerUnavailable(PARTNER, "reply_unreadable") from error
    if not isinstance(body, dict):
        raise PartnerUnavailable(PARTNER, "reply_unreadable")
    return body


def _waybill(number: object) -> Waybill:
    try:
        return Waybill.parse(str(number or ""), carrier="dhl")
    except InvalidValue as error:
        raise PartnerUnavailable(PARTNER, error.code) from error


def _document(answer: dict[str, Any], kind: str) -> bytes:
    """The PDF of a kind, wherever it is in the list."""
    content = next(
        (each.get("content", "") for each in answer.get("documents") or [] if each.get("typeCode") == kind), ""
    )
    try:
        pdf = base64.b64decode(content, validate=True)
    except (TypeError, ValueError):
        pdf = b""
    if not pdf.startswith(b"%PDF-"):
        raise PartnerUnavailable(PARTNER, "reply_without_label")
    return pdf


def _scan(event: dict[str, Any]) -> Scan:
    area = (event.get("serviceArea") or [{}])[0]
    place = str(area.get("description", ""))
    code = str(event["typeCode"])
    offset = str(event.get("GMTOffset") or "")
    at = datetime.fromisoformat(f"{event['date']}T{event['time']}{offset}")
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone_of(str(area.get("code", "")), place))
    return Scan(
        at=at,
        kind=codes.kind_of(code),
        raw=code,
        description=str(event.get("description", "")),
        place=place,
        signed_by=str(event.get("signedBy") or ""),
    )


ADAPTER = DhlAdapter
