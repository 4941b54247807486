"""Today, the lists, and the file of a case."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escale import clock
from escale.case.journey import STEPS
from escale.case.tracks import STATES
from escale.desk import queries, queues, service
from escale.desk.forms import NoteForm, SearchForm
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.ui.guards import ALL_DESK, DECIDERS, READERS, agent, agent_case, public

PAGE = 50


@public
def root(request: HttpRequest) -> HttpResponse:
    return redirect("desk_home")


@agent(*ALL_DESK)
def home(request: HttpRequest) -> HttpResponse:
    """Today: what waits for a decision, the interviews to come, the deadlines, the alarms."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    if actor.role == "administrator":
        return redirect("desk_team")
    counted = queues.counts(actor)
    context = {
        "gates": [(queue, count) for queue, count in counted if queue.gate],
        "watched": [(queue, count) for queue, count in counted if not queue.gate],
        "interviews": queries.interviews_to_come(actor, now),
        "alerts": queries.alerts(actor),
        "deadlines": queries.deadlines_soon(actor, now),
        "tz": queries.zone_of(actor),
    }
    return render(request, "desk/home.html", context)


@agent(*READERS)
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of one queue or of a search, urgent ones first."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    queue = queues.BY_CODE.get(request.GET.get("file", ""))
    form = SearchForm(request.GET if "q" in request.GET else None)
    found = queues.of_post(actor)
    if form.is_valid():
        found = queries.search(found, form.cleaned_data["q"])
    elif queue is not None:
        found = found.filter(queue.condition)
    page = Paginator(queues.ordered(found, now.date()), PAGE).get_page(request.GET.get("page"))
    if form.is_valid() and page.paginator.count == 1:
        return redirect("desk_case", page.object_list[0].reference)
    context = {
        "queues": queues.counts(actor),
        "queue": queue,
        "form": form,
        "page": page,
        "rows": queries.rows(list(page.object_list), now),
    }
    return render(request, "desk/cases.html", context)


def _panels(case: Case, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """What each step shows of the case; a step that has nothing to say is left out."""
    shown = []
    for step, app in zip(STEPS, settings.STEP_APPS, strict=True):
        context = importlib.import_module(f"{app}.agent_panels").panel(case, actor, now)
        if context is not None:
            state = case.tracks[step.track]
            shown.append(
                {
                    "step": step,
                    "template": f"step{step.number}/desk_panel.html",
                    "context": context,
                    "state": state,
                    "ours": STATES[step.track][state].value == "agent",
                }
            )
    return shown


@agent_case(*READERS)
def case_file(request: HttpRequest, case: Case) -> HttpResponse:
    """One page that answers who, what, where is each object, what next. Opening it is recorded."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    service.open_file(case.id, part="file", actor=actor, now=now)
    case.refresh_from_db()
    lines = ledger.history(case.id)
    panels = _panels(case, actor, now)
    context = {
        "case": case,
        "summary": ledger.summary(case),
        "panels": sorted(panels, key=lambda panel: not panel["ours"]),
        "history": queries.told(lines, case),
        "deadlines": ledger.open_deadlines(case.id),
        "household": queries.household(case),
        "notes": queries.notes(case),
        "note_form": NoteForm(),
        "queues": queues.queue_of(case),
        "assignment": queries.assignment(case),
        "may_decide": actor.role in DECIDERS,
        "tz": case.post.tz,
    }
    return render(request, "desk/case.html", context)


@require_POST
@agent_case(*DECIDERS)
def add_note(request: HttpRequest, case: Case) -> HttpResponse:
    form = NoteForm(request.POST)
    if form.is_valid():
        service.add_note(case.id, text=form.cleaned_data["text"], actor=request.actor, now=clock.now())  # type: ignore[attr-defined]
        messages.success(request, _("Note ajoutée."))
    else:
        messages.error(request, _("La note est vide."))
    return redirect(reverse("desk_case", args=[case.reference]) + "#notes")


@require_POST
@agent_case(*DECIDERS)
def take(request: HttpRequest, case: Case) -> HttpResponse:
    """Take the case, or give it back with ``rendre``."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    if "rendre" in request.POST:
        service.hand_over(case.id, to_agent=None, actor=actor, now=now)
    else:
        service.take(case.id, actor=actor, now=now)
    return redirect("desk_case", case.reference)
