"""The agent's way through ProConnect: e-mail, identity provider, and back to the service."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from escale import clock
from escale.partners.kit import people
from escale.partners.kit.faults import faulty
from escale.partners.kit.issuing import error_id, see_other
from escale.partners.proconnect.simulator.authorization import Authorization, known_return, read
from escale.partners.proconnect.simulator.protocol import (
    BASE,
    CODES,
    COOKIE,
    INTERACTIONS,
    NEW_SESSION_ACRS,
    PAGES,
    SESSION_SECONDS,
    SESSIONS,
    STORE,
    SWITCHES,
    PageError,
    RedirectError,
    issuer,
)

OUTCOMES = {
    "server_error": "authentication aborted due to a technical error on the authorization server",
    "temporarily_unavailable": "authentication aborted due to a service outage",
}


def shown(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show the error page of a view that cannot go on."""

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
    context = {"code": error.code, "sentence": sentence, "id": error_id(), "home": settings.DESK_URL}
    return render(request, "proconnect/error.html", context, status=status)


@faulty(STORE)
@shown
def authorize(request: HttpRequest) -> HttpResponse:
    """GET, or POST of a form."""
    parameters: QueryDict = request.POST if request.method == "POST" else request.GET
    client = known_return(parameters)
    try:
        return _begun(request, read(parameters, client))
    except RedirectError as error:
        return _refused(str(parameters["redirect_uri"]), str(parameters["state"]), error)


@shown
def enter_email(request: HttpRequest, name: str) -> HttpResponse:
    interaction = _interaction(request, name)
    if request.method == "POST":
        INTERACTIONS.change(name, email=request.POST.get("email", "").strip())
        return see_other(f"{BASE}/fournisseur/{name}")
    return render(
        request, "proconnect/email.html", {"hint": interaction["login_hint"], "service": interaction["service"]}
    )


@shown
def choose_agent(request: HttpRequest, name: str) -> HttpResponse:
    """The identity provider's own page: the agent of that e-mail first, then all others."""
    interaction = _interaction(request, name)
    if request.method != "POST":
        agents = sorted(people.agents(), key=lambda agent: agent.email != interaction.get("email"))
        return render(request, "proconnect/agent.html", {"agents": agents, "email": interaction.get("email", "")})
    if "cancel" in request.POST:
        return _ended(name, interaction, RedirectError("access_denied", "User auth aborted"))
    return _identified(request, name, interaction)


def _begun(request: HttpRequest, asked: Authorization) -> HttpResponse:
    now = clock.now()
    name = request.COOKIES.get(COOKIE, "")
    session = SESSIONS.get(name, now=now)
    if session is None:
        name, session = SESSIONS.issue({}, now=now), {}
    interaction = {
        "session": name,
        "client_id": asked.client.client_id,
        "service": asked.client.name,
        "redirect_uri": asked.redirect_uri,
        "scope": asked.scope,
        "state": asked.state,
        "nonce": asked.nonce,
        "acrs": list(asked.acrs),
        "wished": list(asked.wished),
        "wants_amr": asked.wants_amr,
        "login_hint": asked.login_hint,
        "challenge": asked.challenge,
    }
    started = INTERACTIONS.issue(interaction, now=now)
    if _reusable(session, asked):
        answer = _finished(started, {**interaction, **session})
    elif "none" in asked.prompt:
        answer = _ended(started, interaction, RedirectError("login_required", "End-User authentication is required"))
    else:
        answer = see_other(f"{BASE}/api/v2/interaction/{started}")
    answer.set_cookie(COOKIE, name, max_age=SESSION_SECONDS, path=BASE, httponly=True, samesite="Lax")
    return answer


def _reusable(session: dict[str, Any], asked: Authorization) -> bool:
    """Whether the session of this browser is enough: single sign-on, without any page."""
    if not session.get("login"):
        return False
    if "login" in asked.prompt and not SWITCHES.all()["ignore_prompt"]:
        return False
    levels = set(asked.acrs or asked.wished)
    return not levels or (session["acr"] in levels and not levels <= NEW_SESSION_ACRS)


def _interaction(request: HttpRequest, name: str) -> dict[str, Any]:
    interaction = INTERACTIONS.get(name, now=clock.now())
    if interaction is None or request.COOKIES.get(COOKIE) != interaction["session"]:
        raise PageError("Y030110")
    return interaction


def _identified(request: HttpRequest, name: str, interaction: dict[str, Any]) -> HttpResponse:
    try:
        agent = people.agent(request.POST.get("login", ""))
    except KeyError:
        raise PageError("Y000400") from None
    if agent.private_sector:
        raise PageError("Y500015")
    outcome = SWITCHES.take("outcome")
    if outcome:
        return _ended(name, interaction, RedirectError(outcome, OUTCOMES[outcome]))
    acr = _reached(interaction["acrs"] or interaction["wished"], mfa=agent.mfa)
    if interaction["acrs"] and acr not in interaction["acrs"]:
        unmet = RedirectError("access_denied", "requested ACRs could not be satisfied")
        return _ended(name, interaction, unmet)
    now = clock.now()
    known = {
        "login": agent.login,
        "acr": acr,
        "amr": ["pwd", "totp", "mfa"] if agent.mfa else ["pwd"],
        "auth_time": int(now.timestamp()),
    }
    SESSIONS.change(interaction["session"], ends=now.timestamp() + SESSION_SECONDS, **known)
    return _finished(name, {**interaction, **known})


def _reached(levels: list[str], *, mfa: bool) -> str:
    """The identity provider's level: with several factors, the usual one unless only higher ones are asked."""
    if not mfa:
        return "eidas1"
    higher = [level for level in levels if level in NEW_SESSION_ACRS]
    return higher[0] if higher and "eidas1-mfa" not in levels else "eidas1-mfa"


def _finished(name: str, interaction: dict[str, Any]) -> HttpResponse:
    code = {
        field: interaction[field]
        for field in (
            "client_id", "redirect_uri", "scope", "nonce", "challenge", "wants_amr", "login", "acr", "amr", "auth_time",
            "session",
        )
    }  # fmt: skip
    INTERACTIONS.end(name)
    issued = CODES.issue(code, now=clock.now())
    return see_other(interaction["redirect_uri"], code=issued, state=interaction["state"], iss=issuer())


def _ended(name: str, interaction: dict[str, Any], error: RedirectError) -> HttpResponse:
    INTERACTIONS.end(name)
    return _refused(interaction["redirect_uri"], interaction["state"], error)


def _refused(redirect_uri: str, state: str, error: RedirectError) -> HttpResponse:
    return see_other(redirect_uri, error=error.error, error_description=error.description, state=state, iss=issuer())
