"""PayFiP tells that a payment has moved. The call proves nothing: the payment is read again server to server."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from escale import clock
from escale.ports.errors import PartnerError
from escale.steps.step2_application.service import payment
from escale.ui.guards import partner_callback


@partner_callback
@require_POST
def notification(request: HttpRequest) -> HttpResponse:
    """``idOp`` (or ``idop``: both are in use). Always the same short answer: the caller learns nothing from it."""
    operation = request.POST.get("idOp") or request.POST.get("idop") or ""
    try:
        payment.notified(operation_id=operation[:80], now=clock.now())
    except PartnerError:
        return HttpResponse(status=503)
    return HttpResponse("OK", content_type="text/plain")
