"""The code of the second device as a picture to scan."""

from __future__ import annotations

import base64
from functools import lru_cache

import zxingcpp


@lru_cache(maxsize=64)
def qr_code(address: str) -> str:
    """A QR code as a ``data:`` address. What ``address`` holds after « # » never reaches a server."""
    symbol = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = str(zxingcpp.write_barcode_to_svg(symbol, scale=6))
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
