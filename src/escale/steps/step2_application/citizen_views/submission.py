"""Check your answers, submit, read again, withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from escale import clock
from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import StaleCase
from escale.ports.errors import PartnerError
from escale.steps.step1_sign_in import rules as step1_rules
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.citizen_views import frame
from escale.steps.step2_application.forms import SubmitForm, WithdrawForm
from escale.steps.step2_application.service import submission
from escale.ui.forms import posted
from escale.ui.guards import own_case
from escale.ui.requests import SignedRequest


def _answers(case: Case) -> dict[str, Any]:
    read = queries.draft(case)
    held = queries.stamp_in_use(case.id)
    lacking = [
        {"text": _(lack.text), "url_name": frame.URL_OF_PAGE[lack.page]}
        for lack in rules.missing(read)
        if lack.item not in read.corrections
    ]
    return {
        "case": case,
        "draft": read,
        "summary": ledger.summary(case),
        "motive": rules.MOTIVE.get(read.motive),
        "usage_name": queries.usage_name(case, queries.answers(case.id)),
        "eyes": dict(rules.EYE_COLOURS).get(read.eye_colour, ""),
        "documents": queries.documents(case.id),
        "masked": queries.stamp_number(held).masked if held else "",
        "missing": lacking,
        "corrections": list(queries.open_corrections(case.id).values()),
    }


def _review(request: HttpRequest, case: Case, form: SubmitForm, *, status: int = 200) -> HttpResponse:
    context = {**_answers(case), "form": form, "ready": not rules.missing(queries.draft(case))}
    return frame.show(request, case, "review", "step2/review.html", context, status=status)


@own_case
@require_http_methods(["GET", "POST"])
def review(request: SignedRequest, case: Case) -> HttpResponse:
    """Everything on one page, what is missing first, then the declarations."""
    elsewhere = frame.closed(request, case)
    if elsewhere is not None:
        return elsewhere
    form = SubmitForm(posted(request), initial={"version": case.version})
    if request.method != "POST" or not form.is_valid():
        return _review(request, case, form)
    try:
        submission.submit(
            case=case,
            actor=request.actor,
            now=clock.now(),
            version=form.cleaned_data["version"],
        )
    except RuleRefused as refused:
        form.add_error(None, frame.refusal_words(refused))
        return _review(request, case, form)
    except PartnerError:
        form.add_error(
            None,
            _(
                "Le timbre n’a pas pu être réservé : le service des timbres ne répond pas. Votre demande est complète "
                "et enregistrée ; envoyez-la de nouveau dans quelques minutes."
            ),
        )
        return _review(request, case, form, status=503)
    except (StaleCase, MoveRefused):
        case.refresh_from_db()
        elsewhere = frame.closed(request, case)  # sent by another tab at the same moment
        if elsewhere is not None:
            return elsewhere
        messages.warning(request, _("La demande a changé entre-temps. Relisez-la, puis envoyez-la."))
        return redirect("case_home", ref=case.reference)
    return redirect("application_sent", ref=case.reference)


@own_case
@require_GET
def sent(request: HttpRequest, case: Case) -> HttpResponse:
    """The application is with the post: what happens next."""
    if case.application == "draft":
        return redirect("application_review", ref=case.reference)
    return render(request, "step2/sent.html", {"case": case, "summary": ledger.summary(case)})


@own_case
@require_GET
def summary(request: HttpRequest, case: Case) -> HttpResponse:
    """The application as it was sent, to read."""
    return render(request, "step2/summary.html", {**_answers(case), "decision": _decision(case)})


def _decision(case: Case) -> dict[str, Any] | None:
    """What an agent decided of the application, by the rule's own words."""
    ruling = queries.ruling(case.id)
    if ruling is None:
        return None
    rule = step1_rules.BY_ID.get(ruling.rule)
    return {
        "refused": ruling.kind == "refused",
        "rule": _(rule.title) if rule else "",
        "article": f"{rule.source} ({rule.id})" if rule else "",
        "words": ruling.words,
        "at": ruling.at,
    }


@own_case
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedRequest, case: Case) -> HttpResponse:
    """Give up, with the consequences said before."""
    possible = case.is_open and case.dispatch == "waiting" and case.identity == "eligible"
    form = WithdrawForm(posted(request), initial={"version": case.version})
    if request.method == "POST" and possible and form.is_valid():
        try:
            submission.withdraw(
                case=case,
                actor=request.actor,
                now=clock.now(),
                version=form.cleaned_data["version"],
            )
        except (StaleCase, MoveRefused):
            messages.warning(request, _("La demande a changé entre-temps : relisez ce qui suit avant de décider."))
            return redirect("application_withdraw", ref=case.reference)
        messages.success(request, _("Votre demande est retirée."))
        return redirect("case_home", ref=case.reference)
    context = {"case": case, "form": form, "possible": possible, "stamp": queries.stamp_in_use(case.id)}
    return render(request, "step2/withdraw.html", context)
