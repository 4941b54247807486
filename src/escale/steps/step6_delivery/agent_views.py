"""What an agent decides about a parcel under way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale import clock
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.ports.courier import ScanKind
from escale.steps.step6_delivery import reasons, service_desk
from escale.steps.step6_delivery.forms import ParcelForm, ScanForm
from escale.ui.guards import DECIDERS, agent_case
from escale.ui.refusals import REFUSED
from escale.ui.requests import SignedRequest


@require_POST
@agent_case(*DECIDERS)
def decide(request: SignedRequest, case: Case) -> HttpResponse:
    """Open an inquiry, say the parcel is found, or declare it lost."""
    form = ParcelForm(request.POST)
    back = redirect(reverse("desk_case", args=[case.reference]) + "#etape-6")
    if not form.is_valid():
        messages.error(request, _("Choisissez ce qui s’est passé, puis recommencez."))
        return back
    acts: dict[str, tuple[Callable[..., object], str]] = {
        "inquiry": (service_desk.open_inquiry, _("L’enquête est ouverte.")),
        "moving": (partial(service_desk.found, where="moving"), _("Le pli est retrouvé : l’acheminement reprend.")),
        "back": (partial(service_desk.found, where="back"), _("Le pli revient au poste.")),
        "lost": (service_desk.declare_lost, _("Le passeport est déclaré perdu. Son invalidation est lancée.")),
    }
    act, said = acts[form.cleaned_data["what"]]
    actor, now = request.actor, clock.now()
    try:
        act(case_id=case.id, actor=actor, now=now)
    except AccessDenied:
        raise Http404 from None
    except REFUSED as error:
        messages.error(request, reasons.say(error))
    else:
        messages.success(request, said)
    return back


@require_POST
@agent_case(*DECIDERS)
def type_scan(request: SignedRequest, case: Case) -> HttpResponse:
    """A scan read on the page of a carrier that does not answer our questions."""
    form = ScanForm(request.POST)
    back = redirect(reverse("desk_case", args=[case.reference]) + "#etape-6")
    if not form.is_valid():
        title = _("Saisir un passage lu chez le transporteur")
        context = {"case": case, "form": form, "title": title, "button": _("Enregistrer ce passage")}
        return render(request, "step2/desk_form.html", context, status=422)
    try:
        service_desk.type_scan(
            case_id=case.id,
            direction=form.cleaned_data["direction"],
            kind=ScanKind(form.cleaned_data["kind"]),
            at=form.instant(ZoneInfo(case.post.tz)),
            place=form.cleaned_data["place"],
            actor=request.actor,
            now=clock.now(),
        )
    except AccessDenied:
        raise Http404 from None
    except REFUSED as error:
        messages.error(request, reasons.say(error))
    else:
        messages.success(request, _("Le passage est enregistré."))
    return back
