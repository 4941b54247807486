"""`escale anchor`: the door of `ledger.anchor`."""

from __future__ import annotations

import argparse
from pathlib import Path

from escale import clock
from escale.ledger import anchor


def main(argv: list[str]) -> int:
    """`escale anchor write FOLDER | key`."""
    parser = argparse.ArgumentParser(
        prog="escale anchor",
        description="Keep where every case's chain stands, signed, outside the database, for `escale verify --anchor`.",
        epilog="Run it every day. The folder and ESCALE_ANCHOR_KEY belong to nobody who can write to the database.",
    )
    words = parser.add_subparsers(dest="what", required=True)
    writing = words.add_parser("write", help="write the next anchor into a folder")
    writing.add_argument("folder", type=Path)
    words.add_parser("key", help="print the public key that anchors are checked with")
    asked = parser.parse_args(argv)
    try:
        if asked.what == "key":
            print(anchor.public_key())
        else:
            asked.folder.mkdir(parents=True, exist_ok=True)
            print(anchor.write(asked.folder, now=clock.now()))
    except (anchor.AnchorRefused, OSError) as refused:
        print(refused)
        return 1
    return 0
