"""The room as both sides see it: the words of its page, and the messages the two browsers exchange through us."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from escale.case.decision import RuleRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.ports.errors import PartnerError
from escale.steps.step4_interview import (
    queries,
    rules,
    rules_relay,
    service_challenge,
    service_room,
    service_still,
    words,
)
from escale.steps.step4_interview.documents_presence import qr_code
from escale.steps.step4_interview.forms import TEXTS
from escale.steps.step4_interview.words_room import (
    SERVICES,
    permission_steps,
    room_texts,
    still_announced,
    still_taken,
    waiting,
)
from escale.ui.refusals import sentence
from escale.ui.sites import address


def with_devices(response: HttpResponse) -> HttpResponse:
    """Allow camera and microphone on this page, for ourselves alone."""
    response["Permissions-Policy"] = "camera=(self), microphone=(self)"
    return response


def relays(case: Case, now: datetime) -> str:
    """The relays of the page's calls, as its script reads them. The bearer of the pass names no person."""
    return json.dumps(rules_relay.for_browser(settings.ICE_SERVERS, bearer=case.id.hex[:12], now=now))


def room_context(case: Case, side: str, url: str, now: datetime, agent_id: str = "") -> dict[str, Any]:
    """What both sides' pages give the script: its words, where to ask, and from which message on. ``agent_id``: whose
    page it is, when it is an agent's."""
    booking = queries.last_booking(case.id)
    provider = service_room.provider_of(booking) if booking else ""
    return {
        "texts": room_texts(side),
        "side": side,
        "messages_url": url,
        "after": booking.last_message if booking else 0,
        "ice": relays(case, now),
        "loopback": "1" if settings.MODE == "test" else "",
        "elsewhere": provider not in {"", service_room.EMBEDDED},
        "service": SERVICES.get(provider, ""),
        "kept_by": service_room.in_anothers_name(booking, agent_id) if booking and agent_id else None,
        "backup": bool(booking and service_room.backups(booking, agent_id)),
        "browsers": permission_steps(),
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
    side = service_room.side_of(actor)
    return JsonResponse(
        {
            "phase": view.phase,
            "present": view.present,
            "last": view.last,
            "messages": view.messages,
            "challenge": _challenge(view, side, now),
            "still": _still(view),
            "taken": still_taken(view.taken.purpose, view.taken.reading) if view.taken else "",
            "wait": waiting(view.wait.ahead, view.wait.minutes) if view.wait and side == "applicant" else "",
            "elsewhere": _elsewhere(case, side, actor, now),
        }
    )


def _challenge(view: service_room.RoomView, side: str, now: datetime) -> dict[str, Any] | None:
    """What the applicant must do now. The code of the second device is for the applicant's screen alone."""
    drawn = view.challenge
    if drawn is None:
        return None
    left = rules.challenge_seconds(drawn.code, drawn.why) - (now - drawn.drawn_at).total_seconds()
    found: dict[str, Any] = {"id": drawn.pk, "text": words.challenge(drawn.code), "seconds": max(0, round(left))}
    if drawn.code == "device" and side == "applicant":
        code = service_challenge.secret(drawn)["code"]
        page = address("portal", "presence")
        found |= {"code": f"{code[:4]}-{code[4:]}", "page": page, "picture": qr_code(f"{page}#{code}")}
        found["opened"] = drawn.opened_at is not None
    return found


def _still(view: service_room.RoomView) -> dict[str, Any] | None:
    if view.still is None:
        return None
    return {
        "id": view.still.pk,
        "told": view.still.told_at is not None,
        "text": still_announced(view.still.purpose),
        "frames": service_still.frames(view.still.purpose),
    }


def _elsewhere(case: Case, side: str, actor: Actor, now: datetime) -> str:
    """Where the interview goes on when it is not here; nothing when that provider does not answer."""
    summary = ledger.summary(case) if side == "applicant" else None
    name = summary["given_names"].split()[0] if summary else _("Agent consulaire")
    try:
        return service_room.address(case=case, actor=actor, display_name=name, now=now)
    except (PartnerError, RuleRefused):
        return ""


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
