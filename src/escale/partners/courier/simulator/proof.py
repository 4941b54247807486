"""Small papers: the receipt that comes with a label, and the proof of delivery."""

from __future__ import annotations

from typing import Any

from escale.partners.kit import paper

_TEMPLATE = """
#set document(title: sys.inputs.title)
#set text(lang: "en", font: "DejaVu Sans")
#set page(paper: "a5", margin: 2cm, header: text(size: 8pt)[SIMULATEUR – SIMULATED DOCUMENT])
= #sys.inputs.title
#sys.inputs.lines
"""


def _paper(title: str, *lines: str) -> bytes:
    return paper.pdf(_TEMPLATE, {"title": title, "lines": "\n".join(lines)})


def receipt(parcel: dict[str, Any]) -> bytes:
    return _paper("Shipment receipt", f"Waybill {parcel['waybill']}", f"Reference {parcel['reference']}")


def of_delivery(parcel: dict[str, Any], event: dict[str, Any]) -> bytes:
    signed = f"Signed by {event.get('signed_by', '')}"
    return _paper("Proof of delivery", f"Waybill {parcel['waybill']}", f"Delivered {event['at']}", signed)
