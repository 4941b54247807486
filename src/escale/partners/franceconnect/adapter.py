"""FranceConnect+ (v2) as a relying party: authorization code without PKCE, ES256 tokens encrypted for us.

FranceConnect+ accepts a closed list of parameters: ``code_challenge`` or any other unknown one is answered by an error
page from which nobody comes back. Codes live 30 seconds and serve once: nothing here is ever repeated.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, KeySet

from escale.partners.kit.http import Border, Breaker
from escale.partners.kit.relying_party import (
    LONGEST_TOKEN,
    Provider,
    Untrusted,
    assertion_for,
    check_claims,
    oauth_code,
    public_parts,
    raw_code,
    same,
    tokens_for,
    userinfo_for,
)
from escale.ports.errors import PartnerError
from escale.ports.franceconnect import PivotIdentity, SignIn, SignInFailed

LEVELS = ("eidas1", "eidas2", "eidas3")
SCOPES = "openid identite_pivot preferred_username email"
CLAIMS = json.dumps({"id_token": {"amr": {"essential": True}}}, separators=(",", ":"))
_ENCRYPTION = JWERegistry(algorithms=["RSA-OAEP-256", "RSA-OAEP", "ECDH-ES", "A256GCM"], strict_check_header=False)
_BIRTHDATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ABORTED_BY_USER = "User auth aborted"
_LOG = logging.getLogger("escale.partners.franceconnect")


class FranceConnect:
    """Implements ``escale.ports.franceconnect.FranceConnectPort``."""

    def __init__(
        self,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        keys: dict[str, Any],
        authentication: str = "client_secret_post",
        acr: str = "eidas2",
        timeout: float = 5.0,
    ) -> None:
        """``keys``: our private JWKS. ``authentication``: ``client_secret_post``, or ``private_key_jwt`` with the key
        of ``keys`` that has ``"use": "sig"``. ``acr``: the lowest level accepted. ``timeout``: seconds for each call.
        """
        self._client_id, self._client_secret, self._acr = client_id, client_secret, acr
        self._keys = KeySet.import_key_set({"keys": keys["keys"]})
        self._proof = _signing_key(self._keys) if authentication == "private_key_jwt" else None
        breaker = Breaker()
        timeouts: dict[str, Any] = {"connect_timeout": timeout, "read_timeout": timeout}
        reading = Border("franceconnect", issuer, breaker=breaker, code_of=oauth_code, **timeouts)
        self._once = Border("franceconnect", issuer, breaker=breaker, code_of=oauth_code, read_retries=0, **timeouts)
        self._provider = Provider(issuer, reading)

    def start(self, *, redirect_uri: str) -> tuple[str, dict[str, str]]:
        """The address of FranceConnect+, and ``state`` and ``nonce`` to keep. Raises PartnerError."""
        kept = {"state": secrets.token_urlsafe(32), "nonce": secrets.token_urlsafe(32)}
        parameters = {
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": SCOPES,
            "acr_values": self._acr,
            "claims": CLAIMS,
            **kept,
        }
        return self._provider.link("authorization_endpoint", parameters), kept

    def finish(self, *, query: dict[str, str], kept: dict[str, str], redirect_uri: str, now: float) -> SignIn:
        """Order of the checks: state, issuer, error, code, decryption, signature, claims, level, then identity.

        The caller takes ``kept`` out of the session before the call: a state serves once.
        """
        if not same(query.get("state", ""), kept.get("state", "")):
            raise SignInFailed("technical", "state")
        if query.get("iss") != self._provider.issuer:
            raise SignInFailed("technical", "issuer")
        if "error" in query:
            raise _refusal(query)
        try:
            tokens = self._exchange(query.get("code", ""), redirect_uri, now)
            id_token = self._decrypted(tokens["id_token"])
            claims = self._claims(id_token, now, nonce=kept.get("nonce", ""))
            if not self._reaches(claims.get("acr")):
                raise SignInFailed("refused", "acr")
            evidence = self._decrypted(userinfo_for(self._once, self._provider, tokens["access_token"]))
            identity = _identity(self._claims(evidence, now), sub=str(claims.get("sub", "")))
            return SignIn(
                identity=identity,
                acr=str(claims["acr"]),
                amr=tuple(str(method) for method in claims.get("amr", ())),
                auth_time=int(claims.get("auth_time", claims["iat"])),
                id_token=id_token,
                evidence=evidence,
            )
        except (Untrusted, PartnerError) as error:
            raise _technical(error) from None

    def logout_url(self, *, id_token: str, state: str, post_logout_redirect_uri: str) -> str:
        """``id_token`` is the decrypted one. Raises PartnerError."""
        parameters = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": post_logout_redirect_uri,
            "state": state,
        }
        return self._provider.link("end_session_endpoint", parameters)

    def public_keys(self) -> dict[str, Any]:
        return public_parts(self._keys)

    def _exchange(self, code: str, redirect_uri: str, now: float) -> dict[str, str]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self._client_id,
        }
        if self._proof is None:
            form["client_secret"] = self._client_secret
        else:
            endpoint = self._provider.endpoint("token_endpoint")
            form |= assertion_for(self._client_id, endpoint, self._proof, now)
        return tokens_for(self._once, self._provider, form)

    def _decrypted(self, token: str) -> str:
        """The signed token inside an encrypted one, opened with our key of that ``kid``. Raises Untrusted."""
        if len(token) > LONGEST_TOKEN or token.count(".") != 4:
            raise Untrusted("not_encrypted")
        try:
            opened = jwe.decrypt_compact(token, self._keys, registry=_ENCRYPTION)
            inner = (opened.plaintext or b"").decode("ascii")
        except (JoseError, ValueError):
            raise Untrusted("decryption") from None
        if opened.protected.get("cty", "").upper() != "JWT" or opened.protected.get("enc") != "A256GCM":
            raise Untrusted("encryption")
        return inner

    def _claims(self, token: str, now: float, nonce: str | None = None) -> dict[str, Any]:
        claims = self._provider.verified(token)
        check_claims(claims, issuer=self._provider.issuer, audience=self._client_id, now=now, nonce=nonce)
        return claims

    def _reaches(self, acr: object) -> bool:
        return acr in LEVELS and LEVELS.index(str(acr)) >= LEVELS.index(self._acr)


def _signing_key(keys: KeySet) -> ECKey:
    """The key that proves who we are; the others open what is encrypted for us. Raises ValueError without one."""
    for key in keys.keys:
        if isinstance(key, ECKey) and key.get("use") == "sig":
            return key
    raise ValueError("no signing key")


def _technical(error: Untrusted | PartnerError) -> SignInFailed:
    _LOG.warning("sign-in failed: %s", error.code)
    return SignInFailed("technical", error.code)


def _refusal(query: dict[str, str]) -> SignInFailed:
    """The three outcomes a person can understand. The description comes from outside and is never shown."""
    error = raw_code(query["error"])
    _LOG.info("FranceConnect+ sent the browser back with %s", error)
    if error != "access_denied":
        return SignInFailed("technical", error)
    return SignInFailed("cancelled" if query.get("error_description") == _ABORTED_BY_USER else "refused", error)


def _identity(claims: dict[str, Any], *, sub: str) -> PivotIdentity:
    """Raises Untrusted when the identity is another's, or has not the shape FranceConnect+ promises."""
    if not sub or claims.get("sub") != sub:
        raise Untrusted("subject")
    texts = {name: claims.get(name) or "" for name in _NAMES}
    if not all(isinstance(text, str) for text in texts.values()):
        raise Untrusted("userinfo_shape")
    if not texts["given_name"] or not texts["family_name"] or not _BIRTHDATE.fullmatch(texts["birthdate"]):
        raise Untrusted("userinfo_shape")
    return PivotIdentity(sub=sub, **{ours: texts[theirs] for theirs, ours in _NAMES.items()})


_NAMES = {
    "given_name": "given_names",
    "family_name": "family_name",
    "birthdate": "birthdate",
    "gender": "gender",
    "birthplace": "birthplace",
    "birthcountry": "birthcountry",
    "preferred_username": "preferred_username",
    "email": "email",
}

ADAPTER = FranceConnect
