"""Runs PyPI ``karrio-mydhl`` (Apache-2.0) against our carrier: creates a shipment, reads its tracking.

Run by ``test_independent_client.py`` in a process of its own: ``with_karrio.py BASE_URL create|track [WAYBILL]``.
Prints what this client understood, as JSON. The client speaks version 2, which has no ``x-version``: it is added.
"""

import base64
import json
import sys

import karrio.lib as lib
import karrio.sdk as karrio
from karrio.core import models
from karrio.providers.mydhl.utils import Settings

base_url, action, *rest = sys.argv[1:]
Settings.server_url = property(lambda self: base_url)
plain_request = lib.request


def versioned(**options):
    return plain_request(**{**options, "headers": {**options.get("headers", {}), "x-version": "3.3.2"}})


lib.request = versioned
gateway = karrio.gateway["mydhl"].create(
    {"username": "escale", "password": "simulateur-dhl", "account_number": "960123456"}
)

if action == "create":
    address = {"city": "Toronto", "postal_code": "M5V 2T6", "country_code": "CA", "phone_number": "4165550100"}
    request = models.ShipmentRequest(
        service="mydhl_express_domestic",
        shipper={**address, "company_name": "Consulat", "person_name": "Agent", "address_line1": "2 Bloor Street"},
        recipient={**address, "person_name": "Jeanne Durand", "address_line1": "12 rue X"},
        parcels=[{"weight": 0.3, "weight_unit": "KG", "length": 35, "width": 28, "height": 1, "dimension_unit": "CM"}],
        options={"shipment_date": rest[0]},
    )
    shipment, messages = karrio.Shipment.create(request).from_(gateway).parse()
    label = base64.b64decode(shipment.docs.label) if shipment else b""
    told = {
        "waybill": shipment.tracking_number if shipment else "",
        "label": label[:5].decode(),
        "messages": [message.message for message in messages],
    }
else:
    found, messages = karrio.Tracking.fetch(models.TrackingRequest(tracking_numbers=rest)).from_(gateway).parse()
    told = {
        "waybill": found[0].tracking_number if found else "",
        "delivered": found[0].delivered if found else None,
        "codes": [event.code for event in found[0].events] if found else [],
        "places": [event.location for event in found[0].events] if found else [],
        "proof": bool(found and found[0].images and found[0].images.signature_image),
        "messages": [message.message for message in messages],
    }
print(json.dumps(told))
