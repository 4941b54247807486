"""The body of ``POST /shipments``: one document envelope, without any value-added service, so never adult signature."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.partners.courier.places import zone_of_country
from escale.partners.courier.plain import cut, latin, lines
from escale.ports.courier import Party
from escale.ports.errors import PartnerRefused

PARTNER = "courier"
REFERENCE_LENGTH = 35
DOMESTIC, EUROPEAN, DOCUMENTS = "N", "U", "D"
EUROPEAN_UNION = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
ENVELOPE = {"weight": 0.3, "dimensions": {"length": 35, "width": 28, "height": 1}}  # kg and cm
CONTENTS = "PASSPORT (OFFICIAL DOCUMENT)"


def body(*, account: str, reference: str, sender: Party, receiver: Party, ready_at: datetime) -> dict[str, Any]:
    """Raises PartnerRefused when a required field would be empty once transliterated."""
    if not 0 < len(reference) <= REFERENCE_LENGTH:
        raise PartnerRefused(PARTNER, "reference_length")
    return {
        "plannedShippingDateAndTime": planned(ready_at, sender.country),
        "pickup": {"isRequested": False},
        "productCode": product(sender.country, receiver.country),
        "accounts": [{"typeCode": "shipper", "number": account}],
        "customerReferences": [{"value": reference, "typeCode": "CU"}],
        "customerDetails": {
            "shipperDetails": _party(sender, phone=sender.phone or receiver.phone),
            "receiverDetails": _party(receiver, phone=receiver.phone or sender.phone),
        },
        "content": {
            "packages": [{**ENVELOPE, "customerReferences": [{"value": reference, "typeCode": "CU"}]}],
            "isCustomsDeclarable": False,
            "description": CONTENTS,
            "incoterm": "DAP",
            "unitOfMeasurement": "metric",
        },
        "outputImageProperties": {
            "encodingFormat": "pdf",
            "imageOptions": [{"typeCode": "label", "templateName": "ECOM26_84_A4_001"}],
        },
    }


def planned(ready_at: datetime, country: str) -> str:
    """DHL's own form of an hour: ``2026-12-01T10:00:00GMT+01:00``, local to the sender where we know its zone."""
    zone = zone_of_country(country)
    local = ready_at.astimezone(zone) if zone else ready_at
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%dT%H:%M:%S}GMT{offset[:3]}:{offset[3:5]}"


def product(origin: str, destination: str) -> str:
    if origin == destination:
        return DOMESTIC
    if {origin, destination} <= EUROPEAN_UNION:
        return EUROPEAN
    return DOCUMENTS


def _party(party: Party, *, phone: str) -> dict[str, Any]:
    street = lines((party.line1, party.line2), count=3, length=45)
    address = {
        "postalCode": cut(latin(party.postcode), 12),
        "cityName": cut(latin(party.city), 45),
        "countryCode": party.country.upper(),
        **{f"addressLine{number}": line for number, line in enumerate(street, start=1)},
    }
    contact = {
        "phone": cut(latin(phone), 70),
        # Required even for a private person, whose name is then repeated.
        "companyName": cut(latin(party.company) or latin(party.name), 100),
        "fullName": cut(latin(party.name), 255),
    }
    if 0 < len(party.email) <= 70:  # optional: an address cut short would reach somebody else
        contact["email"] = party.email
    for field, value in {**address, **contact, "addressLine1": address.get("addressLine1", "")}.items():
        if not value:
            raise PartnerRefused(PARTNER, f"empty_{field}")
    return {"postalAddress": address, "contactInformation": contact}
