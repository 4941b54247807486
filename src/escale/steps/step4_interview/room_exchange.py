"""The room as both sides see it: the words of its page, and the messages the two browsers exchange through us."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from escale.case.decision import RuleRefused
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step4_interview import queries, rules, service_room, words
from escale.steps.step4_interview.forms import TEXTS
from escale.ui.refusals import sentence


def with_devices(response: HttpResponse) -> HttpResponse:
    """Allow camera and microphone on this page, for ourselves alone."""
    response["Permissions-Policy"] = "camera=(self), microphone=(self)"
    return response


def room_texts() -> dict[str, str]:
    """What the page's script says; the script itself holds no words."""
    return {
        "asking": _("Autorisez la caméra et le micro quand le navigateur le demande."),
        "no_devices": _("Caméra ou micro inaccessible. Vérifiez l’autorisation du navigateur, puis « Recommencer »."),
        "alone": _("L’autre personne n’est pas encore là."),
        "there": _("L’autre personne est là."),
        "connecting": _("Connexion en cours…"),
        "connected": _("Vous êtes en communication."),
        "lost": _("La communication est coupée. Nouvelle tentative en cours…"),
        "over": _("L’entretien est terminé. Vous pouvez fermer cette page."),
        "network": _("Votre connexion à internet est interrompue. Nous réessayons."),
        "mute": _("Couper le micro"),
        "unmute": _("Rétablir le micro"),
        "camera_off": _("Couper la caméra"),
        "camera_on": _("Rétablir la caméra"),
        "me": _("Moi"),
        "other": _("L’autre personne"),
    }


def rehearsal_texts() -> dict[str, str]:
    """What the rehearsal's script says."""
    return {
        "camera_ok": _("Caméra : elle marche."),
        "camera_no": _("Caméra : aucune image."),
        "microphone_ok": _("Micro : on vous entend."),
        "microphone_no": _("Micro : aucun son."),
        "network_ok": _("Réseau : suffisant."),
        "network_no": _("Réseau : trop lent ou interrompu."),
        "speak": _("Parlez quelques secondes…"),
    }


def room_context(case: Case, side: str, url: str) -> dict[str, Any]:
    """What both sides' pages give the script: its words, where to ask, and from which message on."""
    booking = queries.last_booking(case.id)
    return {
        "texts": room_texts(),
        "side": side,
        "messages_url": url,
        "after": booking.last_message if booking else 0,
        "ice": json.dumps(settings.ICE_SERVERS),
        "loopback": "1" if settings.MODE == "test" else "",
        "conversation": service_room.conversation(case, booking) if booking else [],
    }


def exchange(request: HttpRequest, case: Case, *, actor: Actor, now: datetime) -> HttpResponse:
    """GET « après n »: what the other side said. POST: say something. JSON both ways."""
    try:
        if request.method == "POST":
            sent = _parsed(request)
            number = service_room.say(case=case, kind=sent["kind"], body=sent["body"], actor=actor, now=now)
            return JsonResponse({"n": number}, status=201)
        typed = request.GET.get("apres", "0")
        after = int(typed) if typed.isascii() and typed.isdigit() else 0
        view = service_room.look(case=case, after=after, actor=actor, now=now)
    except RuleRefused as refused:
        gone = refused.code in {"nothing_booked", "doors_closed"}
        return JsonResponse({"phase": "over", "error": sentence(refused, TEXTS)}, status=410 if gone else 409)
    challenge = None
    if view.challenge is not None:
        left = rules.CHALLENGE_SECONDS - (now - view.challenge.drawn_at).total_seconds()
        challenge = {"text": words.challenge(view.challenge.code), "seconds": max(0, round(left))}
    return JsonResponse(
        {
            "phase": view.phase,
            "present": view.present,
            "last": view.last,
            "messages": view.messages,
            "challenge": challenge,
        }
    )


def _parsed(request: HttpRequest) -> dict[str, Any]:
    """The message of a request. Raises RuleRefused."""
    if len(request.body) > 2 * service_room.LONGEST:
        raise RuleRefused("message_too_long")
    try:
        sent = json.loads(request.body)
    except ValueError:
        raise RuleRefused("message_refused") from None
    if not isinstance(sent, dict) or not isinstance(sent.get("kind"), str) or not isinstance(sent.get("body"), dict):
        raise RuleRefused("message_refused")
    return sent
