"""Published documents, logout, and the demonstration's switches."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from escale.partners.franceconnect.settings import METHODS
from escale.partners.franceconnect.simulator import clients
from escale.partners.franceconnect.simulator.journey import OUTCOMES
from escale.partners.franceconnect.simulator.pages import shown
from escale.partners.franceconnect.simulator.protocol import (
    ALLOWED_LEVELS,
    CLAIMS,
    COOKIE,
    KEYS,
    PREFIX,
    SCOPES,
    SESSIONS,
    STORE,
    SWITCHES,
    PageError,
)
from escale.partners.kit.faults import faulty
from escale.partners.kit.issuing import see_other

LOGOUT = ("id_token_hint", "post_logout_redirect_uri", "state", "client_id", "logout_hint", "ui_locales")
_KEY_MANAGEMENT = ["ECDH-ES", "RSA-OAEP", "RSA-OAEP-256"]


@faulty(STORE)
def discovery(request: HttpRequest) -> HttpResponse:
    issuer = PREFIX.issuer
    document: dict[str, Any] = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/session/end",
        "revocation_endpoint": f"{issuer}/token/revocation",
        "acr_values_supported": list(ALLOWED_LEVELS),
        "authorization_response_iss_parameter_supported": True,
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": True,
        "claims_supported": [*CLAIMS, "acr", "auth_time", "iss"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "id_token_encryption_alg_values_supported": _KEY_MANAGEMENT,
        "id_token_encryption_enc_values_supported": ["A256GCM"],
        "userinfo_signing_alg_values_supported": ["ES256"],
        "userinfo_encryption_alg_values_supported": _KEY_MANAGEMENT,
        "userinfo_encryption_enc_values_supported": ["A256GCM"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "response_modes_supported": ["form_post", "fragment", "query"],
        "response_types_supported": ["code"],
        "scopes_supported": list(SCOPES),
        "subject_types_supported": ["pairwise"],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
    }
    return JsonResponse(document)


@faulty(STORE)
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse(KEYS.published())


@shown
def end_session(request: HttpRequest) -> HttpResponse:
    """Ends the session of this browser; the way back must be registered to the letter."""
    given = request.POST if request.method == "POST" else request.GET
    if set(given) - set(LOGOUT) or not given.get("id_token_hint"):
        raise PageError("Y04D010C")
    claims = KEYS.opened(given["id_token_hint"])
    client = clients.find(str(claims.get("aud"))) if claims else None
    back = given.get("post_logout_redirect_uri", "")
    if client is None or (back and back not in client.post_logout_redirect_uris):
        raise PageError("Y04D010C")
    SESSIONS.end(request.COOKIES.get(COOKIE, ""))
    if not back:
        answer: HttpResponse = render(request, "franceconnect/signed_out.html")
    elif given.get("state"):
        answer = see_other(back, state=given["state"])
    else:
        answer = see_other(back)
    answer.delete_cookie(COOKIE, path=PREFIX.base)
    return answer


def switches(request: HttpRequest) -> HttpResponse:
    """``rotate`` changes the signing key; ``skew``, ``unpublished_key``, ``outcome`` and ``sector`` are kept."""
    problem = ""
    if request.method == "POST":
        problem = _switched(request)
        if not problem:
            return see_other(request.path)
    context = {
        "switches": SWITCHES.all(),
        "outcomes": OUTCOMES,
        "keys": [key["kid"] for key in KEYS.published()["keys"]],
        "problem": problem,
    }
    return render(request, "franceconnect/switches.html", context, status=400 if problem else 200)


def _switched(request: HttpRequest) -> str:
    """Apply the form; the sentence that explains what is wrong, or nothing."""
    if "rotate" in request.POST:
        KEYS.rotate()
        return ""
    if request.POST.get("outcome", "") not in ("", *OUTCOMES):
        return "Choisissez une issue de la liste."
    try:
        float(request.POST.get("skew", "0"))
    except ValueError:
        return "Le décalage est un nombre de secondes."
    for name in SWITCHES.defaults:
        if name in request.POST:
            SWITCHES.set(name, request.POST[name])
    return ""


def register_client(request: HttpRequest) -> HttpResponse:
    """The partners' space: POST a JSON declaration (see ``clients.Client``) to add a service."""
    if request.method != "POST":
        return HttpResponse(status=405)
    try:
        client = clients.register(json.loads(request.body))
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"error": "déclaration incomplète"}, status=400)
    return JsonResponse({"client_id": client.client_id}, status=201)
