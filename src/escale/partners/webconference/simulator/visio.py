"""Visio: the Meet External API 1.0 for applications, with its own errors, and the rooms it opens."""

from __future__ import annotations

import json
import os
import re
import secrets
import string
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from escale import clock
from escale.partners.kit import people
from escale.partners.kit.faults import faulty, take
from escale.partners.kit.options import Options
from escale.partners.webconference.settings import DEMO_VISIO_CLIENT, DEMO_VISIO_SECRET
from escale.partners.webconference.simulator import pages, rooms

_LASTS = timedelta(hours=1)
_LOOK, _CREATE = ("rooms:list", "rooms:retrieve"), "rooms:create"
_ISSUER, _AUDIENCE = "lasuite-meet", "lasuite-meet-external"
_TOKEN_KEY = OctKey.import_key(b"visio-simulator-own-token-signing-key")
_CONFIGURATION = {"can_publish_sources", "everyone_can_mute"}
_PUBLISHED = {"camera", "microphone", "screen_share", "screen_share_audio"}
_PAGE, _LARGEST_PAGE = 20, 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def _detail(status: int, text: str) -> JsonResponse:
    return JsonResponse({"detail": text}, status=status)


@faulty(rooms.STORE)
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A token on behalf of the agent whose address is in ``scope``."""
    read = Options(os.environ, "WEBCONFERENCE")
    if request.content_type == "application/json":
        try:
            asked = json.loads(request.body)
        except ValueError:
            return _detail(400, "JSON parse error")
        if not isinstance(asked, dict):
            return JsonResponse({"non_field_errors": ["Invalid data. Expected a dictionary."]}, status=400)
    elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        asked = request.POST.dict()
    else:
        return _detail(415, f'Unsupported media type "{request.content_type}" in request.')
    missing = [name for name in ("client_id", "client_secret", "grant_type", "scope") if not asked.get(name)]
    if missing:
        return JsonResponse({name: ["This field is required."] for name in missing}, status=400)
    if asked["client_id"] != read.secret("VISIO_CLIENT_ID", DEMO_VISIO_CLIENT):
        return _detail(401, "Invalid credentials")
    if asked["client_secret"] != read.secret("VISIO_CLIENT_SECRET", DEMO_VISIO_SECRET):
        return _detail(401, "Invalid credentials")
    if take(rooms.STORE, "visio_inactive"):
        return _detail(401, "Application is inactive")
    email = str(asked["scope"]).lower()
    if not _EMAIL.fullmatch(email):
        return JsonResponse({"error": "Scope should be a valid email address."}, status=400)
    known = {agent.email.lower() for agent in people.agents()}
    if email.partition("@")[2] not in {address.partition("@")[2] for address in known}:
        return JsonResponse({"error": "This application is not authorized for this email domain."}, status=403)
    if email not in known:
        return _detail(404, "User not found.")
    if take(rooms.STORE, "visio_provisional"):  # the status is public, its words are ours
        return _detail(409, "User is provisional.")
    looks_only = take(rooms.STORE, "visio_scope") is not None
    return JsonResponse(_granted(str(asked["client_id"]), email, _LOOK if looks_only else (*_LOOK, _CREATE)))


def _granted(client_id: str, email: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    now = clock.now()
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + _LASTS).timestamp()),
        "client_id": client_id,
        "user_id": email,
        "delegated": True,
        "scope": " ".join(scopes),
    }
    return {
        "access_token": jwt.encode({"alg": "HS256"}, claims, _TOKEN_KEY),
        "token_type": "Bearer",
        "expires_in": int(_LASTS.total_seconds()),
        "scope": claims["scope"],
    }


def _agent_of(request: HttpRequest, scope: str) -> tuple[str, JsonResponse | None]:
    """The agent a token speaks for, or the refusal; ``scope``: what it must allow."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        return "", _detail(401, "Authentication credentials were not provided.")
    try:
        claims = jwt.decode(given, _TOKEN_KEY, algorithms=["HS256"]).claims
    except (JoseError, ValueError):
        return "", _detail(401, "Invalid token.")
    if claims.get("iss") != _ISSUER or claims.get("aud") != _AUDIENCE:
        return "", _detail(401, "Invalid token.")
    if clock.now().timestamp() >= claims["exp"]:
        return "", _detail(401, "Token expired.")
    if scope not in claims["scope"].split():
        return "", _detail(403, f"Insufficient permissions. Required scope: {scope}")
    return str(claims["user_id"]), None


@faulty(rooms.STORE)
@require_http_methods(["GET", "POST"])
def rooms_collection(request: HttpRequest) -> HttpResponse:
    """Create a room owned by the agent, or list the agent's rooms."""
    owner, refused = _agent_of(request, _CREATE if request.method == "POST" else "rooms:list")
    if refused:
        return refused
    if request.method == "GET":
        return _listed(request, [kept for _, kept in rooms.STORE.all("visio") if kept["owner"] == owner])
    try:
        asked = json.loads(request.body or b"{}")
    except ValueError:
        return _detail(400, "JSON parse error")
    wrong = _wrong(asked)
    if wrong:
        return JsonResponse(wrong, status=400)
    kept = {
        "id": str(uuid.uuid4()),
        "slug": _slug(),
        "owner": owner,
        "access_level": asked.get("access_level", "trusted"),
        "configuration": asked.get("configuration", {}),
    }
    rooms.STORE.put("visio", kept["slug"], kept)
    return JsonResponse(_told(kept), status=201)


def _listed(request: HttpRequest, owned: list[dict[str, Any]]) -> JsonResponse:
    """One page of rooms, the latest first: ``page`` and ``page_size``, at most a hundred."""
    asked = request.GET.get("page_size", "")
    size = min(int(asked) or _PAGE, _LARGEST_PAGE) if asked.isdecimal() else _PAGE
    try:
        page = Paginator(owned[::-1], size).page(request.GET.get("page", 1))
    except InvalidPage:
        return _detail(404, "Invalid page.")

    def link(number: int) -> str:
        return f"{settings.SIMULATORS_URL}{request.path}?page={number}&page_size={size}"

    body = {
        "count": page.paginator.count,
        "next": link(page.next_page_number()) if page.has_next() else None,
        "previous": link(page.previous_page_number()) if page.has_previous() else None,
        "results": [_told(kept) for kept in page],
    }
    return JsonResponse(body)


@faulty(rooms.STORE)
@require_GET
def one_room(request: HttpRequest, identity: uuid.UUID) -> HttpResponse:
    owner, refused = _agent_of(request, "rooms:retrieve")
    if refused:
        return refused
    for _, kept in rooms.STORE.all("visio"):
        if kept["id"] == str(identity) and kept["owner"] == owner:
            return JsonResponse(_told(kept))
    return _detail(404, "No Room matches the given query.")


def _wrong(asked: Any) -> dict[str, list[str]]:
    if not isinstance(asked, dict):
        return {"non_field_errors": ["Invalid data. Expected a dictionary."]}
    unknown = asked.keys() - {"access_level", "configuration"}
    if unknown:
        return {name: ["Unknown field."] for name in sorted(unknown)}
    level = asked.get("access_level", "trusted")
    if level not in ("trusted", "restricted"):
        return {"access_level": ["Public rooms are not allowed." if level == "public" else "Not a valid choice."]}
    configuration = asked.get("configuration", {})
    if not isinstance(configuration, dict) or configuration.keys() - _CONFIGURATION:
        return {"configuration": ["Unknown configuration key."]}
    sources = configuration.get("can_publish_sources", [])
    if not isinstance(sources, list) or any(source not in _PUBLISHED for source in map(str, sources)):
        return {"configuration": ["Unknown source."]}
    return {}


def _slug() -> str:
    """``abc-defg-hij``, as the service draws them."""
    return "-".join("".join(secrets.choice(string.ascii_lowercase) for _ in range(size)) for size in (3, 4, 3))


def _told(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": kept["id"],
        "name": kept["slug"],
        "slug": kept["slug"],
        "access_level": kept["access_level"],
        "configuration": kept["configuration"],
        "url": f"{settings.SIMULATORS_URL}/webconf/visio/{kept['slug']}",
        "telephony": {"enabled": False},
    }


@require_GET
def room_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The owner signs in with a professional address; everyone else knocks."""
    if rooms.STORE.get("visio", slug) is None:
        return pages.refusal(request, "Cette salle n’existe pas.", status=404)
    visitor = request.COOKIES.get(pages.COOKIE) or rooms.new_visitor()
    return pages.shown(request, f"visio/{slug}", visitor, "Visio", asks_owner=True)


@csrf_exempt
@require_POST
def act(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    kept = rooms.STORE.get("visio", slug)
    if kept is None:
        raise Http404
    back = f"/webconf/visio/{slug}"
    if action != "ouvrir":
        return pages.acted(request, f"visio/{slug}", action, back=back)
    email = request.POST.get("courriel", "").strip().lower()
    if email != kept["owner"]:
        return pages.refusal(request, "Cette adresse n’est pas celle de l’agent qui tient la salle.", status=403)
    visitor = request.COOKIES.get(pages.COOKIE, "")
    rooms.open_as(f"visio/{slug}", visitor, email.partition("@")[0], clock.now())
    return HttpResponseRedirect(back)
