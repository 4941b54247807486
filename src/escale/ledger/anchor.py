"""Where the chains stood on a day, signed and kept outside the database: whoever rewrites the database is found.

A chain alone shows that entries fit each other. Who can write to the database can recompute all of it. An anchor is a
text file that says of every case with a new entry since the one before how many entries it had and the hash of the
last; it bears the hash of the anchor before it, and an Ed25519 signature. `escale verify --anchor` then demands that
each of those entries still stands where it stood. docs/inspection.md describes the format for inspectors.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from escale.ledger.models import Case, Entry

FORMAT = "escale-anchor/1"
SIGNED = b"signature "
# Transactions end in another order than their entries were numbered: look a little further back each time.
OVERLAP = 10_000


class AnchorRefused(Exception):
    """No key to sign with, or an anchor that is not whole: the sentence names the file."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One file, read: what it says of cases, and what the next one needs of it."""

    number: int
    digest: str
    last_entry: int
    stood: dict[UUID, tuple[int, str]] = field(repr=False)


def _private() -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.ANCHOR_KEY, validate=True))
    except ValueError:
        raise AnchorRefused("Set ESCALE_ANCHOR_KEY to 32 random bytes in base64 (see docs/operations.md).") from None


def public_key() -> str:
    """The key that anchors are checked with, in base64: not a secret. Raises AnchorRefused."""
    return base64.b64encode(_private().public_key().public_bytes_raw()).decode()


def files(folder: Path) -> list[Path]:
    """The anchors of a folder, the oldest first."""
    return sorted(folder.glob("anchor-*.txt"))


def read(path: Path, key: str) -> Anchor:
    """One anchor. Raises AnchorRefused: not ours, altered, or cut."""
    content = path.read_bytes()
    body, _, signature = content.rpartition(SIGNED)
    try:
        verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        verifier.verify(base64.b64decode(signature.strip(), validate=True), body)
        first, *lines = body.decode().splitlines()
        head = json.loads(first)
        stood = {}
        for line in lines:
            case, count, digest = line.split(" ")
            stood[UUID(case)] = (int(count), digest)
    except (InvalidSignature, ValueError):
        raise AnchorRefused(f"{path.name}: its signature is not that of this key: it was altered or cut.") from None
    if head["format"] != FORMAT or head["cases"] != len(stood):
        raise AnchorRefused(f"{path.name}: not an anchor of this version.")
    return Anchor(head["number"], hashlib.sha256(content).hexdigest(), head["last_entry"], stood)


def read_all(folder: Path, key: str) -> dict[UUID, dict[int, str]]:
    """Case → number of an entry → the hash it had, from every anchor. Raises AnchorRefused: one is bad or missing."""
    found: dict[UUID, dict[int, str]] = defaultdict(dict)
    before = ""
    paths = files(folder)
    if not paths:
        raise AnchorRefused(f"{folder}: there is no anchor here.")
    for number, path in enumerate(paths, start=1):
        anchor = read(path, key)
        said = json.loads(path.read_bytes().partition(b"\n")[0])["previous"]
        if anchor.number != number or said != before:
            raise AnchorRefused(f"{path.name}: the anchor before it is missing or was replaced.")
        before = anchor.digest
        for case, (count, digest) in anchor.stood.items():
            found[case][count] = digest
    return found


def _last(folder: Path) -> Anchor | None:
    paths = files(folder)
    return read(paths[-1], public_key()) if paths else None


def write(folder: Path, *, now: datetime) -> Path:
    """Write the next anchor, whole or not at all. Raises AnchorRefused, OSError."""
    private, last = _private(), _last(folder)
    newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    moved = Entry.objects.filter(pk__gt=last.last_entry - OVERLAP if last else 0).values("case_id")
    cases = Case.objects.filter(pk__in=moved, entries_count__gt=0).order_by("pk")
    lines = [f"{case} {count} {hash}" for case, count, hash in cases.values_list("pk", "entries_count", "last_hash")]
    number = last.number + 1 if last else 1
    head = {
        "format": FORMAT,
        "number": number,
        "made_at": now.isoformat(timespec="seconds"),
        "previous": last.digest if last else "",
        "last_entry": newest,
        "cases": len(lines),
    }
    body = "\n".join([json.dumps(head), *lines, ""]).encode()
    path = folder / f"anchor-{number:06}-{now:%Y-%m-%d}.txt"
    _put(path, body + SIGNED + base64.b64encode(private.sign(body)) + b"\n")
    return path


def _put(path: Path, content: bytes) -> None:
    """On the disk, read-only, under its name only once it is whole."""
    draft = path.with_suffix(".part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o444)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.link(draft, path)  # never over another one: two that run at once do not hide each other
    finally:
        draft.unlink(missing_ok=True)
