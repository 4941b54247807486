"""Names of rooms: unguessable, the same for the same reference, and such that every provider accepts them."""

from __future__ import annotations

import hashlib
import hmac
import re

from escale.case.values import CROCKFORD

# The rule of the Webconférence de l'État: letters and digits, at least ten, of which three digits and one letter.
WEBCONF_NAME = re.compile(r"(?=[a-zA-Z0-9]*[a-zA-Z])(?=(?:[a-zA-Z0-9]*[0-9]){3})[a-zA-Z0-9]{10,}")
_LENGTH = 20  # characters of five bits: a hundred bits


def draw(secret: str, reference: str) -> str:
    """A name for ``reference``. Without ``secret`` nobody can tell it, with it a repeated call finds the same room."""
    attempt = 0
    while True:
        digest = hmac.new(secret.encode(), f"{attempt}:{reference}".encode(), hashlib.sha256).digest()
        name = "Psp" + "".join(CROCKFORD[byte % 32] for byte in digest[:_LENGTH])
        if WEBCONF_NAME.fullmatch(name):
            return name
        attempt += 1
