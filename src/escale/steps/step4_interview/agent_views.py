"""The agent's side: video left, sheet right, decision below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ports.errors import PartnerError
from escale.steps.step2_application import queries as step2
from escale.steps.step4_interview import (
    access,
    queries,
    queries_room,
    service_challenge,
    service_decision,
    service_interview,
    service_room,
    service_security,
)
from escale.steps.step4_interview.agent_panels import sheet_context
from escale.steps.step4_interview.forms import TEXTS, DecisionForm, MrzForm, SheetForm
from escale.steps.step4_interview.room_exchange import exchange, room_context, with_devices
from escale.ui.guards import DECIDERS, agent
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest

type View = Callable[..., HttpResponseBase]


def interview_case(view: View) -> View:
    """Deciding agents of the case's post, and a pooled one whose interview it is; anybody else reads « not found »."""

    @agent(*DECIDERS)
    @wraps(view)
    def guarded(request: SignedRequest, ref: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        case = ledger.by_reference(ref)
        if case is None or not access.may_act(request.actor, case, clock.now()):
            raise Http404
        return view(request, case, *args, **kwargs)

    return guarded


def reauthenticated_at(request: HttpRequest) -> datetime | None:
    """When the agent last proved who they are, in this session."""
    held = request.session.get("authenticated_at")
    return datetime.fromisoformat(held) if held else None


def page(
    request: SignedRequest, case: Case, *, error: str = "", number: str = "", status: int = 200, **forms: Any
) -> HttpResponse:
    """The whole page; a script replaces the sheet alone, so that the call goes on."""
    if case.interview == "locked":
        raise Http404
    now = clock.now()
    service_interview.open_sheet(case_id=case.id, part="interview", actor=request.actor, now=now)
    booking = queries.last_booking(case.id)
    url = f"/bureau/entretien/{case.reference}/messages/"
    context = {
        **sheet_context(case, request.actor, now, reauthenticated_at(request)),
        **forms,
        "error": error,
        "number": number,
        "room": room_context(case, "agent", url, now, request.actor.id),
        "phase": service_room.phase(case, booking, now) if booking else "over",
        "elsewhere": _elsewhere(request, case, now),
        "here": queries_room.waiting_room(request.actor, now, but=case.id),
    }
    return with_devices(render(request, "step4/interview.html", context, status=status))


def _elsewhere(request: SignedRequest, case: Case, now: datetime) -> str:
    try:
        return service_room.address(
            case=case,
            actor=request.actor,
            display_name=_("Agent consulaire"),
            now=now,
        )
    except (*REFUSED, PartnerError):
        return ""


@interview_case
@require_GET
def desk_interview(request: SignedRequest, case: Case) -> HttpResponse:
    return page(request, case)


@interview_case
@require_http_methods(["GET", "POST"])
def desk_room_messages(request: SignedRequest, case: Case) -> HttpResponse:
    """The agent's side of the exchange."""
    return exchange(request, case, actor=request.actor, now=clock.now())


def act(request: SignedRequest, case: Case, act: Callable[..., Any], said: str = "", **values: Any) -> HttpResponse:
    """One service call, then the page again; what is refused is said on the page."""
    try:
        act(case_id=case.id, actor=request.actor, now=clock.now(), **values)
    except REFUSED as refused:
        case.refresh_from_db()
        return page(request, case, error=sentence(refused, TEXTS), status=409)
    if said:
        messages.success(request, said)
    case.refresh_from_db()
    if not access.may_act(request.actor, case, clock.now()):
        return redirect("desk_calendar")  # the interview of another post is no longer this agent's
    return redirect("desk_interview", ref=case.reference)


@interview_case
@require_POST
def desk_interview_start(request: SignedRequest, case: Case) -> HttpResponse:
    agreed = request.POST.get("no_conflict") == "1"
    return act(request, case, service_interview.start, no_conflict=agreed)


@interview_case
@require_POST
def desk_conflict(request: SignedRequest, case: Case) -> HttpResponse:
    said = _("Conflit d’intérêts déclaré : un autre agent s’en chargera.")
    return act(request, case, service_interview.declare_conflict, said)


@interview_case
@require_POST
def desk_sheet(request: SignedRequest, case: Case) -> HttpResponse:
    form = SheetForm(request.POST)
    if not form.is_valid():
        return page(request, case, sheet_form=form, status=422)
    values = {"own_doubt": form.cleaned_data["own_doubt"], "remarks": form.cleaned_data["remarks"]}
    if "hold" not in request.POST:
        return act(request, case, service_interview.fill, _("Fiche enregistrée."), controls=form.controls, **values)
    filled = act(request, case, service_interview.fill, controls=form.controls, **values)
    return filled if filled.status_code != 302 else act(request, case, service_interview.hold)


@interview_case
@require_POST
def desk_mrz(request: SignedRequest, case: Case) -> HttpResponse:
    if "unreadable" in request.POST:
        return act(request, case, service_interview.mrz_unreadable)
    form = MrzForm(request.POST)
    if not form.is_valid():
        return page(request, case, mrz_form=form, status=422)
    try:
        service_interview.read_mrz(
            case_id=case.id,
            typed=form.cleaned_data["mrz"],
            actor=request.actor,
            now=clock.now(),
        )
    except REFUSED as refused:
        form.add_error("mrz" if getattr(refused, "code", "").startswith("mrz") else None, sentence(refused, TEXTS))
        return page(request, case, mrz_form=form, status=422)
    return redirect("desk_interview", ref=case.reference)


@interview_case
@require_POST
def desk_challenge(request: SignedRequest, case: Case) -> HttpResponse:
    kind, why = request.POST.get("kind", "any"), request.POST.get("why", "")
    return act(request, case, service_challenge.draw_challenge, kind=kind, why=why)


@interview_case
@require_POST
def desk_challenge_judged(request: SignedRequest, case: Case, challenge_id: int) -> HttpResponse:
    passed = request.POST.get("passed") == "1"
    return act(request, case, service_challenge.judge_challenge, challenge_id=challenge_id, passed=passed)


@interview_case
@require_POST
def desk_interview_failure(request: SignedRequest, case: Case) -> HttpResponse:
    said = _("Panne notée : elle ne compte pas comme une absence.")
    return act(request, case, service_interview.report_failure, said, side="agent")


@interview_case
@require_POST
def desk_decision(request: SignedRequest, case: Case) -> HttpResponse:
    form = DecisionForm(request.POST, language=case.language)
    if not form.is_valid():
        return page(request, case, decision_form=form, status=422)
    try:
        happened = service_decision.decide(
            case_id=case.id,
            reauthenticated_at=reauthenticated_at(request),
            actor=request.actor,
            now=clock.now(),
            decision=form.cleaned_data["decision"],
            ground=form.cleaned_data["ground"],
            reasons=form.cleaned_data["said"],
        )
    except REFUSED as refused:
        field = {"ground_missing": "ground", "reasons_missing": "reasons"}.get(getattr(refused, "code", ""))
        form.add_error(field, sentence(refused, TEXTS))
        case.refresh_from_db()
        return page(request, case, decision_form=form, status=409)
    if happened == "SecondOpinionRequested":
        messages.info(request, _("Un second agent doit maintenant décider."))
    else:
        messages.success(request, _("Décision enregistrée."))
    return redirect("desk_interview", ref=case.reference)


@interview_case
@require_POST
def desk_number(request: SignedRequest, case: Case) -> HttpResponse:
    """Show the security number, to be told to the applicant at the end of the interview."""
    now, actor = clock.now(), request.actor
    if not sheet_context(case, actor, now, None)["may_tell_number"]:
        raise Http404
    shown = service_security.show(case_id=case.id, actor=actor, now=now)
    return page(request, case, number=shown.grouped if shown else "")


@interview_case
@require_GET
def desk_interview_photo(request: SignedRequest, case: Case) -> HttpResponse:
    """The photo of the application, to compare with the face."""
    try:
        content = step2.photo(case.id)
    except step2.NoPhoto:
        raise Http404 from None
    service_interview.open_sheet(case_id=case.id, part="photo", actor=request.actor, now=clock.now())
    return HttpResponse(content, content_type="image/jpeg")
