"""The board of the forty days and the decisions about the title."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.ledger.models import Case
from escale.ledger.record import StaleCase
from escale.people.access import AccessDenied
from escale.ports.errors import PartnerError
from escale.steps.step8_old_passport import queries, queries_board, queries_relay, reasons, service_desk, service_relay
from escale.steps.step8_old_passport.forms import HoldForm, ScanForm, VisaAnswerForm
from escale.ui.guards import DECIDERS, READERS, SUPERVISORS, agent, agent_case
from escale.ui.requests import SignedRequest

REFUSALS = (RuleRefused, MoveRefused, StaleCase, PartnerError)


def _board(
    request: SignedRequest, *, refusal: str = "", typed: str = "", held: HoldForm | None = None, status: int = 200
) -> HttpResponse:
    """The board; ``held``: a suspension that cannot be recorded, with what was typed."""
    actor, now = request.actor, clock.now()
    context = {
        "board": queries_board.board(actor, now),
        "refusal": refusal,
        "typed": typed,
        "form": held,
        "supervisor": actor.role in SUPERVISORS,
        "may_decide": actor.role in DECIDERS,
        "longest": (now + timedelta(days=90)).date(),
    }
    return render(request, "step8/board.html", context, status=status)


@agent(*READERS, of_a_post=True)
def board(request: SignedRequest) -> HttpResponse:
    """Both duties per case; a scan receives an old passport."""
    actor, now = request.actor, clock.now()
    if request.method != "POST":
        return _board(request)
    if actor.role not in DECIDERS:
        raise Http404
    form, typed = ScanForm(request.POST), request.POST.get("scan", "")
    if not form.is_valid():
        return _board(request, refusal=_("Scannez ou saisissez un numéro."), typed=typed, status=400)
    try:
        case = service_desk.receive(typed=form.cleaned_data["scan"], actor=actor, now=now)
    except REFUSALS as error:
        return _board(request, refusal=reasons.say(error), typed=typed, status=400)
    messages.success(request, _("Ancien passeport reçu : dossier %(reference)s.") % {"reference": case.reference})
    return redirect("desk_forty_days")


def _do(request: HttpRequest, case: Case, act: Callable[[], Any], done: str, *, to: str = "") -> HttpResponse:
    try:
        act()
    except AccessDenied:
        raise Http404 from None
    except REFUSALS as error:
        messages.error(request, reasons.say(error))
    else:
        messages.success(request, done)
    return redirect(to) if to else redirect("desk_case", case.reference)


def _back(request: HttpRequest) -> str:
    """The page of the relay when the form came from there, else the case."""
    return "desk_relay" if request.POST.get("depuis") == "relais" else ""


@agent(*SUPERVISORS)
def relay(request: SignedRequest) -> HttpResponse:
    """The border relay's records against ours; what differs; withdrawals by two people."""
    actor, now = request.actor, clock.now()
    if request.method == "POST":
        if service_relay.compare_now(actor=actor, now=now):
            messages.success(request, _("Le relais a répondu : la comparaison est à jour."))
        else:
            messages.error(request, _("Le relais ne répond pas. Nous lui redemanderons dans une heure."))
        return redirect("desk_relay")
    count = queries_relay.last_count()
    lines = queries_relay.reported(actor)
    wrong = queries_relay.differing(count)
    context = {
        "count": count,
        "statuses": queries_relay.status_lines(count) if count else [],
        "agrees": count is not None and count.ours == count.theirs,
        "days": queries_relay.days(),
        "lines": lines,
        "elsewhere": len(wrong) - sum(1 for line in lines if line.case.id in wrong),
        "tz": request.post.tz if request.post else "UTC",
    }
    return render(request, "step8/relay.html", context)


@require_POST
@agent_case(*SUPERVISORS)
def hold(request: SignedRequest, case: Case) -> HttpResponse:
    """Suspend until the end of a day, in the post's zone. What cannot be recorded comes back as it was typed."""
    form = HoldForm(request.POST, reference=case.reference)
    if not form.is_valid():
        return _board(request, held=form, status=422)
    given, zone = form.cleaned_data, ZoneInfo(case.post.tz)
    until = datetime.combine(given["until"], time(23, 59, 59), zone)
    try:
        service_desk.hold(case_id=case.id, reason=given["reason"], until=until, actor=request.actor, now=clock.now())
    except AccessDenied:
        raise Http404 from None
    except REFUSALS as error:
        form.add_error("until" if getattr(error, "code", "") == "hold_end" else None, reasons.say(error))
        return _board(request, held=form, status=409)
    messages.success(request, _("L’invalidation est suspendue."))
    return redirect("desk_forty_days")


@require_POST
@agent_case(*SUPERVISORS)
def decide(request: SignedRequest, case: Case) -> HttpResponse:
    """Release a suspension, or take a case off the list."""
    actor, now = request.actor, clock.now()
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "release": (
            lambda: service_desk.release(case_id=case.id, actor=actor, now=now),
            _("La suspension est levée : le dossier est de nouveau sur la liste."),
        ),
        "fulfilled": (
            lambda: service_desk.fulfil_late(case_id=case.id, actor=actor, now=now),
            _("Le dossier est retiré de la liste."),
        ),
    }
    if request.POST.get("what") not in acts:
        raise Http404
    act, done = acts[request.POST["what"]]
    return _do(request, case, act, done, to="desk_forty_days")


@require_POST
@agent_case(*DECIDERS)
def answer_visa(request: SignedRequest, case: Case) -> HttpResponse:
    """Keep the old passport for its visa, or not."""
    form = VisaAnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Indiquez la réponse et le dernier jour du visa, lu sur la copie."))
        return redirect("desk_case", case.reference)
    given, actor, now = form.cleaned_data, request.actor, clock.now()

    def act() -> None:
        service_desk.answer_visa(
            case_id=case.id, accept=given["answer"] == "accept", until=given["until"], actor=actor, now=now
        )

    return _do(request, case, act, _("Votre réponse est enregistrée."))


@require_POST
@agent_case(*DECIDERS)
def about_title(request: SignedRequest, case: Case) -> HttpResponse:
    """Lost, stolen, return lost in the post, second hand of a withdrawal."""
    actor, now = request.actor, clock.now()
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "lost": (
            lambda: service_desk.declare(case_id=case.id, kind="lost", actor=actor, now=now),
            _("Le passeport est déclaré perdu : il va être invalidé et signalé."),
        ),
        "stolen": (
            lambda: service_desk.declare(case_id=case.id, kind="stolen", actor=actor, now=now),
            _("Le passeport est déclaré volé : il va être invalidé et signalé."),
        ),
        "return_lost": (
            lambda: service_desk.lost_in_post(case_id=case.id, actor=actor, now=now),
            _("La perte par le transporteur est enregistrée : elle n’est pas reprochée à l’usager."),
        ),
        "confirm_withdrawal": (
            lambda: service_desk.confirm_withdrawal(case_id=case.id, actor=actor, now=now),
            _("Le signalement est retiré."),
        ),
    }
    if request.POST.get("what") not in acts:
        raise Http404
    act, done = acts[request.POST["what"]]
    return _do(request, case, act, done, to=_back(request))


@require_POST
@agent_case(*SUPERVISORS)
def ask_withdrawal(request: SignedRequest, case: Case) -> HttpResponse:
    """First hand of a withdrawal."""
    actor, now, reason = request.actor, clock.now(), request.POST.get("reason", "")[:1000]

    def act() -> None:
        service_desk.ask_withdrawal(case_id=case.id, reason=reason, actor=actor, now=now)

    return _do(
        request, case, act, _("Le retrait est demandé : une autre personne doit le confirmer."), to=_back(request)
    )


@agent_case(*READERS)
def visa_copy(request: SignedRequest, case: Case) -> HttpResponse:
    """The copy of the visa; looking at it is recorded."""
    asked = queries.visa_request(case.id)
    if asked is None:
        raise Http404
    content, media_type = service_desk.look_at_visa(
        case_id=case.id,
        document_id=asked.document_id,
        actor=request.actor,
        now=clock.now(),
    )
    return HttpResponse(content, content_type=media_type)
