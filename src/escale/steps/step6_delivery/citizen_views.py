"""What the applicant sees of the parcel."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale import clock
from escale.case.carriers import CARRIERS
from escale.case.deadlines import DeadlineKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step6_delivery import queries, reasons, service_desk
from escale.ui.guards import own_case
from escale.ui.refusals import REFUSED
from escale.ui.requests import SignedRequest


@own_case
def tracking(request: HttpRequest, case: Case) -> HttpResponse:
    """The scans of the new passport in both clocks, the expected day, what to do when absent."""
    sent = step5.dispatch(case.id)
    if sent is None:
        raise Http404
    parcel = queries.current(case.id, "outbound")
    scans = queries.scans(case.id)
    context = {
        "case": case,
        "sent": sent,
        "scans": scans[::-1],
        "clocks": step5.clocks(case),
        "expected_on": queries.expected_on(parcel, step5.zone_of(case)) if parcel else None,
        "silence_at": ledger.open_deadlines(case.id).get(DeadlineKind.TRANSIT_SILENCE),
        "tracked": parcel.tracked if parcel else True,
        "follow_page": CARRIERS[sent.waybill.carrier].follow_page if sent.waybill.carrier in CARRIERS else "",
        "told": queries.told(case),
        "disputable": case.delivery == "delivered" and case.receipt != "confirmed",
        "confirmable": case.receipt == "awaited",
    }
    return render(request, "step6/tracking.html", context)


@require_POST
@own_case
def dispute(request: SignedRequest, case: Case) -> HttpResponse:
    """« Ce n’est pas moi qui l’ai reçu »."""
    try:
        service_desk.dispute(case_id=case.id, actor=request.actor, now=clock.now())
    except AccessDenied:
        raise Http404 from None
    except REFUSED as error:
        messages.error(request, reasons.say(error))
    else:
        messages.success(
            request,
            _("C’est noté. Une enquête est ouverte auprès du transporteur et votre poste consulaire est prévenu."),
        )
    return redirect("case_delivery", case.reference)
