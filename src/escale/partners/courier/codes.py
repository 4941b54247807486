"""What DHL's event codes mean to us. The set is open: a code that is not here is kept raw, as OTHER.

``OK`` alone is a clean delivery; ``DD`` (damaged) and ``PD`` (partial) are exceptions, ``RT`` is never a delivery.
"""

from __future__ import annotations

from escale.ports.courier import ScanKind

_BY_KIND = {
    ScanKind.ACCEPTED: "PU",
    ScanKind.IN_TRANSIT: "AF AR CI CR DF FD IC LV PL RR RW SA SM TP TR UV",
    ScanKind.OUT_FOR_DELIVERY: "WC",
    ScanKind.DELIVERED: "OK",
    ScanKind.EXCEPTION: "AD BA CA CC CD CM DD DM HI HP MC MD MS NA ND NH OH PD RD SS ST TD UD",
    ScanKind.RETURNED: "RT",
    # « Closed shipment », played by our simulator when the carrier cancels a label; the real code is not public.
    ScanKind.CANCELLED: "CS",
}
KINDS: dict[str, ScanKind] = {code: kind for kind, codes in _BY_KIND.items() for code in codes.split()}


def kind_of(code: str) -> ScanKind:
    return KINDS.get(code.upper(), ScanKind.OTHER)
