"""`escale worker`: outbox, clock and polls in one loop. Any number may run; stop with SIGTERM."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
import time

from django.db import close_old_connections

from escale import clock
from escale.worker.outbox import drain
from escale.worker.registry import handlers
from escale.worker.sweep import sweep

LOG = logging.getLogger("escale.worker")
IDLE_SECONDS = 0.2
POLL_SECONDS = 1.0


def run(stop: threading.Event, *, once: bool = False) -> None:
    """Work until ``stop``. ``once``: until nothing is due any more."""
    last_poll = 0.0
    while not stop.is_set():
        close_old_connections()
        done = 0
        try:
            if once or time.monotonic() - last_poll >= POLL_SECONDS:
                last_poll = time.monotonic()
                done += _poll_each()
            done += sweep(clock.now()) + drain(clock.now())
        except Exception:
            LOG.exception("a round of the worker failed")
            stop.wait(1.0)
        if once and done == 0:
            return
        if done == 0:
            stop.wait(IDLE_SECONDS)


def _poll_each() -> int:
    """Every poll once. One that fails is logged, and neither the others nor what is due wait for it."""
    done = 0
    for poll in handlers().polls:
        try:
            done += poll(now=clock.now()) or 0
        except Exception:
            LOG.exception("poll %s failed", poll.__name__)
    return done


def main(argv: list[str]) -> int:
    """`escale worker [--once]`."""
    parser = argparse.ArgumentParser(prog="escale worker", description="Do what is due: effects, deadlines, polls.")
    parser.add_argument("--once", action="store_true", help="stop when nothing is due any more")
    once = parser.parse_args(argv).once
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(stop, once=once)
    return 0
