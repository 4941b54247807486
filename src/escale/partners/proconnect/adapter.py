"""ProConnect (v2) as a relying party: authorization code with PKCE S256, ES256 tokens, several factors demanded.

What ProConnect says is who the agent is and who vouches for it. Rights come from our own directory.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from base64 import urlsafe_b64encode
from typing import Any

from escale.partners.kit.http import Border, Breaker
from escale.partners.kit.relying_party import (
    SKEW,
    Provider,
    Untrusted,
    check_claims,
    oauth_code,
    raw_code,
    same,
    tokens_for,
    userinfo_for,
)
from escale.ports.errors import PartnerError
from escale.ports.franceconnect import SignInFailed
from escale.ports.proconnect import AgentIdentity, AgentSignIn

SCOPES = "openid given_name usual_name email uid siret idp_id"
_CANCELLED = ("User auth aborted", "User auth aborted by user")
_LOG = logging.getLogger("escale.partners.proconnect")


class ProConnect:
    """Implements ``escale.ports.proconnect.ProConnectPort``."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        sirets: frozenset[str],
        providers: frozenset[str],
        acrs: tuple[str, ...],
        timeout: float = 5.0,
    ) -> None:
        """``sirets`` and ``providers`` (their ``idp_id``): who may enter. ``acrs``: the levels with several factors.
        ``timeout``: seconds for each call."""
        self._client_id, self._client_secret = client_id, client_secret
        self._sirets, self._providers, self._acrs = sirets, providers, acrs
        breaker = Breaker()
        timeouts: dict[str, Any] = {"connect_timeout": timeout, "read_timeout": timeout}
        reading = Border("proconnect", issuer, breaker=breaker, code_of=oauth_code, **timeouts)
        self._once = Border("proconnect", issuer, breaker=breaker, code_of=oauth_code, read_retries=0, **timeouts)
        self._provider = Provider(issuer, reading)

    def start(
        self, *, redirect_uri: str, force_login: bool = False, login_hint: str = ""
    ) -> tuple[str, dict[str, str]]:
        """The address of ProConnect, and what to keep in the session. Raises PartnerError."""
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        parameters = {
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": SCOPES,
            "state": kept["state"],
            "nonce": kept["nonce"],
            "claims": self._demanded(),
            "code_challenge": _challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        if force_login:
            parameters["prompt"] = "login"
            kept["force_login"] = "1"
        if login_hint:
            parameters["login_hint"] = login_hint
        return self._provider.link("authorization_endpoint", parameters), kept

    def finish(self, *, query: dict[str, str], kept: dict[str, str], redirect_uri: str, now: float) -> AgentSignIn:
        """Order of the checks: state, issuer, error, code, signature, claims, factors, freshness, identity, lists.

        The caller takes ``kept`` out of the session before the call: a state serves once.
        """
        if not same(query.get("state", ""), kept.get("state", "")):
            raise SignInFailed("technical", "state")
        if query.get("iss", self._provider.issuer) != self._provider.issuer:
            raise SignInFailed("technical", "issuer")
        if "error" in query:
            raise _refusal(query)
        try:
            tokens = self._exchange(query.get("code", ""), kept.get("verifier", ""), redirect_uri)
            claims = self._claims(tokens["id_token"], now, nonce=kept.get("nonce", ""))
            amr = _factors(claims)
            if claims.get("acr") not in self._acrs or "mfa" not in amr:
                raise SignInFailed("refused", "mfa")
            auth_time = _auth_time(claims, required=bool(kept.get("force_login")))
            if kept.get("force_login") and auth_time < claims["iat"] - _FRESH:
                raise SignInFailed("refused", "stale")
            userinfo = userinfo_for(self._once, self._provider, tokens["access_token"])
            identity = _identity(self._claims(userinfo, now), sub=str(claims.get("sub", "")))
        except (Untrusted, PartnerError) as error:
            raise _technical(error) from None
        if identity.siret not in self._sirets:
            raise SignInFailed("refused", "siret")
        if identity.idp_id not in self._providers:
            raise SignInFailed("refused", "idp_id")
        return AgentSignIn(
            identity=identity, acr=str(claims["acr"]), amr=amr, auth_time=auth_time, id_token=tokens["id_token"]
        )

    def logout_url(self, *, id_token: str, state: str, post_logout_redirect_uri: str) -> str:
        """Raises PartnerError."""
        parameters = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": post_logout_redirect_uri}
        return self._provider.link("end_session_endpoint", parameters)

    def _demanded(self) -> str:
        """Several factors are essential: ProConnect answers ``access_denied`` when it cannot have them."""
        acr = {"essential": True, "values": list(self._acrs)}
        return json.dumps({"id_token": {"acr": acr, "amr": {"essential": True}, "auth_time": {"essential": True}}})

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, str]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect_uri,
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        return tokens_for(self._once, self._provider, form)

    def _claims(self, token: str, now: float, nonce: str | None = None) -> dict[str, Any]:
        claims = self._provider.verified(token)
        check_claims(claims, issuer=self._provider.issuer, audience=self._client_id, now=now, nonce=nonce)
        return claims


_FRESH = SKEW + 60
"""Seconds between a demanded authentication and its token: ProConnect sends the browser back at once."""


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _factors(claims: dict[str, Any]) -> tuple[str, ...]:
    amr = claims.get("amr", [])
    return tuple(str(method) for method in amr) if isinstance(amr, list) else ()


def _auth_time(claims: dict[str, Any], *, required: bool) -> int:
    auth_time = claims.get("auth_time")
    if isinstance(auth_time, int):
        return auth_time
    if required:
        raise Untrusted("auth_time")
    return int(claims["iat"])


def _identity(claims: dict[str, Any], *, sub: str) -> AgentIdentity:
    if not sub or claims.get("sub") != sub:
        raise Untrusted("subject")
    texts = {name: claims.get(name) or "" for name in ("idp_id", "siret", "email", "given_name", "usual_name", "uid")}
    if not all(isinstance(text, str) for text in texts.values()) or not texts["idp_id"]:
        raise Untrusted("userinfo_shape")
    return AgentIdentity(sub=sub, **texts)


def _refusal(query: dict[str, str]) -> SignInFailed:
    error = raw_code(query["error"])
    _LOG.info("ProConnect sent the browser back with %s", error)
    if error == "access_denied":
        return SignInFailed("cancelled" if query.get("error_description") in _CANCELLED else "refused", error)
    return SignInFailed("refused" if error == "login_required" else "technical", error)


def _technical(error: Untrusted | PartnerError) -> SignInFailed:
    _LOG.warning("sign-in failed: %s", error.code)
    return SignInFailed("technical", error.code)


ADAPTER = ProConnect
