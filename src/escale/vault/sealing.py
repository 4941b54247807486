"""Seal and open: AES-256-GCM with the case's key, bound to the case and to what the value is for.

``purpose`` is part of the associated data: a value sealed for one purpose cannot be opened as another.
"""

from __future__ import annotations

import json
import os
from collections.abc import Buffer, Iterable
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from escale.vault import keys

_NONCE = 12
_TAG = 16


class SealBroken(Exception):
    """The sealed bytes were altered, or belong to another case or purpose."""


def _bound_to(case_id: UUID, purpose: str) -> bytes:
    return b"escale/seal/1|" + case_id.bytes + b"|" + purpose.encode()


def seal_with(key: bytes, case_id: UUID, purpose: str, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    sealed = bytearray(_NONCE + len(plain) + _TAG)
    sealed[:_NONCE] = nonce
    # Written in place: gluing the nonce before megabytes costs more than sealing them.
    AESGCM(key).encrypt_into(nonce, plain, _bound_to(case_id, purpose), memoryview(sealed)[_NONCE:])
    return bytes(sealed)


def open_with(key: bytes, case_id: UUID, purpose: str, sealed: Buffer) -> bytes:
    """Raises SealBroken."""
    try:
        parts = memoryview(sealed)  # a document of megabytes is not copied to be cut in two
        return AESGCM(key).decrypt(parts[:_NONCE], parts[_NONCE:], _bound_to(case_id, purpose))
    except InvalidTag:
        raise SealBroken(purpose) from None


def seal(case_id: UUID, purpose: str, plain: bytes) -> bytes:
    """Seal bytes. Raises KeyDestroyed."""
    return seal_with(keys.of_case(case_id), case_id, purpose, plain)


def unseal(case_id: UUID, purpose: str, sealed: Buffer) -> bytes:
    """Open what ``seal`` closed. Raises KeyDestroyed, SealBroken."""
    return open_with(keys.of_case(case_id), case_id, purpose, sealed)


def seal_json(case_id: UUID, purpose: str, value: Any) -> bytes:
    """Seal a JSON value."""
    return seal(case_id, purpose, json.dumps(value, ensure_ascii=False).encode())


def unseal_json(case_id: UUID, purpose: str, sealed: Buffer) -> Any:
    """Open a sealed JSON value. Raises KeyDestroyed, SealBroken."""
    return json.loads(unseal(case_id, purpose, sealed))


def unseal_many(purpose: str, rows: Iterable[tuple[UUID, Buffer]]) -> dict[UUID, Any]:
    """Open one JSON value of each of many cases, with one query for the keys; destroyed cases are left out."""
    rows = list(rows)
    found = keys.of_cases([case_id for case_id, _ in rows])
    return {
        case_id: json.loads(open_with(found[case_id], case_id, purpose, sealed))
        for case_id, sealed in rows
        if case_id in found
    }
