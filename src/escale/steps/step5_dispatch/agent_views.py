"""The bench, and what an agent decides about production."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.steps.step3_posted_items import service as step3
from escale.steps.step5_dispatch import queries, queries_bench, reasons, service_bench, service_production
from escale.steps.step5_dispatch.forms import ArrivalForm, DispatchForm, FreshLabelForm, NewPhotoForm, focus_for_scanner
from escale.ui.guards import DECIDERS, READERS, agent, agent_case
from escale.ui.refusals import REFUSED
from escale.ui.requests import SignedRequest


def _page(
    request: SignedRequest,
    *,
    arrival: ArrivalForm | None = None,
    dispatch: DispatchForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    arriving = arrival is not None or (dispatch is None and request.GET.get("poste") == "arrivee")
    arrival, dispatch = arrival or ArrivalForm(), dispatch or DispatchForm()
    focus_for_scanner(arrival if arriving else dispatch)
    context = {
        "arrival": arrival,
        "form": dispatch,
        "stop": [*arrival.non_field_errors(), *dispatch.non_field_errors()] if status == 409 else [],
        "decides": actor.role in DECIDERS,
        "bench": queries_bench.bench(actor.post, clock.now()),
    }
    return render(request, "step5/bench.html", context, status=status)


@agent(*READERS, of_a_post=True)
@require_GET
def bench(request: SignedRequest) -> HttpResponse:
    """Arrivals and parcels of the post."""
    return _page(request)


@require_POST
@agent(*DECIDERS)
def arrive(request: SignedRequest) -> HttpResponse:
    """A passport is checked and becomes « at the post »."""
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        return _page(request, arrival=form, status=422)
    try:
        done = service_bench.arrive(
            number=form.cleaned_data["number"],
            zone=form.cleaned_data["zone"],
            actor=request.actor,
            now=clock.now(),
        )
    except REFUSED as error:
        form.add_error(None, reasons.say(error))
        return _page(request, arrival=form, status=409)
    said = _("Revenu au poste : dossier %(ref)s.") if done.came_back else _("Arrivé au poste : dossier %(ref)s.")
    messages.success(request, said % {"ref": done.case.reference})
    return redirect(reverse("desk_dispatch") + "?poste=arrivee")  # the next passport of the same delivery


@require_POST
@agent(*DECIDERS)
def dispatch(request: SignedRequest) -> HttpResponse:
    """Two scans, one parcel."""
    form = DispatchForm(request.POST)
    if not form.is_valid():
        return _page(request, dispatch=form, status=422)
    try:
        done = service_bench.dispatch(
            number=form.cleaned_data["number"],
            waybill_typed=form.cleaned_data["waybill"],
            actor=request.actor,
            now=clock.now(),
        )
    except REFUSED as error:
        form.add_error(None, reasons.say(error))
        return _page(request, dispatch=form, status=409)
    messages.success(
        request, _("Pli prêt à remettre au transporteur : dossier %(ref)s.") % {"ref": done.case.reference}
    )
    return redirect("desk_dispatch")


def _then_back(request: HttpRequest, case: Case, act: Callable[[], None], said: str) -> HttpResponse:
    """Do one thing to a case, say how it went, come back to its file."""
    try:
        act()
    except AccessDenied:
        raise Http404 from None
    except REFUSED as error:
        messages.error(request, reasons.say(error))
    else:
        messages.success(request, said)
    return redirect(reverse("desk_case", args=[case.reference]) + "#etape-5")


@require_POST
@agent_case(*DECIDERS)
def order_again(request: SignedRequest, case: Case) -> HttpResponse:
    actor, now = request.actor, clock.now()
    return _then_back(
        request,
        case,
        lambda: service_production.order_again(case_id=case.id, actor=actor, now=now),
        _("Le passeport est commandé à nouveau."),
    )


@require_POST
@agent_case(*DECIDERS)
def ask_photo(request: SignedRequest, case: Case) -> HttpResponse:
    """Issuance refuses the photo: step 3 asks the applicant for another, and the order follows its verification."""
    form = NewPhotoForm(request.POST, language=case.language)
    if not form.is_valid():
        context = {"case": case, "form": form, "title": _("Demander une nouvelle photo")}
        return render(request, "step2/desk_form.html", context, status=422)
    told = asdict(form.cleaned_data["said"])
    actor, now = request.actor, clock.now()
    return _then_back(
        request,
        case,
        lambda: step3.ask_again(
            case_id=case.id,
            reasons={"photo": "refused_by_producer"},
            words=told,
            actor=actor,
            now=now,
            revision=form.cleaned_data["version"],
        ),
        _("Une nouvelle photo est demandée à l’usager."),
    )


@require_POST
@agent_case(*DECIDERS)
def destroy(request: SignedRequest, case: Case) -> HttpResponse:
    actor, now = request.actor, clock.now()
    return _then_back(
        request,
        case,
        lambda: service_bench.destroy(case_id=case.id, actor=actor, now=now),
        _("La destruction est enregistrée. Le titre va être invalidé."),
    )


@require_POST
@agent_case(*DECIDERS)
def fresh_label(request: SignedRequest, case: Case) -> HttpResponse:
    """A new label for a parcel that came back: typed when the applicant sent one, else made at the carrier."""
    actor, now = request.actor, clock.now()
    if "generer" in request.POST:
        return _then_back(
            request,
            case,
            lambda: service_bench.generate_label(case_id=case.id, actor=actor, now=now),
            _("La nouvelle étiquette est prête."),
        )
    form = FreshLabelForm(request.POST)
    if not form.is_valid():
        title = _("Enregistrer l’étiquette reçue")
        context = {"case": case, "form": form, "title": title, "button": title}
        return render(request, "step2/desk_form.html", context, status=422)
    return _then_back(
        request,
        case,
        lambda: service_bench.type_label(
            case_id=case.id,
            carrier=form.cleaned_data["carrier"],
            typed=form.cleaned_data["waybill"],
            actor=actor,
            now=now,
        ),
        _("La nouvelle étiquette est enregistrée."),
    )


@agent_case(*DECIDERS)
def print_label(request: HttpRequest, case: Case) -> HttpResponse:
    """The new label's PDF, to be stuck on the parcel."""
    found = queries.fresh_label_pdf(case.id)
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="etiquette-{case.reference}.pdf"'
    return response
