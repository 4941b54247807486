"""Sign in with FranceConnect+, match with the register, answer the questions of eligibility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ports.errors import PartnerError
from escale.ports.franceconnect import PivotIdentity
from escale.ports.register import NoMatch
from escale.steps.step1_sign_in import queries, service
from escale.steps.step1_sign_in.citizen_views_door import Door
from escale.steps.step1_sign_in.forms import PassportDatesForm, RegisterForm, SituationForm
from escale.ui.forms import posted
from escale.ui.guards import applicant, own_case, public
from escale.ui.limits import within
from escale.ui.requests import SignedRequest


def _next_page(session: Mapping[str, Any]) -> str:
    cases = ledger.of_applicant(session["actor"]["id"])
    open_ones = [case for case in cases if case.is_open]
    if open_ones:
        return reverse("case_home", args=[open_ones[0].reference])
    return reverse("my_cases") if cases else reverse("register_match")


DOOR = Door(
    site="portal",
    template="step1/sign_in.html",
    home="home",
    inside="my_cases",
    keeps=lambda session: session,
    next_page=_next_page,
)
sign_in = public(never_cache(require_http_methods(["GET", "POST"])(DOOR.sign_in)))
sign_in_return = public(never_cache(require_GET(DOOR.sign_in_return)))
sign_out = public(never_cache(require_POST(DOOR.sign_out)))


@applicant
@require_http_methods(["GET", "POST"])
def register_match(request: SignedRequest) -> HttpResponse:
    """NUMIC and register e-mail, against the identity that has just signed in."""
    open_ones = [case for case in ledger.of_applicant(request.actor.id) if case.is_open]
    if open_ones:
        if request.method == "POST":
            messages.info(request, _("Vous avez déjà une demande en cours : la voici."))
        return redirect("case_home", ref=open_ones[0].reference)
    form = RegisterForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _match(request, form)
    return render(request, "step1/register_match.html", {"form": form})


def _match(request: SignedRequest, form: RegisterForm) -> HttpResponse:
    now, actor = clock.now(), request.actor
    status = 200
    if not within("register_match", actor.id, now=now):
        form.add_error(None, _("Trop d’essais. Pour protéger vos données, patientez une heure avant de recommencer."))
        return render(request, "step1/register_match.html", {"form": form}, status=429)
    try:
        matched = service.match(
            identity=PivotIdentity(**request.session["identity"]),
            proof=request.session["sign_in"],
            numic=form.cleaned_data["numic"],
            email=form.cleaned_data["email"],
            language=get_language() or "fr",
            actor=actor,
            now=now,
        )
    except NoMatch:
        return render(request, "step1/register_match.html", {"form": form, "no_match": True, "errors": True})
    except service.NotEligible as refused:
        return render(request, "step1/ineligible.html", {"rules": refused.rules})
    except PartnerError as error:
        status = 429 if error.code == "429" else 503
        form.add_error(
            None,
            _("Trop d’essais pour ce numéro. Patientez une heure avant de recommencer.")
            if status == 429
            else _("Le Registre ne répond pas pour le moment. Rien n’est perdu : réessayez dans quelques minutes."),
        )
        return render(request, "step1/register_match.html", {"form": form}, status=status)
    if matched.existing:
        messages.info(request, _("Vous avez déjà une demande en cours : la voici."))
    return redirect(_after_match(matched.case))


def _after_match(case: Case) -> str:
    if case.identity == "matched":
        return reverse("eligibility_passport", args=[case.reference])
    if case.identity == "ineligible":
        return reverse("ineligible", args=[case.reference])
    return reverse("case_home", args=[case.reference])


def _answered(request: HttpRequest, case: Case) -> HttpResponse:
    """The answer is given already; a form that comes again, from the back button or another tab, changes nothing."""
    if request.method == "POST":
        messages.info(request, _("Vos conditions sont déjà vérifiées : ce formulaire n’a rien changé."))
    return redirect(_after_match(case))


@own_case
@require_http_methods(["GET", "POST"])
def eligibility_passport(request: SignedRequest, case: Case) -> HttpResponse:
    """Dates of the current passport."""
    if case.identity != "matched":
        return _answered(request, case)
    now = clock.now()
    known = queries.declared_passport(case)
    initial = {"issued_on": known.issued_on, "expires_on": known.expires_on}
    form = PassportDatesForm(posted(request), initial=initial, today=now.date())
    if request.method == "POST" and form.is_valid():
        service.declare_passport(case=case, **form.cleaned_data, actor=request.actor, now=now)
        return redirect("eligibility_situation", ref=case.reference)
    return render(request, "step1/eligibility_passport.html", {"form": form, "case": case})


@own_case
@require_http_methods(["GET", "POST"])
def eligibility_situation(request: SignedRequest, case: Case) -> HttpResponse:
    """X1 to X5, then the answer."""
    if case.identity != "matched":
        return _answered(request, case)
    if "issued_on" not in queries.declared(case):
        return redirect("eligibility_passport", ref=case.reference)
    form = SituationForm(posted(request), initial=queries.declared(case))
    if request.method == "POST" and form.is_valid():
        answers = {name: value for name, value in form.cleaned_data.items() if value is not None}
        try:
            found = service.declare_situation(
                case=case,
                answers=answers,
                actor=request.actor,
                now=clock.now(),
            )
        except RuleRefused:
            return _answered(request, ledger.get(case.id))
        if found:
            return redirect("ineligible", ref=case.reference)
        messages.success(request, _("Votre situation permet la demande à distance. Vous pouvez la commencer."))
        return redirect("case_home", ref=case.reference)
    return render(request, "step1/eligibility_situation.html", {"form": form, "case": case})


@own_case
@require_GET
def ineligible(request: HttpRequest, case: Case) -> HttpResponse:
    """Which rule says no, its article, and the way out."""
    found = queries.refused_rules(case)
    if not found:
        return redirect("case_home", ref=case.reference)
    return render(request, "step1/ineligible.html", {"rules": found, "case": case})
