"""The peer of bench.page: a bare Django view rendering a template of the same size, which is the page's own.

No middleware, no session, no database at a request: the same template over the same base page, through the same engine
and context processors, with a context that was made once when the server started. What is left is what Django takes to
render these bytes; what the page adds is finding out who asks and how their case stands. ``BENCH_BARE_CASE`` names the
case whose page it is.
"""

from __future__ import annotations

import os
import time
from typing import Any
from unittest import mock

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - the rest needs Django to be set up
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.urls import path, set_urlconf  # noqa: E402
from django.utils import translation  # noqa: E402

from escale.config.urls import portal  # noqa: E402
from escale.ledger import queries  # noqa: E402
from escale.people.actors import Actor  # noqa: E402
from escale.portal import case_views  # noqa: E402

PATH = "/nue/"


def _signed_in(request: HttpRequest, who: str) -> HttpRequest:
    """What the middleware would have set, without asking anything of anybody."""
    now = time.time()
    request.actor = Actor("applicant", who)  # type: ignore[attr-defined]  # as ui.guards does
    request.site = "portal"  # type: ignore[attr-defined]  # as ui.sites does
    request.session = {"actor": {}, "name": "Jeanne MARTIN", "seen": now, "began": now}  # type: ignore[assignment]
    request._messages = ()  # type: ignore[attr-defined]  # as Django's messages do
    return request


def _made_once() -> tuple[str, str, dict[str, Any]]:
    """The applicant, the template and the context of the page of one case."""
    case = queries.by_reference(os.environ["BENCH_BARE_CASE"])
    assert case is not None, "no such case"
    request = _signed_in(RequestFactory().get("/"), case.applicant_sub)
    set_urlconf(portal.__name__)
    translation.activate("fr")
    with mock.patch.object(case_views, "render", return_value=HttpResponse()) as rendered:
        case_views.case_home(request, case.reference)
    set_urlconf(None)
    _, template, context = rendered.call_args.args
    return case.applicant_sub, template, context


def page(request: HttpRequest) -> HttpResponse:
    translation.activate("fr")
    response = render(_signed_in(request, WHO), TEMPLATE, CONTEXT)
    response.headers["Content-Length"] = str(len(response.content))
    return response


WHO, TEMPLATE, CONTEXT = _made_once()
urlpatterns = [path(PATH.lstrip("/"), page), *portal.urlpatterns]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application.load_middleware()
