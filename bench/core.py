"""Whole journeys folded by the law on one core (S5), and a 5 MB document sealed and opened (S6).

    .venv/bin/python -m bench.core [--seconds 2]

The peer of the first is a floor: as many look-ups in a dictionary of (state, event) as there are events, without
gates, consequences or copies. The peer of the second is AES-256-GCM of the same library over the same bytes.
"""

from __future__ import annotations

import argparse
import os
import time
import uuid
from collections.abc import Callable

import django
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench import ground
from escale.case.events import Event
from escale.case.gates import Setting
from escale.case.moves import unfold
from escale.case.replay import replay
from escale.case.tracks import Outcome, outcome, starting_tracks
from escale.case.transitions import MOVES, main_track
from escale.simulation.paths import MOMENTS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
django.setup()

from escale.vault import sealing  # noqa: E402 - models exist once Django is set up

STRAIGHT = "SAPRVBHKMWDLFQO"
DOCUMENT = 5_000_000


def rate(work: Callable[[], object], seconds: float) -> float:
    """Times per second, after one call that does not count."""
    work()
    started, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - started) < seconds:
        work()
        count += 1
    return count / spent


def journey() -> tuple[Event, ...]:
    """Every event of the straight way, those that the law adds included."""
    tracks, found = starting_tracks(), []
    for moment in STRAIGHT:
        tracks, happened = unfold(tracks, MOMENTS[moment], Setting())
        found.extend(happened)
    assert outcome(tracks) is Outcome.COMPLETED
    return tuple(found)


def core(seconds: float) -> None:
    """S5."""
    events = journey()
    moves = [(main_track(type(event)), type(event)) for event in events]
    tables = MOVES

    def decide() -> None:
        tracks = starting_tracks()
        for moment in STRAIGHT:
            tracks, _ = unfold(tracks, MOMENTS[moment], Setting())

    def floor() -> None:
        tracks = starting_tracks()
        for track, kind in moves:
            tracks[track] = tables[track].get((tracks[track], kind), tracks[track])

    decided, replayed, looked = rate(decide, seconds), rate(lambda: replay(events), seconds), rate(floor, seconds)
    print(f"journeys of {len(events)} events, one core: decided {decided:.0f}/s, replayed {replayed:.0f}/s,")
    print(f"  bare look-ups {looked:.0f}/s: replay is {replayed / looked:.2f} of that floor")


def vault(seconds: float) -> None:
    """S6."""
    key, case, plain = os.urandom(32), uuid.uuid4(), os.urandom(DOCUMENT)
    raw, nonce = AESGCM(key), os.urandom(12)

    def ours() -> None:
        sealing.open_with(key, case, "document", sealing.seal_with(key, case, "document", plain))

    def bare() -> None:
        raw.decrypt(nonce, raw.encrypt(nonce, plain, b""), b"")

    mine, peer = rate(ours, seconds), rate(bare, seconds)
    print(
        f"5 MB sealed and opened: {mine:.0f}/s, AES-256-GCM alone {peer:.0f}/s: ratio {mine / peer:.2f} (S6 wants 0.7)"
    )


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of each of the measures")
    seconds = parser.parse_args().seconds
    print(ground.machine())
    core(seconds)
    vault(seconds)


if __name__ == "__main__":
    main()
