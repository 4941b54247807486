"""The chain of a case's entries: each hash covers the sealed payload, the circumstances and the hash before."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

GENESIS = "0" * 64


def link(*, previous: str, case_id: str, seq: int, at: datetime, actor: str, event: str, payload: bytes) -> str:
    """SHA-256 of the entry, in hexadecimal. It stays checkable after the case's key is destroyed."""
    sealed = hashlib.sha256(payload).hexdigest()
    fields = (previous, case_id, str(seq), at.astimezone(UTC).isoformat(timespec="microseconds"), actor, event, sealed)
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()
