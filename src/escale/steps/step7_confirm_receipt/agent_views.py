"""What an agent decides at step 7: end a lock early."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale import clock
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.steps.step7_confirm_receipt import reasons, service
from escale.ui.guards import DECIDERS, agent_case
from escale.ui.refusals import REFUSED
from escale.ui.requests import SignedRequest


@require_POST
@agent_case(*DECIDERS)
def unlock(request: SignedRequest, case: Case) -> HttpResponse:
    """The person has been recognised by other means: five new tries."""
    try:
        service.unlock(case_id=case.id, actor=request.actor, now=clock.now())
    except AccessDenied:
        raise Http404 from None
    except REFUSED as error:
        messages.error(request, reasons.say(error))
    else:
        messages.success(request, _("La saisie est rouverte : cinq nouveaux essais."))
    return redirect(reverse("desk_case", args=[case.reference]) + "#etape-7")
