"""Error pages in the user's words."""

from __future__ import annotations

import copy
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escale.ui import given_back
from escale.ui.guards import public
from escale.ui.sessions import SessionStore

RETRY_SECONDS = 60


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: what was typed is given back to whoever typed it on a page of ours."""
    return given_back.page(request) or render(request, "ui/error_form_expired.html", status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/error_not_found.html", status=404)


@public
def failed(request: HttpRequest) -> HttpResponse:
    """Something of ours failed. It may be the database: this page asks nothing of it, not even who is signed in."""
    bare = copy.copy(request)
    bare.session, bare.actor = SessionStore(), None  # type: ignore[attr-defined]  # ours, read by ui.context
    bare.__dict__.pop("_messages", None)
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return render(bare, "ui/error_failed.html", status=500)
    response = render(bare, "ui/error_failed.html", status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
