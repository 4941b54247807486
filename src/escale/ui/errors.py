"""Error pages in the user's words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escale.ui import given_back
from escale.ui.guards import public


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: what was typed is given back to whoever typed it on a page of ours."""
    return given_back.page(request) or render(request, "ui/error_form_expired.html", status=403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "ui/error_not_found.html", status=404)


@public
def failed(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/error_failed.html", status=500)
