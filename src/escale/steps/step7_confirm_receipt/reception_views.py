"""The reception site's pages for one passport: the form, the confirmation, its receipt."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _

from escale import clock
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step7_confirm_receipt import documents, queries, reasons, service
from escale.steps.step7_confirm_receipt.forms import ReceiptForm
from escale.ui.guards import applicant, own_case
from escale.ui.refusals import REFUSED
from escale.ui.requests import SignedRequest


@applicant
def passports(request: SignedRequest) -> HttpResponse:
    """The passports sent to the person who signed in."""
    found = queries.passports(request.actor.id)
    return render(request, "step7/passports.html", {"passports": found})


def _page(request: HttpRequest, case: Case, form: ReceiptForm, status: int = 200, **more: Any) -> HttpResponse:
    now, stands = clock.now(), queries.awaited(case)
    context = {
        "case": case,
        "form": form,
        "stands": stands,
        "late": stands.due_at is not None and now > stands.due_at,
        "clocks": step5.clocks(case),
        "left": queries.tries_left(case.id, now),
        **more,
    }
    return render(request, "step7/confirm.html", context, status=status)


def _again(request: HttpRequest, case: Case) -> ReceiptForm:
    """What was typed, to be sent once more: the form now knows of the entries made meanwhile."""
    return ReceiptForm({**request.POST.dict(), "tries": queries.wrong_entries(case.id)})


@own_case
def confirm(request: SignedRequest, case: Case) -> HttpResponse:
    """Two numbers and an attestation. A wrong pair never says which one is wrong."""
    if case.receipt == "waiting":
        raise Http404
    if case.receipt == "confirmed":
        return redirect("reception_confirmed", case.reference)
    if request.method != "POST":
        return _page(request, case, ReceiptForm(initial={"tries": queries.wrong_entries(case.id)}))
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form, status=422)
    try:
        answer = service.confirm(
            case_id=case.id,
            number=form.cleaned_data["number"],
            security=form.cleaned_data["security"],
            seen=form.cleaned_data["tries"],
            actor=request.actor,
            now=clock.now(),
        )
    except AccessDenied:
        raise Http404 from None
    except REFUSED as error:
        case.refresh_from_db()
        if case.receipt == "confirmed":  # by the same form, sent twice at once
            return redirect("reception_confirmed", case.reference)
        form = _again(request, case)
        form.add_error(None, reasons.say(error))
        return _page(request, case, form, status=409)
    if answer.confirmed:
        return redirect("reception_confirmed", case.reference)
    case.refresh_from_db()
    form = _again(request, case)
    if not answer.locked:
        form.add_error(
            None,
            _(
                "Ces deux numéros ne vont pas ensemble. Vérifiez l’un et l’autre, "
                "sur le passeport et sur votre récépissé."
            ),
        )
    return _page(request, case, form, status=409)


@own_case
def confirmed(request: HttpRequest, case: Case) -> HttpResponse:
    """Said aloud: it is confirmed, and what remains to be done."""
    if case.receipt != "confirmed":
        return redirect("reception_confirm", case.reference)
    context = {
        "case": case,
        "stands": queries.awaited(case),
        "clocks": step5.clocks(case),
        "return_owed": case.old_passport in {"due", "announced", "late"},
        "return_announced": case.old_passport == "announced",
    }
    return render(request, "step7/confirmed.html", context)


@own_case
def receipt(request: HttpRequest, case: Case) -> HttpResponse:
    """The confirmation as a PDF."""
    at = queries.confirmed_at(case.id)
    made = step5.title(case.id)
    if at is None or made is None:
        raise Http404
    pdf = documents.receipt(case, made=made, at=at, language=get_language() or "fr")
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="confirmation-{case.reference}.pdf"'
    return response
