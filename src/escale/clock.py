"""The hour. In demonstration the clock is virtual: real time plus an offset shared by product and simulators.

The offset is a file in the data directory, so every process sees a move at once. It only goes forward. Production
refuses it: there the hour is the machine's.
"""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path


class ClockRefused(Exception):
    """The clock may not be moved: in production, or backwards."""


def _is_virtual() -> bool:
    return os.environ.get("ESCALE_MODE", "demo") != "production"


def _path() -> Path:
    return Path(os.environ.get("ESCALE_DATA_DIR", "var")) / "clock.json"


def offset() -> timedelta:
    """How far ahead of the machine's clock we are."""
    if not _is_virtual():
        return timedelta(0)
    try:
        return timedelta(seconds=json.loads(_path().read_text())["offset_seconds"])
    except FileNotFoundError:
        return timedelta(0)


def now() -> datetime:
    """The current instant, in UTC. Called by doors only (views, worker, hooks, simulators); the rest receives it."""
    return datetime.now(UTC) + offset()


def advance(delta: timedelta) -> datetime:
    """Move the virtual clock forward. Raises ClockRefused in production or for a negative ``delta``."""
    if not _is_virtual():
        raise ClockRefused("the clock cannot be moved in production")
    if delta < timedelta(0):
        raise ClockRefused("the clock only goes forward")
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    total = (offset() + delta).total_seconds()
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as draft:
        json.dump({"offset_seconds": total}, draft)
    os.replace(draft.name, path)
    return now()


def advance_to(instant: datetime) -> datetime:
    """Move the virtual clock forward to ``instant`` (aware). Raises ClockRefused when it is past."""
    return advance(instant - now())
