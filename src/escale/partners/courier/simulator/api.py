"""MyDHL API: shipments, tracking, proof of delivery, reprint."""

from __future__ import annotations

import base64
import json
import os
import random
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from escale import clock
from escale.partners.courier.settings import SIMULATOR_ACCOUNT
from escale.partners.courier.simulator import label, parcels, proof
from escale.partners.courier.simulator.access import Refusal, operation
from escale.partners.courier.simulator.parcels import STORE
from escale.partners.courier.simulator.schema import SHIPMENT
from escale.partners.courier.simulator.views_of import disturbed, expected, tracked
from escale.partners.kit.faults import TOLD, take

DAILY_READINGS = int(os.environ.get("ESCALE_COURIER_SIMULATOR_READINGS", "10"))
AHEAD = timedelta(days=10)
_PLANNED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d) ?GMT([+-]\d\d:\d\d)")
# Service not offered on a lane: adult signature exists inside Canada and the United States only.
_LANES = {"SD": frozenset({("CA", "CA"), ("US", "US")})}
_KNOWN_SERVICES = frozenset(label.SERVICES) | {"53", "TF", "64", "68", "TV", "TZ", "62", "69", "66"}


def _not_found() -> Refusal:
    return Refusal(404, "Not data found", "No data found")


@operation("POST")
def create(request: HttpRequest) -> HttpResponse:
    """A shipment and its label. The same reference twice makes two shipments: DHL does not deduplicate."""
    now = clock.now()
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Refusal(400, "Bad request", "998: The request body is not valid JSON") from None
    faults = SHIPMENT.read(body)
    if faults:
        more = faults[1:]
        raise Refusal(422, "Validation error", faults[0], message="Unprocessable Entity", extra=more or None)
    _check_hour(body["plannedShippingDateAndTime"], now)
    if body["accounts"][0]["number"] != SIMULATOR_ACCOUNT:
        raise Refusal(400, "Bad request", "1001: The account number is not valid for this user")
    _check_lane(body)
    parcel = parcels.register(body, origin="api", now=now)
    return JsonResponse(_created(parcel), status=201)


def _check_hour(planned: str, now: datetime) -> None:
    found = _PLANNED.fullmatch(planned)
    try:
        at = datetime.fromisoformat("".join(found.groups())) if found else None
    except ValueError:
        at = None
    if at is None:
        raise Refusal(
            400, "Bad request", "998: ShipTimeStamp is not well formatted, expected yyyy-MM-ddTHH:mm:ssGMT+HH:mm"
        )
    if at < now - timedelta(minutes=5):
        raise Refusal(400, "Bad request", "996: The requested ship date is in the past")
    if at > now + AHEAD:
        raise Refusal(400, "Bad request", "997: The requested ship date is more than 10 days ahead")


def _check_lane(body: dict[str, Any]) -> None:
    details = body["customerDetails"]
    lane = tuple(details[side]["postalAddress"]["countryCode"] for side in ("shipperDetails", "receiverDetails"))
    for rank, service in enumerate(body.get("valueAddedServices") or []):
        code = service["serviceCode"]
        if code not in _KNOWN_SERVICES or (code in _LANES and lane not in _LANES[code]):
            detail = (
                f"7008: The requested Special Service Code #/valueAddedServices/{rank}/serviceCode '{code}' is not "
                "available between this origin and destination. Please check the Special Service Code availability."
            )
            raise Refusal(400, "Bad request", detail)


def _created(parcel: dict[str, Any]) -> dict[str, Any]:
    waybill = parcel["waybill"]
    documents = [
        {"imageFormat": "PDF", "content": base64.b64encode(label.pdf(parcel)).decode(), "typeCode": "label"},
        {"imageFormat": "PDF", "content": base64.b64encode(proof.receipt(parcel)).decode(), "typeCode": "receipt"},
    ]
    random.shuffle(documents)  # their order means nothing, and callers must not believe it does
    here = f"{settings.SIMULATORS_URL}/dhl/mydhlapi/shipments/{waybill}/tracking"
    return {
        "url": here,
        "shipmentTrackingNumber": waybill,
        "trackingUrl": here,
        "packages": [{"referenceNumber": 1, "trackingNumber": parcel["piece"], "trackingUrl": here}],
        "documents": documents,
        "shipmentDetails": [
            {"dhlRoutingCode": label.routing_code(parcel), "dhlRoutingDataId": "2L", "serviceHandlingFeatureCodes": []}
        ],
        **expected(parcel),
    }


def _parcel(number: str) -> dict[str, Any]:
    parcel = STORE.get("parcel", number)
    if parcel is None:
        raise _not_found()
    return parcel


def _count_reading(number: str, now: datetime) -> None:
    key = f"{number}:{now.astimezone(UTC).date()}"
    with STORE.locked():
        count = (STORE.get("readings", key) or {"count": 0})["count"] + 1
        STORE.put("readings", key, {"count": count})
    if count > DAILY_READINGS:
        raise Refusal(429, "Too Many Requests", "Quota exceeded: at most 10 readings of a shipment a day")


@operation("GET")
def track(request: HttpRequest, number: str) -> HttpResponse:
    """The scans of one shipment; nothing is found before the first one."""
    parcels.advance(clock.now())
    parcel = _parcel(number)
    _count_reading(number, clock.now())
    fault = take(STORE, *TOLD)
    if not parcel["events"] or fault == "silent":
        raise _not_found()
    shown = tracked(parcel, request.GET, request.headers.get("Accept-Language", ""))
    return JsonResponse({"shipments": [disturbed(shown, fault) if fault else shown]})


@operation("GET")
def track_many(request: HttpRequest) -> HttpResponse:
    """By waybills, or by our reference with an account and a range of dates."""
    parcels.advance(clock.now())
    if "shipmentReference" in request.GET:
        found = _by_reference(request)
    else:
        numbers = request.GET.getlist("shipmentTrackingNumber")
        if not 1 <= len(numbers) <= 200:
            raise Refusal(400, "Bad request", "8001: shipmentTrackingNumber or shipmentReference is required")
        found = [parcel for number in numbers if (parcel := STORE.get("parcel", number)) is not None]
        for parcel in found:
            _count_reading(parcel["waybill"], clock.now())
    if request.GET.get("trackingView") != "advance-shipment":
        found = [parcel for parcel in found if parcel["events"]]
    if not found:
        raise _not_found()
    language = request.headers.get("Accept-Language", "")
    return JsonResponse({"shipments": [tracked(parcel, request.GET, language) for parcel in found]})


def _by_reference(request: HttpRequest) -> list[dict[str, Any]]:
    account = request.GET.get("shipperAccountNumber") or request.GET.get("payerAccountNumber")
    try:
        first, last = (date.fromisoformat(request.GET[name]) for name in ("dateRangeFrom", "dateRangeTo"))
    except (KeyError, ValueError):
        raise Refusal(400, "Bad request", "8002: dateRangeFrom and dateRangeTo are required") from None
    if not account:
        raise Refusal(400, "Bad request", "8003: shipperAccountNumber or payerAccountNumber is required")
    reference = request.GET["shipmentReference"]
    return [
        parcel
        for parcel in parcels.bearing(reference)
        if parcel["account"] == account
        and first <= datetime.fromisoformat(parcel["created_at"]).astimezone(_home(parcel)).date() <= last
    ]


def _home(parcel: dict[str, Any]) -> ZoneInfo:
    return ZoneInfo(parcels.zone_name(parcel["from_area"]))


@operation("GET")
def image(request: HttpRequest, number: str) -> HttpResponse:
    """The label again; the month of the shipment must be given."""
    parcel = _parcel(number)
    if request.GET.get("shipperAccountNumber") != parcel["account"]:
        raise Refusal(400, "Bad request", "8003: shipperAccountNumber or payerAccountNumber is required")
    created = datetime.fromisoformat(parcel["created_at"]).astimezone(_home(parcel))
    if request.GET.get("pickupYearAndMonth") != f"{created:%Y-%m}" or request.GET.get("typeCode") != "label":
        raise _not_found()
    content = base64.b64encode(label.pdf(parcel)).decode()
    document = {
        "shipmentTrackingNumber": number,
        "typeCode": "label",
        "encodingFormat": "PDF",
        "content": content,
    }
    return JsonResponse({"documents": [document]})


@operation("GET")
def proof_of_delivery(request: HttpRequest, number: str) -> HttpResponse:
    parcel = _parcel(number)
    delivered = next((event for event in parcel["events"] if event["code"] == "OK"), None)
    if delivered is None:
        raise _not_found()
    content = base64.b64encode(proof.of_delivery(parcel, delivered)).decode()
    return JsonResponse({"documents": [{"encodingFormat": "PDF", "content": content, "typeCode": "POD"}]})
