"""The reception site's own doors: what to have at hand, sign in, sign out."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from escale import clock
from escale.ports.errors import PartnerError
from escale.ports.franceconnect import SignInFailed
from escale.steps.step1_sign_in import service as step1
from escale.ui.guards import public
from escale.ui.limits import within
from escale.ui.sites import address


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What to have at hand before signing in."""
    return render(request, "reception/home.html")


def _after(request: HttpRequest) -> str:
    wanted = request.GET.get("suite", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else ""


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """FranceConnect+ for this site: being signed in on the portal does not count here."""
    if request.actor is not None and request.method == "GET":  # type: ignore[attr-defined]  # set by GuardMiddleware
        return redirect("reception_passports")
    context: dict[str, Any] = {"problem": request.GET.get("probleme", "")}
    if request.method == "GET":
        return render(request, "reception/sign_in.html", context)
    if not within("sign_in", request.META.get("REMOTE_ADDR", ""), now=clock.now()):
        return render(request, "reception/sign_in.html", {"problem": "limit"}, status=429)
    try:
        url, kept = step1.start_sign_in(redirect_uri=address("reception", "sign_in_return"))
    except PartnerError:
        return render(request, "reception/sign_in.html", {"problem": "technical"}, status=503)
    request.session["franceconnect"] = {"kept": kept, "after": _after(request)}
    return redirect(url)


@public
@never_cache
@require_GET
def sign_in_return(request: HttpRequest) -> HttpResponse:
    """Back from FranceConnect+: a new session that keeps who it is and nothing else of their identity."""
    held = request.session.pop("franceconnect", None)
    if held is None:
        return redirect(f"{reverse('sign_in')}?probleme=technical")
    try:
        _signed_in, session = step1.finish_sign_in(
            query={name: str(value) for name, value in request.GET.items()},
            kept=held["kept"],
            redirect_uri=address("reception", "sign_in_return"),
            now=clock.now(),
        )
    except SignInFailed as failed:
        return redirect(f"{reverse('sign_in')}?probleme={failed.outcome}")
    except PartnerError:
        return redirect(f"{reverse('sign_in')}?probleme=technical")
    request.session.flush()
    request.session.update({name: session[name] for name in ("actor", "name", "id_token")})
    return redirect(held["after"] or "reception_passports")


@public
@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End our session, then FranceConnect+'s."""
    id_token = request.session.get("id_token", "")
    request.session.flush()
    if not id_token:
        return redirect("reception_home")
    try:
        url = step1.sign_out_address(
            id_token=id_token, state=secrets.token_urlsafe(32), back_to=address("reception", "reception_home")
        )
    except PartnerError:
        return redirect("reception_home")
    return redirect(url)
