"""The services registered at the simulator: the product, and those added by conformance checks."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import asdict, dataclass
from typing import Any

import httpx
from django.conf import settings
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from escale.partners.franceconnect.settings import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, METHODS
from escale.partners.franceconnect.simulator.protocol import STORE, PageError
from escale.partners.kit.options import Options

JWKS_SECONDS = 30.0
_FETCHED: dict[str, tuple[float, dict[str, Any]]] = {}
_KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA-OAEP-256": RSAKey, "RSA-OAEP": RSAKey, "ECDH-ES": ECKey}


class Unreachable(Exception):
    """The client's JWKS cannot be read, or has no key for its algorithm."""


@dataclass(frozen=True, slots=True)
class Client:
    """What a service declared. ``entity``: the pairwise ``sub`` is the same for all services of one entity."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    jwks_uri: str
    sector_identifier_uri: str = ""
    encryption: str = "RSA-OAEP-256"
    authentication: str = "client_secret_post"
    entity: str = "escale"
    name: str = "Escale"
    home: str = ""
    claims: tuple[str, ...] = ("amr",)
    prompts: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    """Identity providers that ``idp_hint`` may name."""

    def encryption_key(self) -> Key:
        """The client's key for its encryption algorithm, from its ``jwks_uri``. Raises Unreachable."""
        kind = _KINDS[self.encryption]
        for key in _fetched(self.jwks_uri).get("keys", []):
            if key.get("use") != "enc" or key.get("alg", self.encryption) != self.encryption:
                continue
            if key.get("kty") == kind.key_type:
                return kind.import_key(key)
        _FETCHED.pop(self.jwks_uri, None)
        raise Unreachable("no encryption key")

    def signing_keys(self) -> KeySet:
        """The client's keys for signatures, from its ``jwks_uri``. Raises Unreachable."""
        published = _fetched(self.jwks_uri).get("keys", [])
        of_ours = [key for key in published if key.get("use") == "sig" and key.get("kty") == "EC"]
        found: list[Key] = [ECKey.import_key(key) for key in of_ours]
        if not found:
            _FETCHED.pop(self.jwks_uri, None)
            raise Unreachable("no signing key")
        return KeySet(found)

    def check_sector(self) -> None:
        """The list at ``sector_identifier_uri`` must hold every redirect URI. Raises PageError Y04A8220."""
        try:
            listed = httpx.get(self.sector_identifier_uri, timeout=5, trust_env=False).json()
        except (httpx.HTTPError, ValueError):
            raise PageError("Y04A8220") from None
        if not isinstance(listed, list) or not set(self.redirect_uris) <= set(listed):
            raise PageError("Y04A8220")


def find(client_id: str) -> Client | None:
    if client_id == DEMO_CLIENT_ID:
        return _product()
    kept = STORE.get("client", client_id)
    return _client(kept) if kept else None


def register(declared: dict[str, Any]) -> Client:
    """Add or replace a service. Raises TypeError or KeyError when the declaration is not complete."""
    client = _client(declared)
    if client.encryption not in _KINDS:
        raise KeyError(client.encryption)
    if client.authentication not in METHODS:
        raise KeyError(client.authentication)
    STORE.put("client", client.client_id, asdict(client))
    return client


def subject(client: Client, identity: dict[str, str]) -> str:
    """The pairwise ``sub``: 64 hexadecimal digits and ``v1``, the same each time; it changes with the civil status."""
    parts = [identity.get(name, "") for name in ("given_name", "family_name", "birthdate", "gender")]
    if identity.get("birthcountry") == "99100":
        parts.append(identity.get("birthplace", ""))
    parts.append(identity.get("birthcountry", ""))
    person = hashlib.sha256("".join(parts).encode()).hexdigest()
    return hashlib.sha256(f"{client.entity}{person}demonstration".encode()).hexdigest() + "v1"


def _product() -> Client:
    portal, reception = settings.PORTAL_URL, settings.RECEPTION_URL
    return Client(
        client_id=DEMO_CLIENT_ID,
        client_secret=DEMO_CLIENT_SECRET,
        redirect_uris=(f"{portal}/connexion/retour", f"{reception}/connexion/retour"),
        post_logout_redirect_uris=(f"{portal}/", f"{reception}/"),
        jwks_uri=f"{portal}/partenaires/franceconnect/jwks",
        sector_identifier_uri=f"{portal}/partenaires/franceconnect/redirections",
        authentication=Options(os.environ, "FRANCECONNECT").among("AUTHENTICATION", METHODS, METHODS[0]),
        name="Renouvellement de passeport à distance",
        home=f"{portal}/",
    )


def _client(kept: dict[str, Any]) -> Client:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return Client(**fields)


def _fetched(address: str) -> dict[str, Any]:
    fetched_at, document = _FETCHED.get(address, (0.0, {}))
    if not document or time.monotonic() - fetched_at > JWKS_SECONDS:
        try:
            document = httpx.get(address, timeout=5, trust_env=False).raise_for_status().json()
        except (httpx.HTTPError, ValueError):
            raise Unreachable(address) from None
        _FETCHED[address] = (time.monotonic(), document)
    return document
