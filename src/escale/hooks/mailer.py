"""The mail service tells what became of a message: whoever does not read their mail is told by the desk."""

from __future__ import annotations

import json
import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from escale import clock
from escale.ledger import undelivered
from escale.ledger.models import EffectState
from escale.people.actors import partner
from escale.ports import directory
from escale.ports.errors import PartnerRefused
from escale.ports.mailer import DeliveryReport
from escale.ui.guards import partner_callback
from escale.vault.keys import KeyDestroyed

LOG = logging.getLogger("escale.hooks")
LARGEST = 16_000
LARGEST_RETURN = 1_000_000
"""A report may carry the whole mail that it is about."""

STATUSES = {"no_reports": 404, "callback_token": 401}
# A mail that says nothing of ours is dealt with: the mail server must neither keep it nor send it back.
RETURN_STATUSES = {"no_returns": 404, "return_key": 401, "not_our_address": 204, "not_a_report": 204}


@partner_callback
@require_POST
def reports(request: HttpRequest) -> HttpResponse:
    """204 when the report is dealt with or says nothing to us; 503 when it comes before the sending is noted."""
    if len(request.body) > LARGEST:
        return HttpResponse(status=413)
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    try:
        report = directory.mailer().read_report(
            authorization=request.headers.get("Authorization", ""), body=body if isinstance(body, dict) else {}
        )
    except PartnerRefused as refused:
        LOG.warning("a delivery report is refused: %s", refused.code)
        return HttpResponse(status=STATUSES.get(refused.code, 400))
    return HttpResponse(status=204 if _dealt_with(report) else 503)


@partner_callback
@require_POST
def returns(request: HttpRequest) -> HttpResponse:
    """A mail that came to the return path, whole, from the mail server that keeps it: 204, or 503 to come again."""
    if len(request.body) > LARGEST_RETURN:
        return HttpResponse(status=413)
    try:
        report = directory.mailer().read_return(
            authorization=request.headers.get("Authorization", ""), mail=request.body
        )
    except PartnerRefused as refused:
        LOG.warning("a returned mail says nothing: %s", refused.code)
        return HttpResponse(status=RETURN_STATUSES[refused.code])
    if not (report.permanent or report.temporary):
        LOG.info("a returned mail asks for nothing: %s", report.status)
    return HttpResponse(status=204 if _dealt_with(report) else 503)


def _dealt_with(report: DeliveryReport) -> bool:
    """False while the worker still holds the message: the service tells again later."""
    if not (report.permanent or report.temporary):
        return True
    message = undelivered.sent_as(report.reference)
    if message is None:
        LOG.warning("a delivery report names no message of ours")
        return True
    if message.state == EffectState.PENDING:
        return False
    told = undelivered.give_up if report.permanent else undelivered.send_again
    try:
        told(message, code=f"mailer: {report.status}", actor=partner("mailer"), now=clock.now())
    except KeyDestroyed:
        LOG.info("a delivery report came after the retention of its case")
    return True
