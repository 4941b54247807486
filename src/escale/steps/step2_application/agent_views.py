"""Gate 1 on the desk: documents opened, application accepted, sent back or ended."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import StaleCase
from escale.people.access import AccessDenied
from escale.steps.step2_application import queries
from escale.steps.step2_application.agent_panels import correctable, panel, rule_choices
from escale.steps.step2_application.agent_panels_points import Point, points, untouched
from escale.steps.step2_application.forms_gate import CorrectionForm, DecisionForm, EndForm
from escale.steps.step2_application.service import review
from escale.ui.guards import DECIDERS, READERS, agent_case
from escale.ui.requests import SignedRequest
from escale.ui.templatetags.ui import colon


@agent_case(*READERS)
@require_GET
def page(request: SignedRequest, case: Case, document: UUID, number: int) -> HttpResponse:
    """One page of a document. Opening it is recorded, and the applicant sees it."""
    found = queries.page(case.id, document, number)
    if found is None:
        raise Http404
    content, kind = found
    review.note_opening(case=case, part=kind, actor=request.actor, now=clock.now())
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def _why_not(act: Callable[[], None]) -> str:
    """Do it; else one sentence that says why not."""
    try:
        act()
    except AccessDenied:
        raise Http404 from None
    except StaleCase:
        return _("La demande a changé entre-temps. Relisez-la avant de décider.")
    except MoveRefused as refused:
        words = {
            "closed": _("Ce dossier est terminé : plus aucune décision n’est possible."),
            "gate": _("L’étape suivante est déjà engagée : cette décision n’est plus possible ici."),
        }
        return words.get(refused.code, _("Cette décision n’est pas possible dans l’état du dossier."))
    except RuleRefused as refused:
        words = {
            "incomplete": _("La demande est incomplète : demandez une correction."),
            "nothing_to_correct": _("Écrivez ce qui est à reprendre, en face d’un point au moins."),
            "reasons_missing": _("Choisissez la règle et écrivez les motifs."),
        }
        return words.get(refused.code, _("Cette décision n’est pas possible."))
    return ""


def _decide(request: HttpRequest, case: Case, act: Callable[[], None], done: str) -> HttpResponse:
    """Do it, or say why not on the file."""
    refused = _why_not(act)
    if not refused:
        return _done(request, case, done)
    messages.error(request, refused)
    return redirect("desk_case", case.reference)


def _done(request: HttpRequest, case: Case, done: str) -> HttpResponse:
    messages.success(request, f"{case.reference}{colon()}{done}")
    if "suivant" in request.POST or "tout" in request.POST:
        return redirect(f"{reverse('desk_next')}?{urlencode({'file': 'demandes', 'apres': case.reference})}")
    return redirect("desk_case", case.reference)


@agent_case(*DECIDERS)
@require_POST
def accept(request: SignedRequest, case: Case) -> HttpResponse:
    """Every point ticked, or vouched for by « tout est conforme » where no automatic check objects. Nothing ticked or
    typed is lost: points left come back on a page of their own, and so do remarks, which accepting would drop."""
    form, now = DecisionForm(request.POST), clock.now()
    application = queries.application_of(case)
    if not form.is_valid() or application is None:
        return redirect("desk_case", case.reference)
    if case.application == "submitted":
        said = CorrectionForm(request.POST, items=correctable(application.draft), language=case.language).touched()
        if said:
            remarks = CorrectionForm(request.POST, items=said, language=case.language)
            refused = _(
                "Vous avez accepté la demande et écrit des remarques : envoyez-les ; pour accepter sans elles, revenez "
                "au dossier."
            )
            send = reverse("desk_application_correct", args=[case.reference])
            return _again(request, case, remarks, _("Demander une correction"), refused, send)
        found = points(case, application, now)
        left = untouched(found, set(request.POST.getlist("vu")), all_right="tout" in request.POST)
        if left:
            return _left(request, case, found, left)
    return _decide(
        request,
        case,
        lambda: review.accept(
            case=case,
            revision=form.cleaned_data["revision"],
            actor=request.actor,
            now=now,
        ),
        _("Demande acceptée."),
    )


def _left(request: SignedRequest, case: Case, found: list[Point], left: list[Point]) -> HttpResponse:
    """The points still to be looked at, with their pieces; the others stay ticked."""
    shown = panel(case, request.actor, clock.now())
    if shown is None:
        raise Http404
    codes = {point.code for point in left}
    shown["points"] = [(point, remarks) for point, remarks in shown["points"] if point.code in codes]
    seen = [point.code for point in found if point.code not in codes]
    context = {"case": case, "summary": ledger.summary(case), "panel": shown, "seen": seen}
    return render(request, "step2/desk_left.html", context, status=422)


@agent_case(*DECIDERS)
@require_POST
def correct(request: SignedRequest, case: Case) -> HttpResponse:
    """Nothing typed is lost: what cannot be sent comes back on a page of its own."""
    form = CorrectionForm(request.POST, items=correctable(queries.draft(case)), language=case.language)
    touched, title = form.touched(), _("Demander une correction")
    if not form.is_valid():
        return _again(request, case, CorrectionForm(request.POST, items=touched, language=case.language), title)
    refused = _why_not(
        lambda: review.ask_correction(
            case=case,
            words=form.cleaned_data["said"],
            revision=form.cleaned_data["revision"],
            actor=request.actor,
            now=clock.now(),
        )
    )
    if not refused:
        return _done(request, case, _("Correction demandée : le demandeur est prévenu."))
    if not touched:
        messages.error(request, refused)
        return redirect("desk_case", case.reference)
    given = _seen_now(request, case)
    return _again(request, case, CorrectionForm(given, items=touched, language=case.language), title, refused)


@agent_case(*DECIDERS)
@require_POST
def overrule(request: SignedRequest, case: Case, kind: str) -> HttpResponse:
    """The agent finds a document compliant against its automatic check, and says why."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return redirect("desk_case", case.reference)
    return _decide(
        request,
        case,
        lambda: review.overrule(
            case=case,
            kind=kind,
            reasons=request.POST.get(f"overrule_{kind}", "")[:1000],
            revision=form.cleaned_data["revision"],
            actor=request.actor,
            now=clock.now(),
        ),
        _("Avis automatique écarté, avec vos motifs."),
    )


@agent_case(*DECIDERS)
@require_POST
def end(request: SignedRequest, case: Case) -> HttpResponse:
    title = _("Refuser, ou inviter à se présenter en personne")
    form = EndForm(request.POST, choices=rule_choices(), language=case.language)
    if not form.is_valid():
        return _again(request, case, form, title)
    given = form.cleaned_data
    refused = _why_not(
        lambda: review.end(
            case=case,
            kind=given["kind"],
            rule=given["rule"],
            reasons=given["said"],
            revision=given["revision"],
            actor=request.actor,
            now=clock.now(),
        )
    )
    if not refused:
        return _done(request, case, _("Décision enregistrée : le demandeur est prévenu."))
    again = EndForm(_seen_now(request, case), choices=rule_choices(), language=case.language)
    return _again(request, case, again, title, refused)


def _seen_now(request: HttpRequest, case: Case) -> QueryDict:
    """What was sent, about the application as it stands: the agent is told to read it again before sending anew."""
    given = request.POST.copy()
    given["revision"] = str(queries.revision(case.id))
    return given


def _again(
    request: HttpRequest, case: Case, form: DecisionForm, title: str, refused: str = "", action: str = ""
) -> HttpResponse:
    """The form alone, with what is wrong and what was typed; sent to ``action``, or where it came from."""
    form.full_clean()
    if refused:
        form.add_error(None, refused)
    button = _("Envoyer les remarques") if isinstance(form, CorrectionForm) else ""
    context = {"case": case, "form": form, "title": title, "action": action, "button": button}
    return render(request, "step2/desk_form.html", context, status=409 if refused else 422)
