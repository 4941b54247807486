"""The setting ESCALE_VAULT_KEYS, read: pure, so that the settings themselves can refuse what cannot be used."""

from __future__ import annotations

import base64
from functools import cache

FORM = "ESCALE_VAULT_KEYS: `id:base64 of 32 bytes`, several separated by commas, each id once."


@cache
def parsed(text: str) -> dict[str, bytes]:
    """Name → key, the one in use first. Raises ValueError: the sentence says the form."""
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except ValueError:
            raw = b""
        if not name or name in keys or len(raw) != 32:
            raise ValueError(FORM)
        keys[name] = raw
    return keys
