"""The applicant's cases: home, messages, history, data."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from escale import clock
from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.portal import answers, delays, export, opinions, service, telling, words
from escale.portal.forms import LanguageForm
from escale.steps.step4_interview import queries as step4
from escale.ui.guards import applicant, own_case
from escale.ui.requests import SignedRequest
from escale.vault import documents
from escale.vault.keys import KeyDestroyed


@applicant
@require_GET
def my_cases(request: SignedRequest) -> HttpResponse:
    """Every request of this person."""
    cases = ledger.of_applicant(request.actor.id)
    if not cases:
        return redirect("register_match")
    context = {"cases": cases, "may_open": not any(case.is_open for case in cases)}
    return render(request, "portal/my_cases.html", context)


@own_case
@require_GET
def case_home(request: HttpRequest, case: Case) -> HttpResponse:
    """What to do now and before when, or who has it; the eight steps; the four objects; whom to write to."""
    try:
        lines = ledger.history(case.id)
    except KeyDestroyed:
        return render(request, "portal/erased.html", {"case": case})
    told = telling.story(case, lines)
    now_view = telling.matters_now(told)
    context = {
        "case": case,
        "told": told,
        "now_view": now_view,
        "usual": delays.usual(case, now_view.at, clock.now()) if now_view and now_view.state == "waiting" else None,
        "decision": step4.ending(case, get_language() or "fr"),
        "objects": telling.objects(case),
        "questions": answers.relevant(case),
        "opinion_asked": opinions.asked(case),
        "done": sum(item.view.state == "done" for item in told),
        "tz": case.post.tz,
    }
    return render(request, "portal/case_home.html", context)


@own_case
@require_http_methods(["GET", "POST"])
def case_messages(request: SignedRequest, case: Case) -> HttpResponse:
    """Everything sent, and in which language."""
    form = LanguageForm(request.POST or None, initial={"language": case.language})
    if request.method == "POST" and form.is_valid():
        service.choose_language(
            case=case,
            language=form.cleaned_data["language"],
            actor=request.actor,
            now=clock.now(),
        )
        messages.success(request, _("Langue des messages enregistrée."))
        return redirect("case_messages", ref=case.reference)
    letters = documents.letters(case.id)
    sent = [
        {
            "at": line.at,
            "letter": letters.get(getattr(line.event, "letter", "")),
            "title": _(words.MESSAGES.get(line.event.kind, line.event.kind)),
            "failed": isinstance(line.event, e.MessageFailed),
        }
        for line in reversed(ledger.history(case.id))
        if isinstance(line.event, e.MessageSent | e.MessageFailed)
    ]
    context = {"case": case, "sent": sent, "form": form, "email": ledger.summary(case)["email"], "tz": case.post.tz}
    return render(request, "portal/messages.html", context)


@own_case
@require_GET
def history(request: HttpRequest, case: Case) -> HttpResponse:
    """Who opened the file and when; everything that happened."""
    lines = ledger.history(case.id)
    happened = [
        {"at": line.at, "what": _(words.EVENTS[line.event.name]), "who": _(words.ACTORS.get(line.actor_kind, ""))}
        for line in reversed(lines)
        if line.event.name in words.EVENTS
    ]
    context = {"case": case, "openings": telling.openings(case, lines), "happened": happened, "tz": case.post.tz}
    return render(request, "portal/history.html", context)


@own_case
@require_GET
def my_data(request: HttpRequest, case: Case) -> HttpResponseBase:
    """What is kept, and all of it to take away: the data alone, or with every document."""
    if request.GET.get("export") == "zip":
        return FileResponse(export.archive(case, now=clock.now()), as_attachment=True, filename=f"{case.reference}.zip")
    found = export.data(case, now=clock.now())
    if "export" in request.GET:
        response = HttpResponse(export.as_text(found), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="{case.reference}.json"'
        return response
    return render(request, "portal/my_data.html", {"case": case, "data": found})
