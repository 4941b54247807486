"""The second device: what it shows, and the answer carried back to the room."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from escale import clock
from escale.ledger.models import Case
from escale.steps.step4_interview import service_challenge
from escale.steps.step4_interview.forms import TEXTS
from escale.ui.guards import own_case, public
from escale.ui.limits import within
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest, client_address


@public
@require_http_methods(["GET", "POST"])
def presence(request: HttpRequest) -> HttpResponse:
    """On the second device, without signing in: the code of the screen, against an answer shown once. A scanned address
    carries the code after « # », which stays in the browser."""
    now, error, answer, status = clock.now(), "", "", 200
    if request.method == "POST":
        if not within("presence", client_address(request), now=now):
            error, status = _("Trop d’essais. Attendez un quart d’heure."), 429
        else:
            try:
                answer = service_challenge.open_code(typed=request.POST.get("code", ""), now=now)
            except REFUSED as refused:
                error, status = sentence(refused, TEXTS), 422
    response = render(request, "step4/presence.html", {"error": error, "answer": answer}, status=status)
    response["Cache-Control"] = "no-store"
    return response


@own_case
@require_POST
def room_presence(request: SignedRequest, case: Case) -> HttpResponse:
    """In the room: the answer the second device showed."""
    try:
        service_challenge.answer(
            case_id=case.id,
            typed=request.POST.get("answer", ""),
            actor=request.actor,
            now=clock.now(),
        )
    except REFUSED as refused:
        return JsonResponse({"said": sentence(refused, TEXTS), "passed": False}, status=409)
    return JsonResponse({"said": _("C’est juste. L’agent le voit aussi."), "passed": True})
