"""Step 1 on the desk: an agent finds, at any moment before production, that a condition was not met."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from escale import clock
from escale.case.moves import MoveRefused
from escale.ledger.models import Case
from escale.ledger.record import StaleCase
from escale.people.access import AccessDenied
from escale.steps.step1_sign_in import rules, service
from escale.steps.step1_sign_in.agent_panels import may_lose
from escale.steps.step1_sign_in.forms import LossForm
from escale.ui.forms import posted
from escale.ui.guards import DECIDERS, agent_case
from escale.ui.requests import SignedRequest


def told(rule: rules.Rule) -> dict[str, dict[str, str]]:
    """What the applicant will read of a rule, in both languages."""
    found = {}
    for language in ("fr", "en"):
        with translation.override(language):
            found[language] = {"refusal": _(rule.refusal), "way_out": _(rule.way_out)}
    return found


@agent_case(*DECIDERS)
def lose(request: SignedRequest, case: Case) -> HttpResponse:
    """Choose the rules, read what the applicant will read, then confirm: nothing is recorded before."""
    if not may_lose(case):
        messages.error(request, _("Les conditions ne peuvent plus être revues : la fabrication est commandée."))
        return redirect("desk_case", case.reference)
    form = LossForm(posted(request), initial={"version": case.version})
    chosen = form.chosen() if form.is_bound and form.is_valid() else ()
    if chosen and "confirmer" in request.POST:
        return _record(request, case, chosen, form.cleaned_data["version"])
    context = {"case": case, "form": form, "chosen": [(rule, told(rule)) for rule in chosen]}
    return render(request, "step1/desk_eligibility.html", context, status=422 if form.errors else 200)


def _record(request: SignedRequest, case: Case, chosen: tuple[rules.Rule, ...], version: int) -> HttpResponse:
    actor = request.actor
    names = tuple(rule.id for rule in chosen)
    try:
        service.lose_eligibility(case=case, rule_ids=names, actor=actor, now=clock.now(), version=version)
    except AccessDenied:
        raise Http404 from None
    except StaleCase:
        messages.warning(request, _("Le dossier a changé entre-temps. Relisez-le avant de décider."))
    except MoveRefused:
        messages.error(request, _("Les conditions ne peuvent plus être revues : la fabrication est commandée."))
    else:
        messages.success(request, _("Décision enregistrée : le demandeur est prévenu."))
    return redirect("desk_case", case.reference)
