"""Issuance tells us that an order moved. Its word is a hint: the worker then asks for the state, which is the truth."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from escale import clock
from escale.ports import directory
from escale.ports.errors import PartnerRefused
from escale.steps.step5_dispatch import service_production
from escale.ui.guards import partner_callback

LOG = logging.getLogger("escale.hooks")
LARGEST = 64_000


@partner_callback
@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """204 when the event is new or known already; 401 when its signature or age does not hold, 400 for its shape."""
    if len(request.body) > LARGEST:
        return HttpResponse(status=413)
    now = clock.now()
    try:
        event = directory.issuance().read_event(headers=dict(request.headers), body=request.body, now=now.timestamp())
    except PartnerRefused as refused:
        LOG.warning("an event of issuance is refused: %s", refused.code)
        return HttpResponse(status=400 if refused.code == "shape" else 401)
    service_production.receive_event(event=event, now=now)
    return HttpResponse(status=204)
