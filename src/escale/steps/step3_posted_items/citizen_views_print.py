"""« Vérifier la photo imprimée »: optional, before posting."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from escale import clock
from escale.ledger.models import Case
from escale.steps.step3_posted_items import queries_print
from escale.steps.step3_posted_items.forms_print import PRIVATE, PrintForm, measured
from escale.ui.guards import own_case
from escale.ui.requests import SignedRequest


@own_case
@require_http_methods(["GET", "POST"])
def print_check(request: SignedRequest, case: Case) -> HttpResponse:
    """What to do, the form, and the last result."""
    if case.posted_items == "not_asked":
        raise Http404
    form = PrintForm(request.POST, request.FILES) if request.method == "POST" else PrintForm()
    actor = request.actor
    if request.method == "POST" and form.is_valid() and measured(form, case_id=case.id, actor=actor, now=clock.now()):
        return redirect("print_check", ref=case.reference)
    result = queries_print.last_check(case.id, at_desk=False)
    context = {"case": case, "form": form, "result": result, "waiting": queries_print.waiting(case.id, at_desk=False)}
    return render(request, "step3/print.html", context, status=422 if form.errors else 200)


@own_case
@require_GET
def print_picture(request: HttpRequest, case: Case) -> HttpResponse:
    """The print with its marks."""
    content = queries_print.picture(case.id, at_desk=False)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg", headers=PRIVATE)
