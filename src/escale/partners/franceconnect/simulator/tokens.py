"""Server to server: ``/token``, ``/userinfo`` and ``/token/revocation``, with encrypted and signed answers."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from joserfc import jwe
from joserfc.jwe import JWERegistry

from escale import clock
from escale.partners.franceconnect.simulator import assertions, clients
from escale.partners.franceconnect.simulator.protocol import (
    ACCESS,
    AMR,
    CODES,
    KEYS,
    PREFIX,
    STORE,
    SWITCHES,
    TOKEN_SECONDS,
)
from escale.partners.kit import people
from escale.partners.kit.faults import faulty
from escale.partners.kit.issuing import error_code, error_id

HELP = "https://docs.partenaires.franceconnect.gouv.fr/fs/fs-technique/fs-technique-erreurs/"
KNOWN_CODES = {
    "client authentication failed (invalid secret provided)": "Y0434A7B",
    "missing required parameter 'code' (undefined)": "Y048017B",
    "grant request is invalid (authorization code not found)": "Y049E20B",
    "invalid token provided (access token not found)": "Y040001",
    "no access token provided (no access token provided)": "Y04146A2",
}
_ENCRYPTION = JWERegistry(algorithms=["RSA-OAEP-256", "RSA-OAEP", "ECDH-ES", "A256GCM"], strict_check_header=False)


class OAuthError(Exception):
    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status, self.error, self.description = status, error, description

    def response(self) -> HttpResponse:
        code = KNOWN_CODES.get(self.description) or error_code(self.error, self.description)
        body = {
            "error": self.error,
            "error_description": self.description,
            "error_uri": f"{HELP}?code={code}&id={error_id()}",
        }
        answer = JsonResponse(body, status=self.status)
        if self.error == "invalid_token":
            answer["WWW-Authenticate"] = f'Bearer realm="{PREFIX.issuer}", error="{self.error}"'
        return _uncached(answer)


@faulty(STORE)
def token(request: HttpRequest) -> HttpResponse:
    """POST alone; a code serves once within 30 seconds."""
    if request.method != "POST":
        return HttpResponse(status=405)
    try:
        return _uncached(JsonResponse(_exchange(request, clock.now())))
    except OAuthError as error:
        return error.response()
    except clients.Unreachable:
        return OAuthError(400, "invalid_client_metadata", "client JSON Web Key Set failed to be refreshed").response()


@faulty(STORE)
def userinfo(request: HttpRequest) -> HttpResponse:
    """The identity, once, within 60 seconds."""
    scheme, _, name = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not name:
        return OAuthError(400 if scheme else 401, *_NO_TOKEN).response()
    now = clock.now()
    with STORE.locked():
        access = ACCESS.get(name, now=now)
        ACCESS.end(name)
    client = clients.find(access["client_id"]) if access else None
    if access is None or client is None:
        return OAuthError(401, "invalid_token", "invalid token provided (access token not found)").response()
    try:
        body = sealed({**access["identity"], "sub": access["sub"]}, client, now)
    except clients.Unreachable:
        return OAuthError(400, "invalid_client_metadata", "client JSON Web Key Set failed to be refreshed").response()
    return _uncached(HttpResponse(body, content_type="application/jwt; charset=utf-8"))


@faulty(STORE)
def revocation(request: HttpRequest) -> HttpResponse:
    """RFC 7009: 200 with an empty body, whether the token existed or not."""
    if request.method != "POST":
        return HttpResponse(status=405)
    try:
        client = _authenticated(request)
    except OAuthError as error:
        return error.response()
    except clients.Unreachable:
        return OAuthError(400, "invalid_client_metadata", "client JSON Web Key Set failed to be refreshed").response()
    name = request.POST.get("token", "")
    if not name:
        return OAuthError(400, "invalid_request", "missing required parameter 'token' (undefined)").response()
    access = ACCESS.get(name, now=clock.now())
    if access and access["client_id"] == client.client_id:
        ACCESS.end(name)
    return HttpResponse()


def identity_of(login: str) -> dict[str, str]:
    """What the identity provider knows of a person; empty values are left out."""
    someone = people.person(login)
    known = {
        "given_name": someone.given_names,
        "family_name": someone.family_name,
        "birthdate": someone.birthdate,
        "gender": someone.gender,
        "birthplace": someone.birthplace,
        "birthcountry": someone.birthcountry,
        "preferred_username": someone.preferred_username,
        "email": someone.email,
    }
    return {name: value for name, value in known.items() if value}


def sealed(claims: dict[str, Any], client: clients.Client, now: datetime) -> str:
    """Claims with their dates, signed by FranceConnect+ and encrypted for the client. Raises clients.Unreachable."""
    key = client.encryption_key()
    issued = int((now + timedelta(seconds=float(SWITCHES.all()["skew"]))).timestamp())
    dated = {**claims, "aud": client.client_id, "exp": issued + TOKEN_SECONDS, "iat": issued, "iss": PREFIX.issuer}
    signed = KEYS.sign(dated, unpublished=bool(SWITCHES.take("unpublished_key")))
    header = {
        "alg": client.encryption,
        "enc": "A256GCM",
        "cty": "JWT",
        "kid": key.kid,
        "iss": PREFIX.issuer,
        "aud": client.client_id,
    }
    return jwe.encrypt_compact(header, signed, key, registry=_ENCRYPTION)


_NO_TOKEN = ("invalid_token", "no access token provided (no access token provided)")


def _exchange(request: HttpRequest, now: datetime) -> dict[str, Any]:
    client = _authenticated(request)
    if request.POST.get("grant_type") != "authorization_code":
        raise OAuthError(400, "unsupported_grant_type", "unsupported grant_type requested")
    if not request.POST.get("code"):
        raise OAuthError(400, "invalid_request", "missing required parameter 'code' (undefined)")
    code = _redeemed(request.POST["code"], client, request.POST.get("redirect_uri", ""), now)
    claims = {"sub": code["sub"], "acr": code["acr"], "auth_time": code["auth_time"], "nonce": code["nonce"]}
    if code["wants_amr"]:
        claims["amr"] = AMR
    return {
        "access_token": code["used"],
        "expires_in": TOKEN_SECONDS,
        "id_token": sealed(claims, client, now),
        "scope": code["scope"],
        "token_type": "Bearer",
    }


def _redeemed(name: str, client: clients.Client, redirect_uri: str, now: datetime) -> dict[str, Any]:
    """The code, used up, with its access token under ``used``. A code seen again takes that token back."""
    with STORE.locked():
        code = CODES.get(name, now=now)
        if code is None or code["client_id"] != client.client_id:
            refusal = "authorization code not found"
        elif code.get("used"):
            ACCESS.end(code["used"])  # RFC 6749 §4.1.2
            refusal = "authorization code already consumed"
        elif code["redirect_uri"] != redirect_uri:
            refusal = "authorization code redirect_uri mismatch"
        else:
            access = {"client_id": client.client_id, "sub": code["sub"], "identity": code["identity"]}
            used = ACCESS.issue(access, now=now)
            CODES.change(name, used=used)
            return {**code, "used": used}
    raise OAuthError(400, "invalid_grant", f"grant request is invalid ({refusal})")


def _authenticated(request: HttpRequest) -> clients.Client:
    """By the method the client declared: ``client_secret_post``, the default of FranceConnect+, or
    ``private_key_jwt``."""
    client = clients.find(request.POST.get("client_id", ""))
    if client is None:
        raise OAuthError(401, "invalid_client", "client authentication failed (client not found)")
    if client.authentication == "private_key_jwt":
        if not assertions.proves(client, request.POST, clock.now()):
            raise OAuthError(401, "invalid_client", "client authentication failed (invalid assertion provided)")
    elif not hmac.compare_digest(client.client_secret.encode(), request.POST.get("client_secret", "").encode()):
        raise OAuthError(401, "invalid_client", "client authentication failed (invalid secret provided)")
    return client


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
