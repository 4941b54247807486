"""Published documents, logout, and the demonstration's switches."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from escale.partners.kit.faults import faulty
from escale.partners.kit.issuing import see_other
from escale.partners.proconnect.simulator.journey import OUTCOMES, shown
from escale.partners.proconnect.simulator.protocol import (
    ACRS,
    BASE,
    COOKIE,
    KEYS,
    SCOPES,
    SESSIONS,
    SHAPES,
    STORE,
    SWITCHES,
    PageError,
    find_client,
    issuer,
    register_client,
)


@faulty(STORE)
def discovery(request: HttpRequest) -> HttpResponse:
    base = issuer()
    claims = sorted({claim for names in SCOPES.values() for claim in names})
    document: dict[str, Any] = {
        "issuer": base,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo",
        "jwks_uri": f"{base}/jwks",
        "end_session_endpoint": f"{base}/session/end",
        "introspection_endpoint": f"{base}/token/introspection",
        "revocation_endpoint": f"{base}/token/revocation",
        "acr_values_supported": list(ACRS),
        "authorization_response_iss_parameter_supported": True,
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": True,
        "claims_supported": [*claims, "amr", "idp_acr", "acr", "sid", "auth_time", "iss"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "userinfo_signing_alg_values_supported": ["ES256"],
        "introspection_signing_alg_values_supported": ["ES256"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "response_modes_supported": ["query"],
        "response_types_supported": ["code"],
        "scopes_supported": list(SCOPES),
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }
    return JsonResponse(document)


@faulty(STORE)
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse(KEYS.published())


@shown
def end_session(request: HttpRequest) -> HttpResponse:
    """Ends the twelve-hour session of this browser; the way back must be registered to the letter."""
    given = request.POST if request.method == "POST" else request.GET
    hint = given.get("id_token_hint", "")
    if not hint and COOKIE not in request.COOKIES:
        raise PageError("Y030110")
    claims = KEYS.opened(hint) if hint else None
    client = find_client(str(claims.get("aud"))) if claims else None
    back = given.get("post_logout_redirect_uri", "")
    if back and (client is None or back not in client.post_logout_redirect_uris):
        raise PageError("Y030111")
    SESSIONS.end(request.COOKIES.get(COOKIE, ""))
    if back:
        answer: HttpResponse = see_other(back, **({"state": given["state"]} if given.get("state") else {}))
    else:
        answer = render(request, "proconnect/signed_out.html")
    answer.delete_cookie(COOKIE, path=BASE)
    return answer


def switches(request: HttpRequest) -> HttpResponse:
    """``rotate`` changes the signing key; the other switches are kept until they are set again."""
    problem = ""
    if request.method == "POST":
        problem = _switched(request)
        if not problem:
            return see_other(request.path)
    context = {
        "switches": SWITCHES.all(),
        "outcomes": OUTCOMES,
        "shapes": SHAPES,
        "keys": [key["kid"] for key in KEYS.published()["keys"]],
        "problem": problem,
    }
    return render(request, "proconnect/switches.html", context, status=400 if problem else 200)


def _switched(request: HttpRequest) -> str:
    """Apply the form; the sentence that explains what is wrong, or nothing."""
    if "rotate" in request.POST:
        KEYS.rotate()
        return ""
    if request.POST.get("outcome", "") not in ("", *OUTCOMES) or request.POST.get("shape", "2026") not in SHAPES:
        return "Choisissez une valeur de la liste."
    try:
        float(request.POST.get("skew", "0"))
    except ValueError:
        return "Le décalage est un nombre de secondes."
    for name in SWITCHES.defaults:
        if name in request.POST:
            SWITCHES.set(name, request.POST[name])
    return ""


def declare_client(request: HttpRequest) -> HttpResponse:
    """The partners' space: POST a JSON declaration (see ``protocol.Client``) to add a service."""
    if request.method != "POST":
        return HttpResponse(status=405)
    try:
        client = register_client(json.loads(request.body))
    except (ValueError, TypeError, AttributeError):
        return JsonResponse({"error": "déclaration incomplète"}, status=400)
    return JsonResponse({"client_id": client.client_id}, status=201)
