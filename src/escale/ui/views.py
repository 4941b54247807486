"""Pages every site has: health, choice of language, how long the session lasts, where one is signed in."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.ui import open_sessions, sessions
from escale.ui.context import SCHEME_COOKIE
from escale.ui.guards import public, signed_in
from escale.ui.requests import SignedRequest
from escale.ui.sites import site_of


@public
def health(request: HttpRequest) -> HttpResponse:
    """Ready when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "site": request.site, "now": clock.now().isoformat()})


@public
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and come back to the same page."""
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, code)


@public
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    """Remember whether pages are light, dark, or as the machine says, and come back to the same page."""
    return _remember(request, SCHEME_COOKIE, code)


def _remember(request: HttpRequest, cookie: str, code: str) -> HttpResponse:
    back = request.GET.get("suite", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    response.set_cookie(
        cookie,
        code,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
        httponly=True,
    )
    return response


@public
@never_cache
@require_GET
def session_left(request: HttpRequest) -> HttpResponse:
    """For our script: seconds left of the session, without making it last. 0: nobody is signed in."""
    return _left(request)


@public
@never_cache
@require_POST
def session_extend(request: HttpRequest) -> HttpResponse:
    """Put the end of the session off. A script is told the seconds left; a person reads them on a page."""
    if sessions.end_of(request) is not None:
        sessions.extend(request)
    if request.accepts("text/html"):
        return render(request, "ui/session_extended.html")
    return _left(request)


def _left(request: HttpRequest) -> JsonResponse:
    end = sessions.end_of(request)
    return JsonResponse({"seconds": end.seconds if end else 0, "final": bool(end and end.final)})


@signed_in
@require_GET
def my_sessions(request: SignedRequest) -> HttpResponse:
    """Where the person is signed in on this site."""
    actor, here = request.actor, request.session.session_key
    opened = open_sessions.of(site_of(request), actor.kind, actor.id, now=clock.now(), here=here)
    return render(request, "ui/my_sessions.html", {"opened": opened})


@signed_in
@require_POST
def close_sessions(request: SignedRequest) -> HttpResponse:
    """Close one session of the person, or all of them, save the one they are using."""
    actor, typed = request.actor, request.POST.get("connexion", "")
    if not (typed == "autres" or (typed.isascii() and typed.isdigit() and len(typed) < 19)):
        return redirect("my_sessions")
    number = None if typed == "autres" else int(typed)
    ended = open_sessions.close(site_of(request), actor.kind, actor.id, here=request.session.session_key, number=number)
    if ended:
        told = ngettext("Connexion fermée.", "%(count)s connexions fermées.", ended) % {"count": ended}
    else:
        told = _("Cette connexion était déjà fermée.")
    messages.success(request, told)
    return redirect("my_sessions")
