"""What ProConnect accepts at ``/authorize``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from escale.partners.proconnect.simulator.protocol import ACRS, SCOPES, Client, PageError, RedirectError, find_client

REQUIRED = ("client_id", "response_type", "redirect_uri", "scope", "state")
OPTIONAL = (
    "nonce",
    "acr_values",
    "claims",
    "prompt",
    "login_hint",
    "siret_hint",
    "idp_hint",
    "response_mode",
    "code_challenge",
    "code_challenge_method",
)
PROMPTS = {"login", "consent", "none"}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CHALLENGE = re.compile(r"[A-Za-z0-9\-._~]+")


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request that ProConnect accepts. ``acrs``: the levels demanded (empty: none); ``wished``: those preferred."""

    client: Client
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    prompt: frozenset[str]
    acrs: tuple[str, ...]
    wished: tuple[str, ...]
    wants_amr: bool
    login_hint: str
    challenge: str


def known_return(parameters: QueryDict) -> Client:
    """The client, when its way back is registered. Raises PageError."""
    for name, values in parameters.lists():
        if name not in REQUIRED + OPTIONAL or len(values) != 1:
            raise PageError("Y000400")
    if not all(name in parameters for name in REQUIRED):
        raise PageError("Y000400")
    client = find_client(str(parameters["client_id"]))
    if client is None:
        raise PageError("invalid_client")
    if parameters["redirect_uri"] not in client.redirect_uris:
        raise PageError("Y030031")
    return client


def read(parameters: QueryDict, client: Client) -> Authorization:
    """Check the rest of the request. Raises PageError or RedirectError."""
    given = {name: str(value) for name, value in parameters.items()}
    _check_hints(given)
    if not given["response_type"]:
        raise RedirectError("invalid_request", "missing required parameter 'response_type'")
    if given["response_type"] != "code":
        raise RedirectError("unsupported_response_type", "unsupported response_type requested")
    if "openid" not in given["scope"].split() or set(given["scope"].split()) - set(SCOPES):
        raise RedirectError("invalid_scope", "requested scope is not allowed")
    acrs, wants_amr = _claims(given.get("claims", ""))
    return Authorization(
        client=client,
        redirect_uri=given["redirect_uri"],
        scope=given["scope"],
        state=given["state"],
        nonce=given.get("nonce", ""),
        prompt=_prompt(given.get("prompt", "")),
        acrs=acrs,
        wished=tuple(acr for acr in given.get("acr_values", "").split() if acr in ACRS),
        wants_amr=wants_amr,
        login_hint=given.get("login_hint", ""),
        challenge=_challenge(given),
    )


def _check_hints(given: dict[str, str]) -> None:
    nonce = given.get("nonce")
    if nonce is not None and not (1 <= len(nonce) <= 512 and nonce.isascii()):
        raise PageError("Y000400")
    if given.get("login_hint") and not _EMAIL.fullmatch(given["login_hint"]):
        raise PageError("Y000400")
    if given.get("siret_hint") and len(given["siret_hint"]) != 14:
        raise PageError("Y000400")
    if set(given.get("prompt", "").split()) - PROMPTS:
        raise PageError("Y000400")


def _prompt(text: str) -> frozenset[str]:
    prompt = frozenset(text.split())
    if "none" in prompt and len(prompt) > 1:
        raise RedirectError("invalid_request", "prompt none must only be used alone")
    return prompt


def _challenge(given: dict[str, str]) -> str:
    challenge, method = given.get("code_challenge", ""), given.get("code_challenge_method", "")
    if not challenge:
        if method:
            raise RedirectError("invalid_request", "code_challenge must be provided with code_challenge_method")
        return ""
    if len(challenge) < 43:
        raise RedirectError("invalid_request", "code_challenge must be a string with a minimum length of 43 characters")
    if not _CHALLENGE.fullmatch(challenge):
        raise RedirectError("invalid_request", "code_challenge contains invalid characters")
    if not method:
        fallback = "plain code_challenge_method fallback disabled, code_challenge_method must be provided"
        raise RedirectError("invalid_request", fallback)
    if method != "S256":
        raise RedirectError("invalid_request", "not supported value of code_challenge_method")
    return challenge


def _claims(text: str) -> tuple[tuple[str, ...], bool]:
    """The levels demanded as essential, and whether the factors are asked."""
    if not text:
        return (), False
    try:
        asked: dict[str, Any] = json.loads(text).get("id_token") or {}
        acr = asked.get("acr") or {}
        values = acr.get("values") or ([acr["value"]] if "value" in acr else [])
        essential = bool(acr.get("essential"))
    except (ValueError, TypeError, AttributeError):
        raise RedirectError("invalid_request", "could not parse the claims parameter JSON") from None
    return (tuple(str(value) for value in values) if essential else ()), "amr" in asked
