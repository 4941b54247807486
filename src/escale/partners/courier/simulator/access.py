"""Who may call, and how DHL refuses: Basic authentication, ``x-version``, errors without ``type``, statuses as text."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from escale.partners.courier.settings import SIMULATOR_PASSWORD, SIMULATOR_USERNAME
from escale.partners.courier.simulator.parcels import STORE
from escale.partners.kit.faults import View, faulty

_VERSION = re.compile(r"(2\.(9|1[0-9])|3\.[0-9])\.[0-9]{1,2}")


class Refusal(Exception):
    """``detail`` is DHL's sentence, ``extra`` its additional details."""

    def __init__(
        self, status: int, title: str, detail: str, *, message: str = "", extra: list[str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail = status, title, detail
        self.message, self.extra = message or title, extra


def refuse(refusal: Refusal, instance: str) -> HttpResponse:
    body: dict[str, Any] = {
        "instance": instance,
        "detail": refusal.detail,
        "title": refusal.title,
        "message": refusal.message,
        "status": str(refusal.status),
    }
    if refusal.extra:
        body["additionalDetails"] = refusal.extra
    response = JsonResponse(body, status=refusal.status, content_type="application/problem+json")
    if refusal.status == 429:
        response["Retry-After"] = "10800"
    return response


def _known(request: HttpRequest) -> bool:
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(value, validate=True)
    except ValueError:
        return False
    return kind == "Basic" and secrets.compare_digest(given, f"{SIMULATOR_USERNAME}:{SIMULATOR_PASSWORD}".encode())


def operation(method: str) -> Callable[[View], View]:
    """An operation of MyDHL API. An unknown caller is turned away by the gateway, in HTML, as in reality."""

    def decorate(view: View) -> View:
        @faulty(STORE)
        @wraps(view)
        def wrapped(request: HttpRequest, **path: str) -> HttpResponseBase:
            if not _known(request):
                response = HttpResponse("<html><body><h1>401 Unauthorized</h1></body></html>", status=401)
                response["WWW-Authenticate"] = 'Basic realm="MyDHL API"'
                return response
            instance = request.path.replace("/dhl/mydhlapi", "/expressapi")
            try:
                if not _VERSION.fullmatch(request.headers.get("x-version", "")):
                    raise Refusal(400, "Bad request", "9001: The x-version header value is invalid.")
                if request.method != method:
                    raise Refusal(405, "Method not allowed", f"Expected {method}")
                return view(request, **path)
            except Refusal as refusal:
                return refuse(refusal, instance)

        return wrapped

    return decorate
