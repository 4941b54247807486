"""What both sign-ins share as relying parties: the provider's metadata and keys, and the checks of tokens.

OpenID Connect Core 1.0 §3.1.3.7 and Discovery 1.0. Signatures are ES256 alone: nothing else is ever accepted.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from escale.partners.kit.http import Border
from escale.ports.errors import PartnerUnavailable

SKEW = 60.0
"""Seconds of difference tolerated between the provider's clock and ours."""
LONGEST_TOKEN = 32_768
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
_CODE = re.compile(r"[a-z_]{1,40}")
_SUPPORT_CODE = re.compile(r"Y[0-9A-F]{4,10}")


class Untrusted(Exception):
    """A token or a document of the provider cannot be trusted. ``code`` is stable and carries nothing personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Provider:
    """The provider's published metadata and keys. Kept ``max_age`` seconds; an unknown key fetches them once more."""

    issuer: str
    border: Border
    max_age: float = 3600.0
    _kept: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def endpoint(self, name: str) -> str:
        """An address of the provider. Raises PartnerError or Untrusted."""
        address = self._metadata().get(name)
        if not isinstance(address, str) or not address.startswith(("https://", "http://")):
            raise Untrusted("metadata")
        return address

    def link(self, name: str, parameters: dict[str, str]) -> str:
        """An address of the provider for the browser, with its query. Raises PartnerError."""
        try:
            return f"{self.endpoint(name)}?{urlencode(parameters)}"
        except Untrusted as error:
            raise PartnerUnavailable(self.border.partner, error.code) from None

    def verified(self, token: str) -> dict[str, Any]:
        """The claims of a compact JWS signed by the provider with ES256. Raises PartnerError or Untrusted."""
        header = _header(token)
        if header.get("alg") != "ES256":
            raise Untrusted("algorithm")
        key = self._key(str(header.get("kid", "")))
        try:
            signed = jws.deserialize_compact(token, key, algorithms=["ES256"])
            claims = json.loads(signed.payload)
        except (JoseError, ValueError):
            raise Untrusted("signature") from None
        if not isinstance(claims, dict):
            raise Untrusted("claims")
        return claims

    def _metadata(self) -> dict[str, Any]:
        """What was fetched last serves on while the provider is out of reach: people can at least sign out."""
        former = self._kept.get("metadata")
        try:
            found = self._document("metadata", f"{self.issuer}/.well-known/openid-configuration")
        except PartnerUnavailable:
            if former is None:
                raise
            return former[1]
        if found.get("issuer") != self.issuer:
            self._kept.pop("metadata", None)
            raise Untrusted("issuer")
        return found

    def _key(self, kid: str) -> ECKey:
        for fresh in (False, True):
            if fresh:  # the provider may have changed its keys: ask once more, then fail closed
                self._kept.pop("keys", None)
            keys = self._document("keys", self.endpoint("jwks_uri")).get("keys", [])
            for key in keys:
                if key.get("kid") == kid and key.get("kty") == "EC" and key.get("use", "sig") == "sig":
                    return _public_key(key)
        raise Untrusted("unknown_key")

    def _document(self, name: str, address: str) -> dict[str, Any]:
        fetched_at, document = self._kept.get(name, (0.0, {}))
        if document and time.monotonic() - fetched_at < self.max_age:
            return document
        try:
            document = self.border.request("GET", address).json()
        except ValueError:
            raise Untrusted(name) from None
        if not isinstance(document, dict):
            raise Untrusted(name)
        self._kept[name] = (time.monotonic(), document)
        return document


def tokens_for(border: Border, provider: Provider, form: dict[str, str]) -> dict[str, str]:
    """Exchange a code, once: nothing repeats it. Raises PartnerError, or Untrusted when a token is missing."""
    if not form["code"]:
        raise Untrusted("code")
    answer = border.request("POST", provider.endpoint("token_endpoint"), data=form)
    try:
        tokens = answer.json()
    except ValueError:
        raise Untrusted("token_shape") from None
    if not isinstance(tokens, dict) or str(tokens.get("token_type", "")).lower() != "bearer":
        raise Untrusted("token_shape")
    if not all(isinstance(tokens.get(name), str) for name in ("id_token", "access_token")):
        raise Untrusted("token_shape")
    return tokens


def assertion_for(client_id: str, endpoint: str, key: ECKey, now: float) -> dict[str, str]:
    """What proves who we are without a shared secret: ``private_key_jwt`` (OpenID Connect Core §9, RFC 7523), ES256."""
    issued = int(now)
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": endpoint,
        "jti": secrets.token_urlsafe(16),
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
    }
    assertion = jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}


def userinfo_for(border: Border, provider: Provider, access_token: str) -> str:
    """The signed (perhaps encrypted) identity, as it came. Raises PartnerError, or Untrusted for plain JSON."""
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"}
    answer = border.request("GET", provider.endpoint("userinfo_endpoint"), headers=headers)
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/jwt":
        raise Untrusted("userinfo_type")
    return answer.text.strip()


def public_parts(keys: KeySet) -> dict[str, Any]:
    """The JWKS to publish: public members alone."""
    return {"keys": [key.as_dict(private=False) for key in keys.keys]}


def check_claims(claims: dict[str, Any], *, issuer: str, audience: str, now: float, nonce: str | None = None) -> None:
    """``iss``, ``aud``, ``exp``, ``iat``, then ``nonce`` when given. Raises Untrusted."""
    if claims.get("iss") != issuer:
        raise Untrusted("issuer")
    _check_audience(claims, audience)
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, (int, float)) or not isinstance(issued, (int, float)):
        raise Untrusted("dates")
    if expires <= now - SKEW:
        raise Untrusted("expired")
    if issued > now + SKEW:
        raise Untrusted("issued_later")
    if nonce is not None and not same(str(claims.get("nonce", "")), nonce):
        raise Untrusted("nonce")


def same(left: str, right: str) -> bool:
    """Equality in constant time; nothing equals an empty text."""
    return bool(left) and hmac.compare_digest(left.encode(), right.encode())


def oauth_code(response: httpx.Response) -> str:
    """The raw code of an OAuth error (RFC 6749 §5.2), with the support's own code when ``error_uri`` carries one."""
    try:
        body = response.json()
    except ValueError:
        return str(response.status_code)
    if not isinstance(body, dict):
        return str(response.status_code)
    support = parse_qs(urlsplit(str(body.get("error_uri", ""))).query).get("code", [""])[0]
    name = raw_code(body.get("error"), default=str(response.status_code))
    return f"{name}/{support}" if _SUPPORT_CODE.fullmatch(support) else name


def raw_code(value: object, default: str = "unknown") -> str:
    """A partner's error code, when it looks like one: it comes from outside and ends in our logs."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else default


def _check_audience(claims: dict[str, Any], audience: str) -> None:
    given = claims.get("aud")
    audiences = given if isinstance(given, list) else [given]
    if audience not in audiences or (len(audiences) > 1 and claims.get("azp") != audience):
        raise Untrusted("audience")


def _header(token: str) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise Untrusted("shape")
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise Untrusted("shape") from None
    return header


def _public_key(key: dict[str, Any]) -> ECKey:
    try:
        return ECKey.import_key(key)
    except (JoseError, ValueError):
        raise Untrusted("key") from None
