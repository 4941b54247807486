"""The two duties, as the applicant sees them."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.inspection.uploads import UploadRefused
from escale.ledger.models import Case
from escale.ledger.record import StaleCase
from escale.people.access import AccessDenied
from escale.ports.errors import PartnerError
from escale.steps.step3_posted_items.rules import generates
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step8_old_passport import queries, reasons, rules, service
from escale.steps.step8_old_passport.forms import TypedReturnForm, VisaForm
from escale.ui import limits
from escale.ui.guards import own_case
from escale.ui.requests import SignedRequest
from escale.vault import documents

REFUSALS = (RuleRefused, MoveRefused, StaleCase, PartnerError)
# What a form from the back button or another tab is told: its place on the page is gone with what it asked for.
DONE = {"return_done", "return_not_expected", "return_under_way", "visa_asked_already"}


def _page(
    request: HttpRequest, case: Case, *, typed: TypedReturnForm | None = None, visa: VisaForm | None = None
) -> HttpResponse:
    if case.dispatch != "dispatched":
        raise Http404
    now = clock.now()
    state = queries.duties(case)
    failed = next((form for form in (typed, visa) if form is not None and form.errors), None)
    head = queries.duty_words(case, now)
    context = {
        "case": case,
        "duties": state,
        "head": head,
        "article": queries.article_of_end(case, now) if head.state == "gone" else "",
        "clocks": step5.clocks(case),
        "back": queries.return_of(case),
        "visa_request": queries.visa_request(case.id),
        "generates": generates(case.post.carrier),
        "typed": typed or TypedReturnForm(initial={"carrier": case.post.carrier}),
        "visa": visa or VisaForm(),
        "form": failed,
        "may_return": case.old_passport in rules.MAY_RETURN,
    }
    return render(request, "step8/duties.html", context, status=400 if failed else 200)


@own_case
def duties(request: HttpRequest, case: Case) -> HttpResponse:
    """One countdown, two boxes, the last moment in both clocks."""
    return _page(request, case)


def _attempt(act: Callable[[], None]) -> tuple[str, str]:
    """Do it; returns why not, as a code and in the reader's words, or nothing twice."""
    try:
        act()
    except AccessDenied:
        raise Http404 from None
    except REFUSALS as error:
        return str(getattr(error, "code", "")), reasons.say(error)
    except UploadRefused as refused:
        return refused.code, refused.fr if get_language() == "fr" else refused.en
    return "", ""


def _told(request: HttpRequest, case: Case, why: str) -> HttpResponse:
    messages.info(request, why)
    return redirect("two_duties", case.reference)


@require_POST
@own_case
def generate(request: SignedRequest, case: Case) -> HttpResponse:
    """A prepaid label to the post."""
    actor, now = request.actor, clock.now()
    _code, why = _attempt(lambda: service.generate_label(case_id=case.id, actor=actor, now=now))
    if why:
        messages.error(request, why)
    else:
        messages.success(
            request, _("Votre étiquette de retour est prête. Imprimez-la et remettez l’enveloppe au transporteur.")
        )
    return redirect("two_duties", case.reference)


@own_case
@require_http_methods(["GET", "POST"])
def announce(request: SignedRequest, case: Case) -> HttpResponse:
    """A label bought elsewhere."""
    if request.method == "GET":  # the page of a refused form, opened anew: another language, a reload
        return redirect("two_duties", case.reference)
    form = TypedReturnForm(request.POST)
    if form.is_valid():
        actor, now, given = request.actor, clock.now(), form.cleaned_data
        code, why = _attempt(
            lambda: service.announce(
                case_id=case.id, carrier=given["carrier"], typed=given["waybill"], actor=actor, now=now
            )
        )
        if not why:
            messages.success(request, _("Merci. Nous suivons votre envoi avec ce numéro."))
            return redirect("two_duties", case.reference)
        if code in DONE:
            return _told(request, case, why)
        form.add_error("waybill", why)
    return _page(request, case, typed=form)


@own_case
@require_http_methods(["GET", "POST"])
def ask_to_keep(request: SignedRequest, case: Case) -> HttpResponse:
    """A valid visa in the old passport."""
    if request.method == "GET":
        return redirect("two_duties", case.reference)
    form = VisaForm(request.POST, request.FILES)
    actor, now = request.actor, clock.now()
    if form.is_valid() and not limits.within("upload", actor.id, now=now):
        form.add_error("copy", _("Trop d’envois en une heure. Réessayez plus tard."))
    if form.is_valid():
        given, copy = form.cleaned_data, form.cleaned_data["copy"]
        code, why = _attempt(
            lambda: service.ask_to_keep(
                case_id=case.id, content=copy.read(), filename=copy.name, until=given["until"], actor=actor, now=now
            )
        )
        if not why:
            messages.success(request, _("Votre demande est chez l’agent. D’ici sa réponse, le délai court toujours."))
            return redirect("two_duties", case.reference)
        if code in DONE:
            return _told(request, case, why)
        form.add_error("until" if code == "visa_ended" else "copy", why)
    return _page(request, case, visa=form)


@own_case
def label(request: HttpRequest, case: Case) -> HttpResponse:
    """The return label, to print."""
    back = queries.return_of(case)
    if back is None or back.document_id is None:
        raise Http404
    content, media_type = documents.read(case.id, back.document_id)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="retour-{case.reference}.pdf"'
    return response
