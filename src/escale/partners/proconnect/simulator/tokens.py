"""Server to server: ``/token``, ``/userinfo``, introspection and revocation; identities are signed."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from escale import clock
from escale.partners.kit import people
from escale.partners.kit.faults import faulty
from escale.partners.proconnect.simulator.protocol import (
    ACCESS,
    CODES,
    KEYS,
    REFRESH,
    SCOPES,
    SHAPES,
    STORE,
    SWITCHES,
    Client,
    find_client,
    issuer,
)


class OAuthError(Exception):
    """ProConnect keeps its errors short: no detail, no address."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(error)
        self.status, self.error, self.description = status, error, description

    def response(self) -> HttpResponse:
        return _uncached(JsonResponse({"error": self.error, "error_description": self.description}, status=self.status))


_GRANT = (400, "invalid_grant", "grant request is invalid")


@faulty(STORE)
def token(request: HttpRequest) -> HttpResponse:
    """``authorization_code`` (once, within 30 seconds) and ``refresh_token``."""
    try:
        client = _authenticated(request)
        grant, now = request.POST.get("grant_type"), clock.now()
        if grant == "authorization_code":
            granted = _redeemed(request, client, now)
        elif grant == "refresh_token":
            granted = _refreshed(request.POST.get("refresh_token", ""), client, now)
        else:
            raise OAuthError(400, "unsupported_grant_type", "unsupported grant_type requested")
    except OAuthError as error:
        return error.response()
    return _uncached(JsonResponse(_answer(granted, client, now)))


@faulty(STORE)
def userinfo(request: HttpRequest) -> HttpResponse:
    scheme, _, name = request.headers.get("Authorization", "").partition(" ")
    now = clock.now()
    access = _live(name, now) if scheme.lower() == "bearer" else None
    client = find_client(access["client_id"]) if access else None
    if access is None or client is None:
        return OAuthError(401, "invalid_token", "invalid token provided").response()
    wanted = {claim for scope in access["scope"].split() for claim in SCOPES.get(scope, ())}
    claims = {name: value for name, value in _identity(access["login"]).items() if name in wanted}
    return _uncached(HttpResponse(_signed(claims, client, now), content_type="application/jwt; charset=utf-8"))


@faulty(STORE)
def introspection(request: HttpRequest) -> HttpResponse:
    """RFC 9701: the state of a token, signed."""
    try:
        client = _authenticated(request)
        if not request.POST.get("token"):
            raise OAuthError(400, "invalid_request", "missing required parameter 'token'")
    except OAuthError as error:
        return error.response()
    now = clock.now()
    access = _live(request.POST["token"], now)
    state: dict[str, Any] = {"active": False}
    if access and access["client_id"] == client.client_id:
        state = {"active": True, "client_id": client.client_id, "scope": access["scope"], "exp": int(access["until"])}
    body = {"token_introspection": state, "aud": client.client_id, "iat": int(now.timestamp()), "iss": issuer()}
    kind = "application/token-introspection+jwt; charset=utf-8"
    return _uncached(HttpResponse(KEYS.sign(body), content_type=kind))


@faulty(STORE)
def revocation(request: HttpRequest) -> HttpResponse:
    """RFC 7009: 200 with an empty body, whether the token existed or not."""
    try:
        client = _authenticated(request)
    except OAuthError as error:
        return error.response()
    name = request.POST.get("token", "")
    for tickets in (ACCESS, REFRESH):
        kept = tickets.get(name, now=clock.now())
        if kept and kept["client_id"] == client.client_id:
            tickets.end(name)
    return HttpResponse()


def _answer(granted: dict[str, Any], client: Client, now: datetime) -> dict[str, Any]:
    seconds = SHAPES[SWITCHES.all()["shape"]]
    claims = {"acr": granted["acr"], "auth_time": granted["auth_time"], "sid": _session_id(granted["session"])}
    if granted["nonce"]:
        claims["nonce"] = granted["nonce"]
    if granted["wants_amr"]:
        claims["amr"] = granted["amr"]
    sub = people.agent(granted["login"]).sub
    answer = {
        "access_token": granted["access_token"],
        "expires_in": seconds,
        "id_token": _signed({"sub": sub, **claims}, client, now),
        "scope": granted["scope"],
        "token_type": "Bearer",
    }
    if "refresh_token" in granted:
        return {**answer, "refresh_token": granted["refresh_token"]}
    return {name: value for name, value in answer.items() if name != "scope"}


def _session_id(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()[:32]


def _redeemed(request: HttpRequest, client: Client, now: datetime) -> dict[str, Any]:
    """A code seen again takes back what it gave (RFC 6749 §4.1.2)."""
    name = request.POST.get("code", "")
    if not name:
        raise OAuthError(400, "invalid_request", "missing required parameter 'code'")
    with STORE.locked():
        code = CODES.get(name, now=now)
        if code and code.get("used"):
            for tickets, used in zip((ACCESS, REFRESH), code["used"], strict=False):
                tickets.end(used)
        elif code and code["client_id"] == client.client_id and _proven(code, request):
            granted = _granted(code, now)
            used = [granted["access_token"], *([granted["refresh_token"]] if "refresh_token" in granted else [])]
            CODES.change(name, used=used)
            return granted
    raise OAuthError(*_GRANT)


def _proven(code: dict[str, Any], request: HttpRequest) -> bool:
    """The same way back, and the verifier of the challenge (RFC 7636)."""
    verifier = request.POST.get("code_verifier", "")
    if code["redirect_uri"] != request.POST.get("redirect_uri") or bool(verifier) != bool(code["challenge"]):
        return False
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return not verifier or hmac.compare_digest(challenge, code["challenge"])


def _refreshed(name: str, client: Client, now: datetime) -> dict[str, Any]:
    with STORE.locked():
        kept = REFRESH.get(name, now=now)
        if kept and kept["client_id"] == client.client_id:
            REFRESH.end(name)
            return _granted(kept, now)
    raise OAuthError(*_GRANT)


def _granted(kept: dict[str, Any], now: datetime) -> dict[str, Any]:
    shape = SWITCHES.all()["shape"]
    fields = {name: value for name, value in kept.items() if name not in ("ends", "used")}
    until = now.timestamp() + SHAPES[shape]
    granted = {**fields, "access_token": ACCESS.issue({**fields, "until": until}, now=now)}
    if shape == "2026":
        granted["refresh_token"] = REFRESH.issue(fields, now=now)
    return granted


def _live(name: str, now: datetime) -> dict[str, Any] | None:
    access = ACCESS.get(name, now=now)
    return access if access and access["until"] > now.timestamp() else None


def _identity(login: str) -> dict[str, Any]:
    agent = people.agent(login)
    return {
        "sub": agent.sub,
        "given_name": agent.given_name,
        "usual_name": agent.usual_name,
        "email": agent.email,
        "uid": agent.uid,
        "siret": agent.siret,
        "siren": agent.siret[:9],
        "idp_id": agent.idp_id,
        "organizational_unit": agent.organisation,
        "belonging_population": "agent",
        "custom": {},
    }


def _signed(claims: dict[str, Any], client: Client, now: datetime) -> str:
    issued = int((now + timedelta(seconds=float(SWITCHES.all()["skew"]))).timestamp())
    dated = {**claims, "aud": client.client_id, "exp": issued + 60, "iat": issued, "iss": issuer()}
    return KEYS.sign(dated, unpublished=bool(SWITCHES.take("unpublished_key")))


def _authenticated(request: HttpRequest) -> Client:
    """``client_secret_post``."""
    if not request.POST.get("client_id"):
        raise OAuthError(400, "invalid_request", "no client authentication mechanism provided")
    client = find_client(request.POST["client_id"])
    given = request.POST.get("client_secret", "")
    if client is None or not hmac.compare_digest(client.client_secret.encode(), given.encode()):
        raise OAuthError(401, "invalid_client", "client authentication failed")
    return client


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
