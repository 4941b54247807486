"""`escale keys`: which master keys are in use, and every case's key wrapped anew with the present one.

Rotation goes by batches and forgets nothing when it is stopped: what is left is what another master key still wraps.
The sites and the workers go on meanwhile. What is sealed is not touched: only the wrapping of each case's key changes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from django.db.models import Count

from escale.vault import keys
from escale.vault.models import CaseKey

BATCH = 500


def in_use() -> dict[str, int]:
    """Master key → how many living keys of cases it wraps; the present one comes first, even when it wraps none."""
    living = CaseKey.objects.filter(wrapped__isnull=False).values("master_key_id")
    counted = dict(living.annotate(count=Count("pk")).values_list("master_key_id", "count"))
    current = keys.current_id()
    return {current: counted.pop(current, 0), **dict(sorted(counted.items()))}


def rotate_all(*, batch: int = BATCH) -> Iterator[int]:
    """Wrap anew, batch after batch; yields how many of each. Raises MasterKeyMissing before a key it cannot open."""
    after = None
    while True:
        left = CaseKey.objects.filter(wrapped__isnull=False).exclude(master_key_id=keys.current_id()).order_by("pk")
        if after is not None:
            left = left.filter(pk__gt=after)
        rows = list(left[:batch])
        if not rows:
            return
        after = rows[-1].pk
        yield sum(keys.rewrap(row) for row in rows)


def _status() -> int:
    counted = in_use()
    known, current = keys.known_ids(), keys.current_id()
    for name, count in counted.items():
        standing = "in use" if name == current else "old" if name in known else "MISSING from ESCALE_VAULT_KEYS"
        print(f"{name}: wraps the keys of {count} case(s), {standing}")
    idle = [name for name in known if name not in counted]
    if idle:
        print(f"wraps nothing any more, may be taken out of ESCALE_VAULT_KEYS: {', '.join(idle)}")
    return 1 if set(counted) - set(known) else 0


def _rotate(batch: int, pause: float) -> int:
    started, done = time.monotonic(), 0
    try:
        for count in rotate_all(batch=batch):
            done += count
            print(f"{done} wrapped anew", flush=True)
            time.sleep(pause)
    except keys.MasterKeyMissing as missing:
        print(missing)
        return 1
    print(f"{done} key(s) wrapped anew with {keys.current_id()} in {time.monotonic() - started:.1f} s.")
    return _status()


def main(argv: list[str]) -> int:
    """`escale keys [status | rotate]`: exit status 1 when a key in use is not at hand."""
    parser = argparse.ArgumentParser(
        prog="escale keys",
        description="Master keys: put the new one first in ESCALE_VAULT_KEYS, restart sites and workers, then rotate.",
        epilog="Rotation may be stopped and started again, and runs while the sites are in use.",
    )
    words = parser.add_subparsers(dest="what")
    words.add_parser("status", help="which master key wraps how many cases' keys (what happens without a word)")
    rotation = words.add_parser("rotate", help="wrap every case's key with the first key of ESCALE_VAULT_KEYS")
    rotation.add_argument("--batch", type=int, default=BATCH, help="keys read at a time (%(default)s)")
    rotation.add_argument("--pause", type=float, default=0.0, help="seconds of rest between two batches (%(default)s)")
    asked = parser.parse_args(argv)
    return _rotate(asked.batch, asked.pause) if asked.what == "rotate" else _status()
