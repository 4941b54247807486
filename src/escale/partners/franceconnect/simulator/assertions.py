"""``private_key_jwt``: a client proves who it is by a token of its own (OpenID Connect Core §9, RFC 7523)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from joserfc import jwt
from joserfc.errors import JoseError

from escale.partners.franceconnect.simulator.clients import Client
from escale.partners.franceconnect.simulator.protocol import PREFIX, STORE
from escale.partners.kit.relying_party import ASSERTION_TYPE

LONGEST_LIFE = 300
_DRIFT = 60


def proves(client: Client, form: Mapping[str, str], now: datetime) -> bool:
    """Whether the assertion is the client's, for us, alive, and never seen before. Raises clients.Unreachable."""
    if form.get("client_assertion_type") != ASSERTION_TYPE or "client_secret" in form:
        return False
    try:
        claims = jwt.decode(form.get("client_assertion", ""), client.signing_keys(), algorithms=["ES256"]).claims
    except (JoseError, ValueError):
        return False
    issued, ends, name = claims.get("iat"), claims.get("exp"), claims.get("jti")
    if not isinstance(issued, int) or not isinstance(ends, int) or not isinstance(name, str) or not name:
        return False
    parties = (claims.get("iss"), claims.get("sub")) == (client.client_id, client.client_id)
    audience = claims.get("aud") in (PREFIX.issuer, f"{PREFIX.issuer}/token")
    alive = issued - _DRIFT <= now.timestamp() <= ends and ends - issued <= LONGEST_LIFE
    return parties and audience and alive and _is_new(f"{client.client_id}/{name}")


def _is_new(name: str) -> bool:
    with STORE.locked():
        if STORE.get("assertion", name) is not None:
            return False
        STORE.put("assertion", name, {})
    return True
