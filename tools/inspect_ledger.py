#!/usr/bin/env python3
"""Check the chains of an export of Escale without Escale: for an inspector, on a machine of their own.

    python3 inspect_ledger.py EXPORT [--anchors FOLDER --key PUBLIC_KEY]

EXPORT is what `escale verify --export` wrote. This file uses nothing of the product and reads no database; it needs
Python 3.11 or later, and the package `cryptography` for the signatures of the anchors. The format of both, and what
this proves and does not prove, is docs/inspection.md. Exit status: 0 all well, 1 something found, 2 cannot be read.
"""

import argparse
import base64
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

try:  # only those who check anchors need it
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None

BEFORE_THE_FIRST = "0" * 64


def link(case, entry):
    """What the hash of an entry must be."""
    at = datetime.fromisoformat(entry["at"]).astimezone(UTC)
    fields = (
        entry["previous"],
        case,
        str(entry["seq"]),
        at.isoformat(timespec="microseconds"),
        entry["actor"],
        entry["event"],
        entry["sealed_sha256"],
    )
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


def faults(told, stood):
    """What is wrong with one case of the export; ``stood``: number of an entry → the hash that was anchored."""
    previous, entries = BEFORE_THE_FIRST, told["entries"]
    for place, entry in enumerate(entries, start=1):
        if entry["seq"] != place:
            yield f"entry {place} is missing or out of order"
            return
        if entry["previous"] != previous or entry["hash"] != link(told["case"], entry):
            yield f"entry {place} was altered"
            return
        previous = entry["hash"]
    if len(entries) != told["count"] or previous != (told["last"] or BEFORE_THE_FIRST):
        yield "the end of the chain is missing"
    for seq, digest in sorted(stood.items()):
        if seq > len(entries) or entries[seq - 1]["hash"] != digest:
            yield f"entry {seq} is not the one that was anchored"


def read_anchors(folder, key):
    """Case → number of an entry → hash. Raises ValueError: an anchor is missing, or not signed by this key."""
    if Ed25519PublicKey is None:
        raise ValueError("anchors need the package `cryptography`: python3 -m pip install cryptography")
    verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
    stood, before = {}, ""
    paths = sorted(folder.glob("anchor-*.txt"))
    if not paths:
        raise ValueError(f"{folder}: there is no anchor here")
    for number, path in enumerate(paths, start=1):
        content = path.read_bytes()
        body, _, signature = content.rpartition(b"signature ")
        try:
            verifier.verify(base64.b64decode(signature), body)
        except InvalidSignature:
            raise ValueError(f"{path.name}: not signed by this key, altered or cut") from None
        first, *lines = body.decode().splitlines()
        head = json.loads(first)
        if head["format"] != "escale-anchor/1" or head["number"] != number or head["previous"] != before:
            raise ValueError(f"{path.name}: the anchor before it is missing or was replaced")
        before = hashlib.sha256(content).hexdigest()
        for line in lines:
            case, count, digest = line.split(" ")
            stood.setdefault(case, {})[int(count)] = digest
    return stood


def inspect(export, stood):
    """Print what is found. Returns how many cases were read and how many faults there are."""
    cases = found = 0
    seen = set()
    with export.open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            cases += 1
            seen.add(told["case"])
            for fault in faults(told, stood.get(told["case"], {})):
                found += 1
                print(f"{told['reference']}: {fault}")
    for case in sorted(set(stood) - seen):
        found += 1
        print(f"{case}: was anchored and is not in the export")
    return cases, found


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export", type=Path, help="file written by `escale verify --export`")
    parser.add_argument("--anchors", type=Path, metavar="FOLDER", help="folder of the anchors")
    parser.add_argument("--key", metavar="PUBLIC_KEY", help="what `escale anchor key` printed when it was set up")
    asked = parser.parse_args(argv)
    if bool(asked.anchors) != bool(asked.key):
        parser.error("--anchors and --key go together")
    try:
        cases, found = inspect(asked.export, read_anchors(asked.anchors, asked.key) if asked.anchors else {})
    except (OSError, ValueError, KeyError) as unreadable:
        print(f"cannot be read: {unreadable}")
        return 2
    print(f"{cases} case(s) read, {found} fault(s).")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
