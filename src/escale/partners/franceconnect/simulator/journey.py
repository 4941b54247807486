"""The citizen's way through FranceConnect+: identity provider, person, information page, and back to the service."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from escale import clock
from escale.partners.franceconnect.simulator import clients
from escale.partners.franceconnect.simulator.authorization import Authorization, read
from escale.partners.franceconnect.simulator.pages import error_page, shown
from escale.partners.franceconnect.simulator.protocol import (
    CODES,
    COOKIE,
    INTERACTIONS,
    LEVELS,
    PREFIX,
    PROVIDERS,
    SCOPES,
    SESSION_SECONDS,
    SESSIONS,
    SINGLE_SIGN_ON_LEVEL,
    STORE,
    SWITCHES,
    PageError,
    RedirectError,
)
from escale.partners.franceconnect.simulator.tokens import identity_of
from escale.partners.kit import people
from escale.partners.kit.faults import faulty
from escale.partners.kit.issuing import see_other

GENDERS = ("male", "female", "unspecified")
OUTCOMES = {
    "server_error": ("server_error", "authentication aborted due to a technical error on the authorization server"),
    "temporarily_unavailable": ("temporarily_unavailable", "authentication aborted due to a service outage"),
    "refused": ("access_denied", "user authentication aborted"),
}


@faulty(STORE)
def authorize(request: HttpRequest) -> HttpResponse:
    """GET, or POST of a form."""
    parameters = request.POST if request.method == "POST" else request.GET
    try:
        asked = read(parameters)
    except PageError as error:
        return error_page(request, error)
    except RedirectError as error:
        return _back(parameters["redirect_uri"], parameters["state"], error=error)
    return _begun(request, asked)


@shown
def choose_provider(request: HttpRequest, name: str) -> HttpResponse:
    interaction = _interaction(request, name)
    if request.method != "POST":
        context = {"providers": PROVIDERS, "service": _client(interaction).name}
        return render(request, "franceconnect/provider.html", context)
    if "cancel" in request.POST:
        return _cancelled(name, interaction)
    if request.POST.get("idp") not in PROVIDERS:
        raise PageError("Y020021")
    INTERACTIONS.change(name, idp=request.POST["idp"])
    return see_other(f"{PREFIX.base}/fournisseur/{name}")


@shown
def choose_person(request: HttpRequest, name: str) -> HttpResponse:
    """The identity provider's own page: whom to be, and at which level."""
    interaction = _interaction(request, name)
    if not interaction.get("idp"):
        raise PageError("Y420001")
    if request.method != "POST":
        context = {
            "people": people.people(),
            "provider": PROVIDERS[interaction["idp"]],
            "levels": LEVELS,
            "level": interaction["acr"],
        }
        return render(request, "franceconnect/person.html", context)
    if "cancel" in request.POST:
        return _cancelled(name, interaction)
    return _identified(request, name, interaction)


@shown
def inform(request: HttpRequest, name: str) -> HttpResponse:
    """Which data goes to the service; the person continues, or goes back."""
    interaction = _interaction(request, name)
    if not interaction.get("login"):
        raise PageError("Y420001")
    if request.method == "POST":
        return _cancelled(name, interaction) if "cancel" in request.POST else _finished(name, interaction)
    context = {
        "service": _client(interaction).name,
        "identity": _transmitted(interaction),
        "provider": PROVIDERS[interaction["idp"]],
    }
    return render(request, "franceconnect/information.html", context)


def _begun(request: HttpRequest, asked: Authorization) -> HttpResponse:
    now = clock.now()
    name = request.COOKIES.get(COOKIE, "")
    session = SESSIONS.get(name, now=now)
    if session is None:
        name, session = SESSIONS.issue({}, now=now), {}
    interaction = {
        "session": name,
        "client_id": asked.client.client_id,
        "redirect_uri": asked.redirect_uri,
        "scope": asked.scope,
        "acr": asked.acr,
        "state": asked.state,
        "nonce": asked.nonce,
        "wants_amr": asked.wants_amr,
        "information_page": asked.information_page,
        "idp": asked.provider,
    }
    signed_in = session.get("login") if asked.acr == SINGLE_SIGN_ON_LEVEL else None
    if signed_in:
        interaction |= {field: session[field] for field in ("login", "idp", "got", "auth_time")}
    started = INTERACTIONS.issue(interaction, now=now)
    page = f"{PREFIX.base}/api/v2/interaction/{started}"
    if signed_in:
        page += "/consent"
    elif asked.provider:
        page = f"{PREFIX.base}/fournisseur/{started}"
    answer = see_other(page)
    answer.set_cookie(COOKIE, name, max_age=SESSION_SECONDS, path=PREFIX.base, httponly=True, samesite="Lax")
    return answer


def _interaction(request: HttpRequest, name: str) -> dict[str, Any]:
    """The interaction of this browser. Raises PageError."""
    interaction = INTERACTIONS.get(name, now=clock.now())
    if interaction is None:
        raise PageError("Y190001")
    if request.COOKIES.get(COOKIE) != interaction["session"]:
        raise PageError("Y420001")
    return interaction


def _identified(request: HttpRequest, name: str, interaction: dict[str, Any]) -> HttpResponse:
    login, got = request.POST.get("login", ""), request.POST.get("acr") or interaction["acr"]
    try:
        someone = people.person(login)
    except KeyError:
        raise PageError("Y020021") from None
    if got not in LEVELS or LEVELS.index(got) < LEVELS.index(interaction["acr"]):
        raise PageError("Y100001")
    if not someone.email or someone.gender not in GENDERS:
        raise PageError("Y600006")
    outcome = SWITCHES.take("outcome") or ("refused" if someone.deceased else "")
    if outcome:
        INTERACTIONS.end(name)
        return _back(interaction["redirect_uri"], interaction["state"], error=RedirectError(*OUTCOMES[outcome]))
    now = clock.now()
    known = {"login": login, "idp": interaction["idp"], "got": got, "auth_time": int(now.timestamp())}
    INTERACTIONS.change(name, **known)
    SESSIONS.change(interaction["session"], ends=now.timestamp() + SESSION_SECONDS, **known)
    if interaction["information_page"]:
        return see_other(f"{PREFIX.base}/api/v2/interaction/{name}/consent")
    return _finished(name, {**interaction, **known})


def _finished(name: str, interaction: dict[str, Any]) -> HttpResponse:
    client = _client(interaction)
    code = {
        "client_id": client.client_id,
        "redirect_uri": interaction["redirect_uri"],
        "scope": interaction["scope"],
        "nonce": interaction["nonce"],
        "wants_amr": interaction["wants_amr"],
        "acr": interaction["got"],
        "auth_time": interaction["auth_time"],
        "sub": clients.subject(client, identity_of(interaction["login"])),
        "identity": _transmitted(interaction),
    }
    INTERACTIONS.end(name)
    return _back(interaction["redirect_uri"], interaction["state"], code=CODES.issue(code, now=clock.now()))


def _transmitted(interaction: dict[str, Any]) -> dict[str, str]:
    wanted = {claim for scope in interaction["scope"].split() for claim in SCOPES.get(scope, ())}
    return {claim: value for claim, value in identity_of(interaction["login"]).items() if claim in wanted}


def _cancelled(name: str, interaction: dict[str, Any]) -> HttpResponse:
    INTERACTIONS.end(name)
    error = RedirectError("access_denied", "User auth aborted")
    return _back(interaction["redirect_uri"], interaction["state"], error=error)


def _client(interaction: dict[str, Any]) -> clients.Client:
    client = clients.find(interaction["client_id"])
    if client is None:
        raise PageError("Y04EA6EF")
    return client


def _back(redirect_uri: str, state: str, *, code: str = "", error: RedirectError | None = None) -> HttpResponse:
    if error is None:
        return see_other(redirect_uri, code=code, state=state, iss=PREFIX.issuer)
    answer = {"error": error.error, "error_description": error.description, "state": state, "iss": PREFIX.issuer}
    return see_other(f"{redirect_uri}#{urlencode(answer)}") if error.fragment else see_other(redirect_uri, **answer)
