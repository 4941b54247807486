"""Five wrong tries an hour for one NUMIC, known or not: then the register asks to wait."""

from __future__ import annotations

import hashlib
from datetime import datetime

from escale.partners.kit.store import Store

STORE = Store("register")
LIMIT = 5
HOUR = 3600.0


def wait(numic: str, now: datetime) -> int:
    """Seconds to wait before the next try; 0 when it may be made."""
    recent = _recent(numic, now)
    return 0 if len(recent) < LIMIT else max(1, int(recent[-LIMIT] + HOUR - now.timestamp()))


def count(numic: str, now: datetime) -> None:
    with STORE.locked():
        STORE.put("tries", _name(numic), {"at": [*_recent(numic, now), now.timestamp()]})


def _recent(numic: str, now: datetime) -> list[float]:
    kept = STORE.get("tries", _name(numic)) or {"at": []}
    return [at for at in kept["at"] if at > now.timestamp() - HOUR]


def _name(numic: str) -> str:
    return hashlib.sha256(numic.encode()).hexdigest()
