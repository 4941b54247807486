"""A parcel as the tracking reply shows it: hours local to each service area, offsets only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from escale.partners.courier.simulator.parcels import AREAS, zone_name


def tracked(parcel: dict[str, Any], asked: Mapping[str, str]) -> dict[str, Any]:
    """Events come last first, as DHL sends them."""
    with_offsets = asked.get("requestGMTOffsetPerEvent") == "true"
    events = [_event(event, with_offsets) for event in reversed(parcel["events"])]
    if asked.get("trackingView") == "last-checkpoint":
        events = events[:1]
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
        "pieces": [{"number": 1, "typeCode": "", "trackingNumber": parcel["piece"], "weight": parcel["weight"]}],
    }


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


def _event(event: dict[str, Any], with_offset: bool) -> dict[str, Any]:
    at = datetime.fromisoformat(event["at"]).astimezone(ZoneInfo(zone_name(event["area"])))
    shown = {
        "date": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M:%S}",
        "typeCode": event["code"],
        "description": event["description"],
        "serviceArea": [{"code": event["area"], "description": AREAS[event["area"]]}],
        "signedBy": event.get("signed_by", ""),
    }
    if with_offset:
        offset = f"{at:%z}"
        shown["GMTOffset"] = f"{offset[:3]}:{offset[3:]}"
    return shown
