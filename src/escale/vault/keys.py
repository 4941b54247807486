"""Per-case data keys, wrapped by a versioned master key (envelope encryption, AES-256-GCM)."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from escale.vault.master_keys import parsed
from escale.vault.models import CaseKey

_NONCE = 12


class KeyDestroyed(Exception):
    """The case's key is gone: what it sealed can no longer be read, by anyone."""


class MasterKeyMissing(Exception):
    """A master key that still wraps the key of a case is not among ESCALE_VAULT_KEYS any more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"ESCALE_VAULT_KEYS lacks the key {name!r}, which still wraps keys of cases: put it back.")


def _current() -> tuple[str, bytes]:
    return next(iter(parsed(settings.VAULT_KEYS).items()))


def current_id() -> str:
    """The name of the master key in use."""
    return _current()[0]


def known_ids() -> list[str]:
    """The names of the master keys at hand, the one in use first."""
    return list(parsed(settings.VAULT_KEYS))


def drawn(case_id: UUID, *, now: datetime) -> tuple[CaseKey, bytes]:
    """A new key for a case: the row to store, and the key itself."""
    key = AESGCM.generate_key(256)
    wrapped, name = _wrap(case_id, key)
    return CaseKey(case_id=case_id, wrapped=wrapped, master_key_id=name, created_at=now), key


def create(case_id: UUID, *, now: datetime) -> None:
    """Draw a case's key and store it wrapped."""
    row, _ = drawn(case_id, now=now)
    row.save(force_insert=True)


def _wrap(case_id: UUID, key: bytes) -> tuple[bytes, str]:
    """The key wrapped by the master key in use, and the name of that one."""
    (name, master), nonce = _current(), os.urandom(_NONCE)
    return nonce + AESGCM(master).encrypt(nonce, key, _bound_to(case_id)), name


def _unwrap(case_id: UUID, wrapped: bytes | memoryview | None, master_key_id: str) -> bytes:
    if wrapped is None:
        raise KeyDestroyed(str(case_id))
    master = parsed(settings.VAULT_KEYS).get(master_key_id)
    if master is None:
        raise MasterKeyMissing(master_key_id)
    return AESGCM(master).decrypt(bytes(wrapped[:_NONCE]), bytes(wrapped[_NONCE:]), _bound_to(case_id))


def _bound_to(case_id: UUID) -> bytes:
    return b"escale/key/1|" + case_id.bytes


_HELD: ContextVar[dict[UUID, bytes] | None] = ContextVar("keys_held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Within, the key of each case is asked of the database once: for a page that opens many sealed values."""
    token = _HELD.set({})
    try:
        yield
    finally:
        _HELD.reset(token)


def of_case(case_id: UUID) -> bytes:
    """The case's data key. Raises KeyDestroyed, CaseKey.DoesNotExist."""
    known = _HELD.get()
    if known is not None and case_id in known:
        return known[case_id]
    key = _unwrap(case_id, *CaseKey.objects.values_list("wrapped", "master_key_id").get(case_id=case_id))
    if known is not None:
        known[case_id] = key
    return key


def of_cases(case_ids: list[UUID]) -> dict[UUID, bytes]:
    """The keys of many cases in one query; destroyed ones are left out."""
    living = CaseKey.objects.filter(case_id__in=case_ids, wrapped__isnull=False)
    rows = living.values_list("case_id", "wrapped", "master_key_id")
    return {case_id: _unwrap(case_id, wrapped, name) for case_id, wrapped, name in rows}


def rewrap(row: CaseKey) -> bool:
    """Wrap a case's key anew with the master key in use. False: it was destroyed, or wrapped anew, in between.

    Raises KeyDestroyed, MasterKeyMissing.
    """
    wrapped, name = _wrap(row.case_id, _unwrap(row.case_id, row.wrapped, row.master_key_id))
    unchanged = CaseKey.objects.filter(pk=row.pk, master_key_id=row.master_key_id, wrapped__isnull=False)
    return bool(unchanged.update(wrapped=wrapped, master_key_id=name))


def destroy(case_id: UUID, *, now: datetime) -> None:
    """Crypto-shredding: forget the wrapped key for ever."""
    CaseKey.objects.filter(case_id=case_id).update(wrapped=None, destroyed_at=now)
    (_HELD.get() or {}).pop(case_id, None)


def index(purpose: str, value: str) -> str:
    """A keyed digest by which a sealed value can be found again, never read back."""
    message = f"{purpose}\x00{value}".encode()
    return hmac.new(settings.INDEX_KEY.encode(), message, hashlib.sha256).hexdigest()
