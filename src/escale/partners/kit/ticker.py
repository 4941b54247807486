"""Makes simulators live: each registers a function called twice a second with the virtual hour."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from escale import clock

type Tick = Callable[[datetime], None]

_TICKS: list[Tick] = []
_LOG = logging.getLogger("escale.simulators")


def every_tick(function: Tick) -> Tick:
    """Register ``function(now)``. It must be quick and may fail: the failure is logged, the next tick comes."""
    _TICKS.append(function)
    return function


def run_once(now: datetime) -> None:
    for tick in _TICKS:
        try:
            tick(now)
        except Exception:
            _LOG.exception("tick %s failed", tick.__module__)


def start(stop: threading.Event, pause: float = 0.5) -> threading.Thread:
    """Run ticks in a daemon thread until ``stop``."""

    def loop() -> None:
        while not stop.wait(pause):
            run_once(clock.now())

    thread = threading.Thread(target=loop, name="ticker", daemon=True)
    thread.start()
    return thread
