"""Agents sign in through ProConnect; their rights come from our own directory."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale import clock
from escale.desk import service
from escale.ports import directory
from escale.ports.errors import PartnerError
from escale.ports.franceconnect import SignInFailed
from escale.ui import limits, sessions
from escale.ui.guards import public
from escale.ui.requests import client_address
from escale.ui.sites import address


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Explains, then sends to ProConnect (POST). With ``confirmer`` the agent proves their identity anew."""
    following = request.GET.get("suite", "")
    if request.method != "POST":
        ended = request.GET.get("probleme") == "session"
        context = {"suite": following, "confirm": "confirmer" in request.GET, "ended": ended}
        return render(request, "desk/sign_in.html", context)
    if not limits.within("sign_in", client_address(request), now=clock.now()):
        messages.error(request, _("Trop de tentatives de connexion. Réessayez dans une heure."))
        return redirect("sign_in")
    try:
        where, kept = directory.proconnect().start(
            redirect_uri=address("desk", "sign_in_return"), force_login=bool(request.POST.get("confirm"))
        )
    except PartnerError:
        messages.error(request, _("ProConnect ne répond pas. Réessayez dans quelques minutes."))
        return redirect("sign_in")
    request.session["proconnect"] = kept
    request.session["suite"] = request.POST.get("suite", "")
    return redirect(where)


@public
def sign_in_return(request: HttpRequest) -> HttpResponse:
    """Back from ProConnect: verify, look the agent up, rotate the session."""
    kept = request.session.pop("proconnect", None)
    following = request.session.pop("suite", "")
    now = clock.now()
    if not kept:
        messages.error(request, _("Cette connexion a expiré. Recommencez."))
        return redirect("sign_in")
    try:
        proof = directory.proconnect().finish(
            query=request.GET.dict(),
            kept=kept,
            redirect_uri=address("desk", "sign_in_return"),
            now=now.timestamp(),
        )
    except SignInFailed as failed:
        messages.error(request, _sentence(failed.outcome))
        return redirect("sign_in")
    except PartnerError:
        messages.error(request, _("ProConnect ne répond pas. Réessayez dans quelques minutes."))
        return redirect("sign_in")
    agent = service.recognise(proof.identity)
    if agent is None or not agent.has_right(now):
        request.session.flush()
        context = {"known": agent is not None, "ended": agent.role_until if agent and agent.role else None}
        return render(request, "desk/no_rights.html", context, status=403)
    request.session.cycle_key()
    request.session.pop("began", None)
    request.session["actor"] = {"kind": "agent", "id": agent.pk}
    request.session["name"] = str(agent)
    request.session["id_token"] = proof.id_token
    # When ProConnect saw the person, not when they came back to us: a silent sign-on may be hours old.
    request.session["authenticated_at"] = datetime.fromtimestamp(proof.auth_time, UTC).isoformat()
    if not url_has_allowed_host_and_scheme(following, allowed_hosts=None):
        following = ""
    return redirect(following or "desk_home")


def _sentence(outcome: str) -> str:
    return {
        "cancelled": _("Vous avez interrompu la connexion. Rien n’a changé."),
        "refused": _(
            "ProConnect n’autorise pas cette connexion : il faut un compte du ministère et un second facteur."
        ),
    }.get(outcome, _("La connexion n’a pas abouti pour une raison technique. Réessayez."))


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends our session, then ProConnect's."""
    token = request.session.get("id_token", "")
    sessions.sign_out(request)
    if not token:
        return redirect("sign_in")
    home = address("desk", "desk_root")
    try:
        where = directory.proconnect().logout_url(
            id_token=token, state=secrets.token_urlsafe(32), post_logout_redirect_uri=home
        )
    except PartnerError:
        return redirect("sign_in")  # our own session has ended, whatever ProConnect's
    return redirect(where)
