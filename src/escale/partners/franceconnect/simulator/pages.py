"""How FranceConnect+ shows a page, sends elsewhere, and explains an error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escale.partners.franceconnect.simulator.protocol import PAGES, PageError
from escale.partners.kit.issuing import error_id

type Page = Callable[..., HttpResponse]


def shown(view: Page) -> Page:
    """Show the error page of a view that cannot go on; nothing of the way through sign-in is kept by the browser."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except PageError as error:
            answer = error_page(request, error)
        answer["Cache-Control"] = "no-store"
        return answer

    return wrapped


def error_page(request: HttpRequest, error: PageError) -> HttpResponse:
    status, sentence = PAGES[error.code]
    context = {"code": error.code, "sentence": sentence, "id": error_id(), "home": settings.PORTAL_URL}
    return render(request, "franceconnect/error.html", context, status=status)
