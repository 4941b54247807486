"""What the simulators of both sign-ins share: signing keys that rotate, tickets that expire, switches.

Everything lives in the simulators' store and follows the virtual clock.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from joserfc import jws
from joserfc.jwk import ECKey

from escale.partners.kit.store import Store


class SigningKeys:
    """ES256 keys of a provider: the one in use, and the one before it, still published."""

    def __init__(self, store: Store, name: str) -> None:
        self._store, self._name = store, name

    def published(self) -> dict[str, Any]:
        """The JWKS: public members alone."""
        return {"keys": [ECKey.import_key(key).as_dict(private=False) for key in self._keys()]}

    def sign(self, claims: dict[str, Any], *, unpublished: bool = False) -> str:
        """A compact JWS whose header holds ``alg`` and ``kid`` alone. ``unpublished``: with a key nobody can know."""
        key = self._drawn("inconnue") if unpublished else ECKey.import_key(self._keys()[0])
        header = {"alg": "ES256", "kid": key.kid}
        return jws.serialize_compact(header, json.dumps(claims).encode(), key, algorithms=["ES256"])

    def opened(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that we signed, whatever its age; None when we did not sign it."""
        for key in self._keys():
            try:
                payload = jws.deserialize_compact(token, ECKey.import_key(key), algorithms=["ES256"]).payload
            except Exception:  # whatever is wrong with a token from outside, it is not ours
                continue
            claims: dict[str, Any] = json.loads(payload)
            return claims
        return None

    def rotate(self) -> str:
        """Sign with a new key from now on; the former one stays published. Returns the new key's id."""
        with self._store.locked():
            keys = self._keys()
            number = int(keys[0]["kid"].rpartition("-")[2]) + 1
            key = self._drawn(str(number))
            self._store.put("keys", "signing", {"keys": [key.as_dict(private=True), keys[0]]})
        return str(key.kid)

    def _keys(self) -> list[dict[str, Any]]:
        kept = self._store.get("keys", "signing")
        if kept is None:
            with self._store.locked():
                kept = self._store.get("keys", "signing") or {"keys": [self._drawn("1").as_dict(private=True)]}
                self._store.put("keys", "signing", kept)
        keys: list[dict[str, Any]] = kept["keys"]
        return keys

    def _drawn(self, number: str) -> ECKey:
        return ECKey.generate_key(
            "P-256", {"kid": f"{self._name}-{number}", "use": "sig", "alg": "ES256"}, private=True
        )


class Tickets:
    """Documents under an unguessable name, for a while: codes, access tokens, sessions, interactions."""

    def __init__(self, store: Store, kind: str, *, seconds: float) -> None:
        self._store, self._kind, self._seconds = store, kind, seconds

    def issue(self, body: dict[str, Any], *, now: datetime) -> str:
        """Keep ``body`` and return its name. Documents that have expired are thrown away on the way."""
        name = secrets.token_urlsafe(32)
        with self._store.locked():
            for old, other in self._store.all(self._kind):
                if other["ends"] + self._seconds <= now.timestamp():
                    self._store.delete(self._kind, old)
            self._store.put(self._kind, name, {**body, "ends": now.timestamp() + self._seconds})
        return name

    def get(self, name: str, *, now: datetime) -> dict[str, Any] | None:
        body = self._store.get(self._kind, name) if name else None
        return body if body and body["ends"] > now.timestamp() else None

    def change(self, name: str, **fields: Any) -> None:
        with self._store.locked():
            body = self._store.get(self._kind, name)
            if body is not None:
                self._store.put(self._kind, name, {**body, **fields})

    def end(self, name: str) -> None:
        self._store.delete(self._kind, name)


class Switches:
    """Named values that change how a simulator behaves, with their defaults."""

    def __init__(self, store: Store, defaults: dict[str, str]) -> None:
        self._store, self.defaults = store, defaults

    def all(self) -> dict[str, str]:
        return {**self.defaults, **(self._store.get("switches", "current") or {})}

    def set(self, name: str, value: str) -> None:
        """Raises KeyError for an unknown name."""
        if name not in self.defaults:
            raise KeyError(name)
        with self._store.locked():
            self._store.put("switches", "current", {**self.all(), name: value})

    def take(self, name: str) -> str:
        """The value, which goes back to its default: a switch for one use."""
        with self._store.locked():
            value = self.all()[name]
            if value != self.defaults[name]:
                self.set(name, self.defaults[name])
        return value


class SeeOther(HttpResponseRedirect):
    """Both providers redirect with 303."""

    status_code = 303


def see_other(address: str, **parameters: str) -> HttpResponseRedirect:
    """To an address, with parameters added to its query."""
    if parameters:
        address = f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
    return SeeOther(address)


def error_code(*parts: str) -> str:
    """A support code of the family ``Y04…``: always the same for the same error."""
    return "Y04" + hashlib.sha256(" ".join(parts).encode()).hexdigest()[:5].upper()


def error_id() -> str:
    return str(uuid.uuid4())
