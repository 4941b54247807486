"""Motive, identity, contact details, current passport: saved at each page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from escale import clock
from escale.case.decision import RuleRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step1_sign_in import queries as step1
from escale.steps.step2_application import queries
from escale.steps.step2_application.citizen_views import frame
from escale.steps.step2_application.forms import ContactForm, IdentityForm, MotiveForm, PassportForm
from escale.steps.step2_application.service import draft
from escale.ui.forms import posted
from escale.ui.guards import own_case
from escale.ui.requests import SignedRequest


def _form_page(
    request: SignedRequest,
    case: Case,
    page: str,
    make: Callable[..., forms.Form],
    *,
    initial: dict[str, Any],
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show a form, or save it and go on. What was typed is kept when it cannot be saved."""
    elsewhere = frame.closed(request, case)
    if elsewhere is not None:
        return elsewhere
    form = make(posted(request), initial=initial)
    template = f"step2/{page}.html"
    if request.method == "POST" and form.is_valid():
        try:
            draft.save(case=case, values=form.cleaned_data, actor=request.actor, now=clock.now())
        except RuleRefused as refused:
            field = "motive" if refused.code.startswith("motive") else None
            form.add_error(field, frame.refusal_words(refused))
        else:
            if "back" in request.GET:
                return redirect("application_review", ref=case.reference)
            return redirect(frame.next_page(page), ref=case.reference)
    return frame.show(request, case, page, template, {"form": form, **(context or {})})


@own_case
@require_http_methods(["GET", "POST"])
def motive(request: SignedRequest, case: Case) -> HttpResponse:
    return _form_page(request, case, "motive", MotiveForm, initial=queries.answers(case.id))


@own_case
@require_http_methods(["GET", "POST"])
def identity(request: SignedRequest, case: Case) -> HttpResponse:
    given = queries.answers(case.id)
    initial = {**given, "usage_origin": given.get("usage_origin", "unchanged")}
    return _form_page(
        request, case, "identity", IdentityForm, initial=initial, context={"summary": ledger.summary(case)}
    )


@own_case
@require_http_methods(["GET", "POST"])
def contact(request: SignedRequest, case: Case) -> HttpResponse:
    given, summary, today = queries.answers(case.id), ledger.summary(case), clock.now().date()
    initial = {"phone": summary.get("phone", ""), **given, "travel_on": _day(given.get("travel_on"))}
    return _form_page(
        request,
        case,
        "contact",
        lambda *args, **kwargs: ContactForm(*args, today=today, **kwargs),
        initial=initial,
        context={"summary": summary},
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@own_case
@require_http_methods(["GET", "POST"])
def passport(request: SignedRequest, case: Case) -> HttpResponse:
    given, known, today = queries.answers(case.id), step1.declared_passport(case), clock.now().date()
    initial = {
        **given,
        "passport_issued_on": _day(given.get("passport_issued_on")) or known.issued_on,
        "passport_expires_on": _day(given.get("passport_expires_on")) or known.expires_on,
        "visa_until": _day(given.get("visa_until")),
    }
    return _form_page(
        request,
        case,
        "passport",
        lambda *args, **kwargs: PassportForm(*args, today=today, **kwargs),
        initial=initial,
        context={"zone": _zone(case, given)},
    )


def _zone(case: Case, given: dict[str, Any]) -> dict[str, Any] | None:
    """What was read on the picture of the passport, beside what was typed."""
    for doc in queries.documents(case.id, "passport_page"):
        read = doc.findings.get("mrz")
        if read and read.get("valid"):
            same_number = read["number"] == given.get("passport_number", "")
            same_expiry = read["expires_on"] == given.get("passport_expires_on", "")
            return {**read, "same": same_number and same_expiry, "expires": date.fromisoformat(read["expires_on"])}
    return None
