"""The one question asked at the end of a request."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escale import clock
from escale.case.decision import RuleRefused
from escale.ledger.models import Case
from escale.portal import opinions
from escale.portal.forms import OpinionForm
from escale.ui.forms import posted
from escale.ui.guards import own_case
from escale.ui.requests import SignedRequest


@own_case
@require_http_methods(["GET", "POST"])
def opinion(request: SignedRequest, case: Case) -> HttpResponse:
    """Ask, once; say so when it is too early, or done."""
    form = OpinionForm(posted(request)) if opinions.asked(case) else None
    if form is not None and form.is_valid():
        try:
            opinions.keep(
                case=case,
                degree=form.cleaned_data["degree"],
                steps=form.cleaned_data["steps"],
                actor=request.actor,
                now=clock.now(),
            )
        except RuleRefused:  # the same form sent twice at once: it is counted, and the page says so
            return redirect("case_opinion", ref=case.reference)
        messages.success(request, _("Merci. Votre réponse est comptée, sans rien qui dise qu’elle est de vous."))
        return redirect("case_home", ref=case.reference)
    context = {"case": case, "form": form, "answered": form is None and opinions.answered(case)}
    return render(request, "portal/opinion.html", context, status=422 if form is not None and form.errors else 200)
