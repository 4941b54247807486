"""The paper photo measured at the desk, beside what the applicant measured."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from escale import clock
from escale.ledger.models import Case
from escale.steps.step3_posted_items import queries_print, service
from escale.steps.step3_posted_items.forms_print import PRIVATE, PrintForm, measured
from escale.ui.guards import DECIDERS, READERS, agent_case
from escale.ui.requests import SignedRequest


@agent_case(*DECIDERS)
@require_http_methods(["GET", "POST"])
def desk_print_check(request: SignedRequest, case: Case) -> HttpResponse:
    """Both results, and a form to measure here."""
    if case.posted_items == "not_asked":
        raise Http404
    form = PrintForm(request.POST, request.FILES) if request.method == "POST" else PrintForm()
    actor = request.actor
    if request.method == "POST" and form.is_valid() and measured(form, case_id=case.id, actor=actor, now=clock.now()):
        return redirect("desk_print_check", ref=case.reference)
    context = {
        "case": case,
        "form": form,
        "here": queries_print.last_check(case.id, at_desk=True),
        "waiting": queries_print.waiting(case.id, at_desk=True),
        "theirs": queries_print.last_check(case.id, at_desk=False),
    }
    return render(request, "step3/desk_print.html", context, status=422 if form.errors else 200)


@agent_case(*READERS)
@require_GET
def desk_print_picture(request: SignedRequest, case: Case) -> HttpResponse:
    """The print with its marks; ``?de=usager`` is the applicant's. Looking at it is recorded."""
    content = queries_print.picture(case.id, at_desk=request.GET.get("de") != "usager")
    if content is None:
        raise Http404
    service.note_opening(case_id=case.id, part="photo", actor=request.actor, now=clock.now())
    return HttpResponse(content, content_type="image/jpeg", headers=PRIVATE)
