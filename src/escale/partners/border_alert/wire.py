"""The words of "sltd-relay/1": what adapter and simulator must agree on.

The interfaces of Interpol are restricted: this one is our proposal (docs/partners/border_alert.md), with the element
names of the public descriptions of FIND. Numbers travel in bodies alone, never in an address.
"""

from __future__ import annotations

import base64
import hashlib

AUDIENCE = "sltd-relay"
TOKEN_SECONDS = 60
STATUSES = {"invalid": "INVALID", "lost": "LOST", "stolen": "STOLEN"}
REASONS = {
    "not_received": "NOT_RECEIVED_40D",
    "old_not_returned": "OLD_NOT_RETURNED_40D",
    "lost": "LOST",
    "stolen": "STOLEN",
    "destroyed": "DESTROYED",
}


def digest(body: bytes) -> str:
    """What a token says of the body it covers."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()
