"""The API of "sltd-relay/1"."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_http_methods
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from escale import clock
from escale.partners.border_alert import wire
from escale.partners.border_alert.settings import DEMO_CLIENT, DEMO_KEY
from escale.partners.border_alert.simulator import records
from escale.partners.kit.faults import View, faulty
from escale.partners.kit.options import Options
from escale.partners.kit.problems import problem

_MOST_ITEMS = 100
_DRIFT = 30  # seconds


def _signed(method: str) -> Callable[[View], View]:
    """An API view for one method, whose caller proves itself by a fresh token bound to the body."""

    def decorate(view: View) -> View:
        @faulty(records.STORE)
        @require_http_methods([method])
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            fault = _token_fault(request)
            if fault:
                return problem(401, fault, "The bearer token cannot be accepted")
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def _token_fault(request: HttpRequest) -> str:
    read = Options(os.environ, "BORDER_ALERT")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        return "TOKEN_MISSING"
    try:
        key = OctKey.import_key(read.secret("SIGNING_KEY", DEMO_KEY).encode())
        claims = jwt.decode(token, key, algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        return "TOKEN_SIGNATURE"
    if claims.get("iss") != read.secret("CLIENT", DEMO_CLIENT) or claims.get("aud") != wire.AUDIENCE:
        return "TOKEN_PARTIES"
    issued, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or not isinstance(ends, int):
        return "TOKEN_TIMES"
    now = clock.now().timestamp()
    if ends - issued > wire.TOKEN_SECONDS or not issued - _DRIFT <= now <= ends + _DRIFT:
        return "TOKEN_TIMES"
    covered = str(claims.get("body_sha256", ""))
    return "" if hmac.compare_digest(covered.encode(), wire.digest(request.body).encode()) else "TOKEN_BODY"


def _json(request: HttpRequest) -> dict[str, Any] | None:
    try:
        body = json.loads(request.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


@_signed("POST")
def documents(request: HttpRequest) -> HttpResponse:
    """Record one to a hundred documents: 207, a result for each. A key repeated gets the first answer again."""
    key = request.headers.get("Idempotency-Key", "")
    try:
        uuid.UUID(key)
    except ValueError:
        return problem(400, "IDEMPOTENCY_KEY", "Idempotency-Key must be a UUID")
    body = _json(request)
    items = body.get("items") if body is not None and body.keys() == {"items"} else None
    if not isinstance(items, list) or not 1 <= len(items) <= _MOST_ITEMS:
        return problem(400, "ITEMS", "The body must hold items, from 1 to 100, and nothing else")
    digest = hashlib.sha256(request.body).hexdigest()
    with records.STORE.locked():
        seen = records.STORE.get("key", key)
        if seen is not None:
            if seen["digest"] != digest:
                return problem(422, "IDEMPOTENCY_KEY_REUSED", "This key came with another content")
            return JsonResponse({"items": seen["results"]}, status=207)
        now = clock.now()
        results = [records.record(item, now) for item in items]
        records.STORE.put("key", key, {"digest": digest, "results": results})
    return JsonResponse({"items": results}, status=207)


@_signed("PATCH")
def document(request: HttpRequest, identity: str) -> HttpResponse:
    """Withdraw a record: ``status`` WITHDRAWN and a ``reason``."""
    body = _json(request)
    if body is None or body.get("status") != "WITHDRAWN" or not isinstance(body.get("reason"), str):
        return problem(400, "WITHDRAWAL", "The body must hold status WITHDRAWN and a reason")
    if not body["reason"].strip():
        return problem(422, "REASON", "A withdrawal says why")
    outcome = records.withdraw(identity, body["reason"], clock.now())
    if outcome == "unknown":
        return problem(404, "UNKNOWN_ITEM", "No record under this identifier")
    if outcome == "already":
        return problem(409, "ALREADY_WITHDRAWN", "This record was withdrawn before")
    return JsonResponse({"item_id": identity, "status": "WITHDRAWN"})


@_signed("POST")
def search(request: HttpRequest) -> HttpResponse:
    """``NO_ERROR`` is a hit, ``NO_ANSWER`` is none: the words of FIND."""
    body = _json(request)
    if body is None or body.keys() != {"nr", "country_of_issuance_id"}:
        return problem(400, "SEARCH", "The body must hold nr and country_of_issuance_id, and nothing else")
    found = records.hits(str(body["nr"]), str(body["country_of_issuance_id"]), clock.now())
    told = [{"@item_id": hit["item_id"], "type_id": hit["type_id"], "status": hit["status"]} for hit in found]
    return JsonResponse({"result": "NO_ERROR" if found else "NO_ANSWER", "documents": told})


@_signed("GET")
def counts(request: HttpRequest) -> HttpResponse:
    return JsonResponse(records.counts())
