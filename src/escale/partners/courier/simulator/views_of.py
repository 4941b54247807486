"""A parcel as the tracking reply shows it: hours local to each service area, offsets only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from escale.partners.courier.simulator.parcels import AREAS, EVENTS, zone_name

USUALLY = timedelta(days=3)


def tracked(parcel: dict[str, Any], asked: Mapping[str, str], language: str = "") -> dict[str, Any]:
    """Events come last first, as DHL sends them; in French when ``language`` is ``fre``, else in English."""
    with_offsets = asked.get("requestGMTOffsetPerEvent") == "true"
    events = [_event(event, with_offsets, in_french=language[:3] == "fre") for event in reversed(parcel["events"])]
    events = {"last-checkpoint": events[:1], "shipment-details-only": []}.get(asked.get("trackingView", ""), events)
    created = datetime.fromisoformat(parcel["created_at"]).astimezone(ZoneInfo(zone_name(parcel["from_area"])))
    return {
        "shipmentTrackingNumber": parcel["waybill"],
        "status": "Success",
        "shipmentTimestamp": f"{created:%Y-%m-%dT%H:%M:%S}",
        "productCode": parcel["product"],
        "description": parcel["description"],
        "shipperDetails": _party(parcel["shipper"], parcel["from_area"]),
        "receiverDetails": _party(parcel["receiver"], parcel["to_area"]),
        "totalWeight": parcel["weight"],
        "unitOfMeasurements": "metric",
        "shipperReferences": [{"value": parcel["reference"], "typeCode": "CU"}],
        "events": events,
        "numberOfPieces": 1,
        **expected(parcel),
        "pieces": [{"number": 1, "typeCode": "", "trackingNumber": parcel["piece"], "weight": parcel["weight"]}],
    }


def expected(parcel: dict[str, Any]) -> dict[str, str]:
    """The day it should arrive, three days after it was handed in or announced; nothing once its way has ended."""
    if parcel["ended"]:
        return {}
    start = datetime.fromisoformat(parcel["accepted_at"] or parcel["created_at"])
    return {"estimatedDeliveryDate": f"{start.astimezone(ZoneInfo(zone_name(parcel['to_area']))) + USUALLY:%Y-%m-%d}"}


def disturbed(shown: dict[str, Any], fault: str) -> dict[str, Any]:
    """The same reply as a carrier in trouble gives it: scans twice, the latest not there yet, or in any order."""
    events = list(shown["events"])
    if fault == "duplicate":
        events = [event for event in events for _ in range(2)]
    elif fault == "late":
        events = events[1:]
    elif fault == "reordered":
        events = events[1::2] + events[::2]
    return {**shown, "events": events}


def _party(party: dict[str, Any], area: str) -> dict[str, Any]:
    address = party["postalAddress"]
    return {
        "name": party["contactInformation"]["fullName"],
        "postalAddress": {key: address[key] for key in ("cityName", "postalCode", "countryCode")},
        "serviceArea": [{"code": area, "description": AREAS[area]}],
    }


def _event(event: dict[str, Any], with_offset: bool, *, in_french: bool) -> dict[str, Any]:
    at = datetime.fromisoformat(event["at"]).astimezone(ZoneInfo(zone_name(event["area"])))
    shown = {
        "date": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M:%S}",
        "typeCode": event["code"],
        "description": EVENTS[event["code"]][0] if in_french else event["description"],
        "serviceArea": [{"code": event["area"], "description": AREAS[event["area"]]}],
        "signedBy": event.get("signed_by", ""),
    }
    if with_offset:
        offset = f"{at:%z}"
        shown["GMTOffset"] = f"{offset[:3]}:{offset[3:]}"
    return shown
