"""A room as people see it: waiting for the moderator, the lobby, and who is there. Works without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.partners.kit.faults import faulty
from escale.partners.webconference.naming import WEBCONF_NAME
from escale.partners.webconference.simulator import rooms, tokens

COOKIE = "webconf_visiteur"
_SCRIPT = Path(__file__).with_name("external_api.js")


@faulty(rooms.STORE)
@require_GET
def external_api(request: HttpRequest) -> HttpResponse:
    """The script that pages embed."""
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")


@require_GET
def room(request: HttpRequest, room: str) -> HttpResponse:
    """With a good ``jwt`` one is the organiser and opens the room; without, one waits, then knocks."""
    now = clock.now()
    if not WEBCONF_NAME.fullmatch(room):
        reason = "Un nom de conférence compte au moins dix lettres et chiffres, dont trois chiffres et une lettre."
        return refusal(request, reason, status=404)
    visitor = request.COOKIES.get(COOKIE) or rooms.new_visitor()
    if token := request.GET.get("jwt"):
        try:
            name = tokens.verify(token, room, now)
        except tokens.Refused as refused:
            return refusal(request, f"Le jeton d’accès est refusé : {refused}.", status=403)
        rooms.open_as(room, visitor, name, now)
    return shown(request, room, visitor, "Webconférence de l’État")


@csrf_exempt
@require_POST
def act(request: HttpRequest, room: str, action: str) -> HttpResponse:
    return acted(request, room, action, back=f"/webconf/{room}")


def acted(request: HttpRequest, room: str, action: str, back: str) -> HttpResponse:
    """What a visitor's buttons do: ``frapper``, ``admettre``, ``refuser``, ``quitter``."""
    visitor = request.COOKIES.get(COOKIE, "")
    other = request.POST.get("visiteur", "")
    if action == "frapper" and visitor:
        name = request.POST.get("nom", "").strip()
        if not name:
            return refusal(request, "Indiquez votre nom pour demander à entrer.", status=400)
        rooms.knock(room, visitor, name, clock.now())
    elif action in ("admettre", "refuser"):
        if not rooms.decide(room, visitor, other, admitted=action == "admettre"):
            return refusal(request, "Seul l’organisateur décide qui entre.", status=403)
    elif action == "quitter":
        rooms.leave(room, visitor)
        return render(request, "webconference/left.html")
    else:
        return refusal(request, "Cette action n’existe pas.", status=404)
    return HttpResponseRedirect(back)


def shown(request: HttpRequest, room: str, visitor: str, service: str, **more: Any) -> HttpResponse:
    now = clock.now()
    me = rooms.seen(room, visitor, now)
    people = rooms.present(room, now) if me and me["place"] == "in" else []
    context = {
        "room": room,
        "service": service,
        "is_open": rooms.state(room) is not None,
        "me": me,
        "inside": [person for person in people if person["place"] == "in"],
        "knocking": [person for person in people if person["place"] == "lobby"],
        "visitor": visitor,
        **more,
    }
    response = render(request, "webconference/room.html", context)
    if not context["is_open"] or (me and me["place"] == "lobby"):
        response["Refresh"] = "5"
    response.set_cookie(COOKIE, visitor, path="/webconf/", httponly=True, samesite="Lax")
    return response


def refusal(request: HttpRequest, reason: str, *, status: int) -> HttpResponse:
    return render(request, "webconference/refusal.html", {"reason": reason}, status=status)
