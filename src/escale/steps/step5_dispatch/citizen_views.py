"""What the applicant does at step 5: prepare a new label when the parcel came back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from escale import clock
from escale.case.decision import RuleRefused
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.steps.step5_dispatch import queries, reasons, rules, service_bench
from escale.steps.step5_dispatch.forms import FreshLabelForm
from escale.ui.guards import own_case
from escale.ui.refusals import REFUSED
from escale.ui.requests import SignedRequest


def _page(request: HttpRequest, case: Case, form: FreshLabelForm, status: int = 200) -> HttpResponse:
    back = queries.came_back_at(case.id)
    context = {
        "case": case,
        "form": form,
        "label": queries.fresh_label(case.id),
        "open": case.delivery == "returned" and case.dispatch in {"dispatched", "at_post"},
        "kept_until": rules.destroyed_from(back, queries.zone_of(case)) if back else None,
    }
    return render(request, "step5/resend.html", context, status=status)


@own_case
def resend(request: SignedRequest, case: Case) -> HttpResponse:
    """A new label: made here in one click, or bought elsewhere and known by its number."""
    actor, now = request.actor, clock.now()
    if request.method != "POST":
        return _page(request, case, FreshLabelForm(initial={"carrier": case.post.carrier}))
    form = FreshLabelForm(request.POST if "generer" not in request.POST else None)
    if form.is_bound and not form.is_valid():
        return _page(request, case, form, status=422)
    try:
        if form.is_bound:
            typed, carrier = form.cleaned_data["waybill"], form.cleaned_data["carrier"]
            service_bench.type_label(case_id=case.id, carrier=carrier, typed=typed, actor=actor, now=now)
        else:
            service_bench.generate_label(case_id=case.id, actor=actor, now=now)
    except AccessDenied:
        raise Http404 from None
    except REFUSED as error:
        if form.is_bound:
            form.add_error("waybill" if isinstance(error, RuleRefused) else None, reasons.say(error))
            return _page(request, case, form, status=409)
        messages.error(request, reasons.say(error))
        return redirect("case_resend", case.reference)
    messages.success(
        request, _("Votre nouvelle étiquette est enregistrée. Le poste vous enverra votre passeport avec elle.")
    )
    return redirect("case_home", case.reference)
