"""The mail desk: scan, open, check the envelope, ask again for what is wrong."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step3_posted_items import queries, reasons, rules, service
from escale.steps.step3_posted_items.agent_panels import Gate, gate
from escale.steps.step3_posted_items.forms import TEXTS, ReplacementForm, ScanForm
from escale.ui.forms import posted
from escale.ui.guards import DECIDERS, READERS, agent, agent_case
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest
from escale.ui.templatetags.ui import colon
from escale.vault import documents as vault

BATCH = timedelta(hours=12)


@agent(*DECIDERS)
@require_http_methods(["GET", "POST"])
def desk_mail(request: SignedRequest) -> HttpResponse:
    """A scan field that is always focused, the envelope on the table, and the batch of the day."""
    now, actor = clock.now(), request.actor
    on_table = request.session.get("envelope", "")
    outcome, form = None, ScanForm()
    if request.method == "POST":
        form = ScanForm(request.POST)
        if form.is_valid():
            outcome = service.scan(typed=form.cleaned_data["code"], actor=actor, now=now, open_reference=on_table)
            on_table = outcome.reference or on_table
            request.session["envelope"] = on_table
            form = ScanForm()
    case = ledger.by_reference(on_table) if on_table else None
    if case is not None and case.post_id != actor.post:
        case = None
    context = {
        "form": form,
        "outcome": outcome,
        "on_table": case,
        "items": queries.posted_items(case.id) if case else None,
        "batch": queries.received_lately(actor.post, now - BATCH),
        "waiting": queries.awaited_at(actor.post),
        "tz": case.post.tz if case else "UTC",
    }
    return render(request, "step3/mail.html", context, status=422 if form.errors else 200)


@agent_case(*DECIDERS)
@require_http_methods(["GET", "POST"])
def desk_verify_items(request: SignedRequest, case: Case) -> HttpResponse:
    """Gate 2: every point an eye must see ticked, then the items are verified, and on to the next envelope."""
    if case.posted_items == "not_asked":
        raise Http404
    found = gate(case, queries.posted_items(case.id), clock.now(), posted(request))
    form = found.form
    if request.method == "POST" and form.is_valid():
        try:
            service.verify(
                case_id=case.id,
                ticked=form.ticked,
                revision=form.cleaned_data["version"],
                actor=request.actor,
                now=clock.now(),
            )
        except REFUSED as error:
            form.add_error(None, sentence(error, TEXTS))
        else:
            done = _("Pièces vérifiées. L’usager peut réserver son entretien.")
            messages.success(request, f"{case.reference}{colon()}{done}")
            return _go_on(request, case)
    return _gate(
        request, case, found, ReplacementForm(initial={"version": queries.revision(case.id)}, language=case.language)
    )


def _go_on(request: HttpRequest, case: Case) -> HttpResponse:
    """To the next envelope where the agent goes through them, else back to the file."""
    if "suivant" in request.POST or "tout" in request.POST:
        return redirect(f"{reverse('desk_next')}?{urlencode({'file': 'enveloppes', 'apres': case.reference})}")
    return redirect("desk_case", ref=case.reference)


@agent_case(*DECIDERS)
@require_POST
def desk_replacement(request: SignedRequest, case: Case) -> HttpResponse:
    """Ask again for the photo, the label or both."""
    if case.posted_items == "not_asked":
        raise Http404
    form = ReplacementForm(request.POST, language=case.language)
    if form.is_valid():
        try:
            service.ask_again(
                case_id=case.id,
                reasons=form.reasons,
                words=form.words,
                revision=form.cleaned_data["version"],
                actor=request.actor,
                now=clock.now(),
            )
        except REFUSED as error:
            form.add_error(None, sentence(error, TEXTS))
        else:
            messages.success(request, _("La demande de remplacement est envoyée à l’usager."))
            return redirect("desk_case", ref=case.reference)
    return _gate(request, case, gate(case, queries.posted_items(case.id), clock.now()), form)


def _gate(request: SignedRequest, case: Case, found: Gate, replacement: ReplacementForm) -> HttpResponse:
    now = clock.now()
    service.note_opening(case_id=case.id, part="envelope", actor=request.actor, now=now)
    items = queries.posted_items(case.id)
    wrong = found.form.errors or replacement.errors
    context = {
        "case": case,
        "summary": ledger.summary(case),
        "items": items,
        "form": replacement if replacement.errors else found.form,
        "gate": found if case.posted_items == "received" else None,
        "replacement": replacement,
        "carrier": rules.carrier(items.carrier),
        "custody": [(reasons.OBJECTS[line.item], reasons.HOLDERS_AT_DESK[line.holder], line) for line in items.custody],
        "tz": case.post.tz,
    }
    return render(request, "step3/gate.html", context, status=422 if wrong else 200)


@agent_case(*DECIDERS)
@require_POST
def desk_send_back(request: SignedRequest, case: Case) -> HttpResponse:
    """What came for a case that has ended goes back."""
    try:
        service.send_back(case_id=case.id, actor=request.actor, now=clock.now())
    except REFUSED as error:
        messages.error(request, sentence(error, TEXTS))
    else:
        messages.success(request, _("Le renvoi à l’usager est noté."))
    return redirect("desk_mail")


@agent_case(*READERS)
@require_GET
def desk_label_file(request: SignedRequest, case: Case) -> HttpResponse:
    """The label as the applicant gave it, remade."""
    items = queries.posted_items(case.id)
    if items.label_document_id is None:
        raise Http404
    service.note_opening(case_id=case.id, part="label", actor=request.actor, now=clock.now())
    content, media_type = vault.read(case.id, items.label_document_id)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = 'inline; filename="etiquette"'
    return response
