"""The label as DHL prints it on A4: sender, receiver, service, waybill, routing code and licence plate as Code 128."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import zxingcpp

from escale.partners.kit import paper

SERVICES = {
    "SD": "ADULT SIGNATURE",
    "SF": "DIRECT SIGNATURE",
    "SC": "NAMED SIGNATURE",
    "SE": "CONTRACT SIGNATURE",
    "SG": "SIGNATURE REQUIRED",
    "SX": "NO SIGNATURE REQUIRED",
    "SA": "DELIVERY SIGNATURE",
    "SW": "LEAVE WITH NEIGHBOUR",
}
PRODUCTS = {
    "N": "DOMESTIC EXPRESS",
    "U": "EXPRESS WORLDWIDE EU",
    "D": "EXPRESS WORLDWIDE DOC",
    "P": "EXPRESS WORLDWIDE",
}

_TEMPLATE = """
#let its = sys.inputs
#set document(title: "Étiquette d’envoi " + its.waybill)
#set text(lang: "en", size: 9pt, font: "DejaVu Sans")
#set page(paper: "a4", margin: 1.5cm, header: text(size: 8pt)[SIMULATEUR – SIMULATED LABEL, NOT FOR SHIPPING])
#show heading: set text(size: 13pt)
#let code(file, words) = image(file, width: 100%, height: 2.1cm, fit: "stretch", alt: words)
#rect(width: 12cm, inset: 8pt)[
  = #its.product
  #its.origin #sym.arrow.r #its.destination
  #line(length: 100%)
  From: \\ #its.sender
  #line(length: 100%)
  To: \\ #text(size: 11pt, weight: "bold", its.receiver)
  #line(length: 100%)
  Ref: #its.reference \\
  Contents: #its.contents \\
  Weight: #its.weight kg — Pieces: 1 — Date: #its.day \\
  Services: #its.services
  #line(length: 100%)
  #code("waybill.svg", "Code 128, waybill " + its.waybill)
  #align(center)[WAYBILL #its.printed]
  #code("routing.svg", "Code 128, routing code")
  #align(center)[(2L)#its.routing]
  #code("plate.svg", "Code 128, licence plate of the piece")
  #align(center)[(J) #its.plate]
]
"""


def routing_code(parcel: dict[str, Any]) -> str:
    address = parcel["receiver"]["postalAddress"]
    postcode = re.sub(r"[^A-Z0-9]", "", address["postalCode"].upper())
    return f"{address['countryCode']}{postcode}+48500001"


def _block(party: dict[str, Any]) -> str:
    """The lines of an address. Digits of the phone go by three, so that no reader takes them for a waybill."""
    contact, address = party["contactInformation"], party["postalAddress"]
    digits = re.sub(r"\D", "", contact["phone"])
    phone = "+" * contact["phone"].startswith("+") + " ".join(digits[i : i + 3] for i in range(0, len(digits), 3))
    company = contact["companyName"]
    lines = [
        contact["fullName"],
        company if company != contact["fullName"] else "",
        *(address.get(f"addressLine{number}", "") for number in (1, 2, 3)),
        f"{address['postalCode']} {address['cityName']} {address['countryCode']}",
        f"Tel {phone}",
    ]
    return "\n".join(line for line in lines if line)


def _barcode(text: str) -> bytes:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    return str(zxingcpp.write_barcode_to_svg(made, scale=3)).encode()


def pdf(parcel: dict[str, Any]) -> bytes:
    """One A4 page, tagged. Raises nothing for what the interface accepts."""
    waybill, routing = parcel["waybill"], routing_code(parcel)
    services = [f"{code} {SERVICES[code]}" if code in SERVICES else code for code in parcel["services"]]
    return paper.pdf(
        _TEMPLATE,
        {
            "waybill": waybill,
            "printed": f"{waybill[:2]} {waybill[2:6]} {waybill[6:]}",
            "routing": routing,
            "plate": " ".join(parcel["piece"][i : i + 4] for i in range(0, 20, 4)),
            "product": PRODUCTS.get(parcel["product"], "EXPRESS"),
            "origin": parcel["from_area"],
            "destination": parcel["to_area"],
            "sender": _block(parcel["shipper"]),
            "receiver": _block(parcel["receiver"]),
            "reference": parcel["reference"] or "–",
            "contents": parcel["description"],
            "weight": f"{parcel['weight']:g}",
            "day": f"{datetime.fromisoformat(parcel['created_at']):%Y-%m-%d}",
            "services": ", ".join(services) or "none",
        },
        waybill=_barcode(waybill),
        routing=_barcode(f"2L{routing}"),
        plate=_barcode(f"J{parcel['piece']}"),
    )
