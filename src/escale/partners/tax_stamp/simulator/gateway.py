"""The gateway in front of the stamps: token, headers of the State hub, problems as RFC 9457."""

from __future__ import annotations

import base64
import json
import re
import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from escale import clock
from escale.partners.kit.faults import View, faulty
from escale.partners.tax_stamp.settings import SIMULATOR_CLIENT, SIMULATOR_SECRET, SIMULATOR_TELESERVICE
from escale.partners.tax_stamp.simulator.stamps import STORE, Problem

TOKEN_SECONDS = 3600
_NUMBER = re.compile(r"[0-9]{16}")


def problem(refusal: Problem, correlation: str = "") -> HttpResponse:
    body = {
        "type": f"{settings.SIMULATORS_URL}/timbre/problemes/{refusal.kind}",
        "title": refusal.title,
        "status": refusal.status,
        "instance": f"urn:uuid:{correlation or uuid.uuid4()}",
    }
    response = JsonResponse(body, status=refusal.status, content_type="application/problem+json")
    if refusal.status in (429, 503):
        response["Retry-After"] = "60"
    return response


@faulty(STORE)
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """``client_credentials`` with HTTP Basic."""
    try:
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        kind, name, secret = "", "", ""
    right = secrets.compare_digest(f"{name}:{secret}", f"{SIMULATOR_CLIENT}:{SIMULATOR_SECRET}")
    if kind != "Basic" or not right:
        body = {"error": "invalid_client", "error_description": "Client Authentication failed."}
        return JsonResponse(body, status=401)
    if request.POST.get("grant_type") != "client_credentials":
        return JsonResponse({"error": "unsupported_grant_type"}, status=400)
    bearer = secrets.token_urlsafe(24)
    STORE.put("token", bearer, {"ends": (clock.now() + timedelta(seconds=TOKEN_SECONDS)).isoformat()})
    return JsonResponse({"access_token": bearer, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})


def _identify(request: HttpRequest, now: datetime) -> str:
    """The correlation id of a call that may pass. Raises Problem."""
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    known = STORE.get("token", bearer) if kind == "Bearer" and bearer else None
    if known is None or datetime.fromisoformat(known["ends"]) <= now:
        raise Problem(401, "jeton-invalide", "Jeton absent, inconnu ou expiré")
    if request.META.get("HTTP_ID_TELESERVICE") != SIMULATOR_TELESERVICE:
        raise Problem(403, "teleservice-inconnu", "L’en-tête ID_Teleservice est absent ou inconnu")
    try:
        return str(uuid.UUID(request.headers.get("X-Correlation-ID", "")))
    except ValueError:
        raise Problem(400, "correlation-absente", "L’en-tête X-Correlation-ID doit être un UUID") from None


def guarded(method: str) -> Callable[[Callable[..., dict[str, Any]]], View]:
    """An operation behind the gateway: given ``now``, the JSON body and the path, it returns a JSON body."""

    def decorate(operation: Callable[..., dict[str, Any]]) -> View:
        @faulty(STORE)
        @wraps(operation)
        def view(request: HttpRequest, **path: str) -> HttpResponse:
            correlation, now = "", clock.now()
            try:
                correlation = _identify(request, now)
                if request.method != method:
                    raise Problem(405, "methode-refusee", f"Cette adresse attend {method}")
                response: HttpResponse = JsonResponse(operation(_body(request), now=now, **path))
            except Problem as refusal:
                response = problem(refusal, correlation)
            response["X-Correlation-ID"] = correlation
            return response

        return view

    return decorate


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.method == "GET":
        return {}
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not _NUMBER.fullmatch(str(body.get("numero", ""))):
        raise Problem(400, "requete-invalide", "Le corps doit être un objet JSON avec un numéro de 16 chiffres")
    return body
