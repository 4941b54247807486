"""What FranceConnect+ accepts at ``/authorize``: a closed list of parameters, then the rules of OpenID Connect."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from escale.partners.franceconnect.simulator import clients
from escale.partners.franceconnect.simulator.protocol import (
    ALLOWED_LEVELS,
    CLAIMS,
    LEVELS,
    PROVIDERS,
    SCOPES,
    SWITCHES,
    PageError,
    RedirectError,
)

REQUIRED = ("client_id", "redirect_uri", "response_type", "scope", "acr_values", "state", "nonce")
NEVER_EMPTY = ("client_id", "redirect_uri", "acr_values")
OPTIONAL = ("prompt", "claims", "idp_hint", "ui_locales")
PROMPTS = ({"login"}, {"consent"}, {"login", "consent"})
NONCE_LENGTH = 22
ACR_COUNT = 64


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request that FranceConnect+ accepts."""

    client: clients.Client
    redirect_uri: str
    scope: str
    acr: str
    state: str
    nonce: str
    wants_amr: bool
    information_page: bool
    provider: str


def read(parameters: QueryDict) -> Authorization:
    """Check a request. Raises PageError before the client is known, RedirectError after."""
    given = _closed(parameters)
    client = clients.find(given["client_id"])
    if client is None:
        raise PageError("Y04EA6EF")
    if given["redirect_uri"] not in client.redirect_uris:
        raise PageError("Y04C013C")
    if SWITCHES.all()["sector"]:
        client.check_sector()
    if not given["response_type"]:
        raise RedirectError("invalid_request", "missing required parameter 'response_type'")
    if given["response_type"] != "code":
        in_fragment = "token" in given["response_type"]
        raise RedirectError("unsupported_response_type", "unsupported response_type requested", fragment=in_fragment)
    _check_scope(given["scope"])
    prompt = set(given.get("prompt", "").split())
    return Authorization(
        client=client,
        redirect_uri=given["redirect_uri"],
        scope=given["scope"],
        acr=_level(given["acr_values"]),
        state=given["state"],
        nonce=given["nonce"],
        wants_amr=_wants_amr(given.get("claims", ""), client),
        information_page=not (prompt == {"login"} and "login" in client.prompts),
        provider=_hinted(given.get("idp_hint", ""), client),
    )


def _closed(parameters: QueryDict) -> dict[str, str]:
    """One value for each known parameter, every required one present. Raises PageError Y030007."""
    for name, values in parameters.lists():
        if name not in REQUIRED + OPTIONAL or len(values) != 1:
            raise PageError("Y030007")
    given = {name: str(value) for name, value in parameters.items()}
    if not all(name in given for name in REQUIRED) or not all(given[name] for name in NEVER_EMPTY):
        raise PageError("Y030007")
    if len(given["nonce"]) < NONCE_LENGTH:
        raise PageError("Y030007")
    if len(given["acr_values"].split()) > ACR_COUNT or not given["redirect_uri"].startswith(("http://", "https://")):
        raise PageError("Y030007")
    if "prompt" in given and set(given["prompt"].split()) not in PROMPTS:
        raise PageError("Y030007")
    return given


def _check_scope(scope: str) -> None:
    if "openid" not in scope.split():
        raise RedirectError("invalid_request", "openid scope must be requested when using the acr_values parameter")
    if unknown := [name for name in scope.split() if name not in SCOPES and not name.startswith("rnipp_")]:
        raise RedirectError("invalid_scope", f"requested scope is not allowed: {' '.join(unknown)}")


def _level(acr_values: str) -> str:
    """The lowest level asked; an unknown one alone counts as the highest."""
    asked = acr_values.split()
    if refused := [level for level in asked if level in LEVELS and level not in ALLOWED_LEVELS]:
        expected = ",".join(ALLOWED_LEVELS)
        raise RedirectError(
            "invalid_acr",
            f"acr_value is not valid, should be equal one of these values, expected {expected}, got {refused[0]}",
        )
    known = [level for level in asked if level in ALLOWED_LEVELS]
    return min(known, key=LEVELS.index) if known else ALLOWED_LEVELS[-1]


def _wants_amr(text: str, client: clients.Client) -> bool:
    if not text:
        return False
    try:
        asked: dict[str, Any] = json.loads(text)
        names = {name for part in asked.values() for name in part}
    except (ValueError, TypeError, AttributeError):
        raise RedirectError("invalid_request", "could not parse the claims parameter JSON") from None
    if not names <= set(client.claims) & set(CLAIMS):
        raise PageError("Y100009")
    return "amr" in asked.get("id_token", {})


def _hinted(hint: str, client: clients.Client) -> str:
    if hint and (hint not in client.providers or hint not in PROVIDERS):
        raise RedirectError("invalid_idp_hint", "An idp_hint was provided but is not allowed")
    return hint
