"""The way in and out through FranceConnect+, the same on every site where applicants sign in.

A site says what is its own: its pages, what its session keeps of the person, and where they go next.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from escale import clock
from escale.ports.errors import PartnerError
from escale.ports.franceconnect import SignInFailed
from escale.steps.step1_sign_in import service
from escale.ui import sessions
from escale.ui.limits import within
from escale.ui.requests import client_address
from escale.ui.sites import address


def _after(request: HttpRequest) -> str:
    """Where the person wanted to go before signing in, when it is a page of this site."""
    wanted = request.GET.get("suite", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else ""


def _problem(code: str) -> HttpResponse:
    return redirect(f"{reverse('sign_in')}?probleme={code}")


@dataclass(frozen=True, slots=True)
class Door:
    """``home`` and ``inside`` name pages: for whoever is signed out, and for whoever is signed in already.

    ``keeps``: what the site's session holds of a verified sign-in, given what step 1 says of it. ``next_page``: where a
    person goes who asked for no page, given the same.
    """

    site: str
    template: str
    home: str
    inside: str
    keeps: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    next_page: Callable[[Mapping[str, Any]], str]

    def sign_in(self, request: HttpRequest) -> HttpResponse:
        """FranceConnect+ explained; the button starts it."""
        if request.actor is not None and request.method == "GET":  # type: ignore[attr-defined]  # set by the guard
            return redirect(self.inside)
        if request.method == "GET":
            return render(request, self.template, {"problem": request.GET.get("probleme", "")})
        if not within("sign_in", client_address(request), now=clock.now()):
            return render(request, self.template, {"problem": "limit"}, status=429)
        try:
            url, kept = service.start_sign_in(redirect_uri=address(self.site, "sign_in_return"))
        except PartnerError:
            return render(request, self.template, {"problem": "technical"}, status=503)
        request.session["franceconnect"] = {"kept": kept, "after": _after(request)}
        return redirect(url)

    def sign_in_return(self, request: HttpRequest) -> HttpResponse:
        """Back from FranceConnect+: a new session for a verified person, or one of three explanations."""
        held = request.session.pop("franceconnect", None)
        if held is None:
            return _problem("technical")
        try:
            _sign_in, session = service.finish_sign_in(
                query={name: str(value) for name, value in request.GET.items()},
                kept=held["kept"],
                redirect_uri=address(self.site, "sign_in_return"),
                now=clock.now(),
            )
        except SignInFailed as failed:
            return _problem(failed.outcome)
        except PartnerError:
            return _problem("technical")
        request.session.flush()
        request.session.update(self.keeps(session))
        return redirect(held["after"] or self.next_page(session))

    def sign_out(self, request: HttpRequest) -> HttpResponse:
        """End our session, then FranceConnect+'s."""
        id_token = request.session.get("id_token", "")
        sessions.sign_out(request)
        if not id_token:
            return redirect(self.home)
        try:
            url = service.sign_out_address(
                id_token=id_token, state=secrets.token_urlsafe(32), back_to=address(self.site, self.home)
            )
        except PartnerError:
            return redirect(self.home)
        return redirect(url)
