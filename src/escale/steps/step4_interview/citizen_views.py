"""The applicant's side: rehearse, wait and speak in the room, read the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ports.errors import PartnerError
from escale.steps.step4_interview import (
    documents,
    queries,
    service,
    service_interview,
    service_room,
    service_security,
)
from escale.steps.step4_interview.forms import TEXTS
from escale.steps.step4_interview.room_exchange import exchange, relays, room_context, with_devices
from escale.steps.step4_interview.words_room import permission_steps, rehearsal_texts
from escale.ui.guards import own_case
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest


@own_case
@require_http_methods(["GET", "POST"])
def rehearsal(request: SignedRequest, case: Case) -> HttpResponse:
    """Camera, microphone, network: green, or what to do."""
    if request.method == "POST":
        found = service.Rehearsed(
            camera=request.POST.get("camera") == "1",
            microphone=request.POST.get("microphone") == "1",
            network=request.POST.get("network") == "1",
        )
        service.keep_rehearsal(case_id=case.id, found=found, actor=request.actor, now=clock.now())
        if all((found.camera, found.microphone, found.network)):
            messages.success(request, _("Votre équipement convient. Utilisez le même appareil pour l’entretien."))
        else:
            messages.warning(request, _("Le résultat est noté. Corrigez ce qui ne marche pas, puis recommencez."))
        return redirect("rehearsal", ref=case.reference)
    context = {"case": case, "readiness": queries.readiness(case.id), "words": rehearsal_texts()}
    context |= {"ice": relays(case, clock.now()), "browsers": permission_steps()}
    return with_devices(render(request, "step4/rehearsal.html", context))


def _approved(case: Case) -> datetime:
    line = ledger.latest(case.id, e.InterviewApproved)
    if line is None:
        raise Http404
    return line.at


@own_case
@require_http_methods(["GET", "POST"])
def receipt_of_request(request: SignedRequest, case: Case) -> HttpResponse:
    """The receipt; the security number is shown on a click, and each showing leaves a trace."""
    context: dict[str, Any] = {"case": case, "approved_at": _approved(case)}
    if request.method == "POST":
        shown = service_security.show(case_id=case.id, actor=request.actor, now=clock.now())
        context["number"] = shown.grouped if shown else ""
    context["erased"] = queries.security_number(case.id) is None
    return render(request, "step4/receipt.html", context)


@own_case
@require_POST
def receipt_file(request: SignedRequest, case: Case) -> HttpResponse:
    """The same as a PDF; a click as well, since it bears the number."""
    approved_at = _approved(case)
    shown = service_security.show(case_id=case.id, actor=request.actor, now=clock.now())
    content = documents.receipt(case, shown, approved_at=approved_at)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="recepisse.pdf"'
    return response


@own_case
@require_GET
def room(request: SignedRequest, case: Case) -> HttpResponse:
    """The waiting room, then the call."""
    now = clock.now()
    booking = queries.last_booking(case.id)
    context: dict[str, Any] = {"case": case, "appointment": None, "phase": "none"}
    if booking is not None and case.interview not in {"locked", "bookable"}:
        context |= {"appointment": queries.told(booking), "phase": service_room.phase(case, booking, now)}
    if context["phase"] in {"waiting", "called"}:
        summary = ledger.summary(case)
        try:
            elsewhere = service_room.address(
                case=case,
                actor=request.actor,
                display_name=summary["given_names"].split()[0],
                now=now,
            )
        except PartnerError:
            elsewhere = ""
        url = f"/demande/{case.reference}/salle/messages/"
        context |= {"elsewhere": elsewhere, "room": room_context(case, "applicant", url, clock.now())}
    return with_devices(render(request, "step4/room.html", context))


@own_case
@require_http_methods(["GET", "POST"])
def room_messages(request: SignedRequest, case: Case) -> HttpResponse:
    """The applicant's side of the exchange."""
    return exchange(request, case, actor=request.actor, now=clock.now())


@own_case
@require_POST
def room_failure(request: SignedRequest, case: Case) -> HttpResponse:
    """« Je ne vois pas, je n’entends pas » : never counted as an absence."""
    try:
        service_interview.report_failure(case_id=case.id, side="applicant", actor=request.actor, now=clock.now())
    except REFUSED as refused:
        messages.error(request, sentence(refused, TEXTS))
    else:
        messages.success(request, _("Votre panne est notée. Elle ne compte pas comme une absence."))
    return redirect("room", ref=case.reference)
