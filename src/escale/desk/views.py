"""Today, the lists, and the file of a case."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy as _l
from django.views.decorators.http import require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.case.journey import STEPS
from escale.case.tracks import STATES, WaitsFor
from escale.desk import alarms, partner_health, queries, queues, saved_views, service, states
from escale.desk.filters import Filters
from escale.desk.forms import NoteForm, SearchForm
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.people.actors import Actor
from escale.steps.step1_sign_in import queries as step1
from escale.steps.step2_application import queries as step2, rules as step2_rules
from escale.steps.step4_interview import queries as step4
from escale.ui.guards import ALL_DESK, DECIDERS, READERS, agent, agent_case, public
from escale.ui.requests import SignedRequest
from escale.vault.keys import KeyDestroyed

PAGE = 50


@public
def root(request: HttpRequest) -> HttpResponse:
    return redirect("desk_home")


@agent(*ALL_DESK)
def home(request: SignedRequest) -> HttpResponse:
    """Today: what waits for a decision, the interviews to come, the deadlines, the alarms."""
    actor, now = request.actor, clock.now()
    if actor.role == "administrator":
        return redirect("desk_team")
    loads = queues.loads(actor, now)
    interviews, alerts = queries.interviews_to_come(actor), alarms.alarms(actor, now)
    deadlines = queries.deadlines_soon(actor, now)
    shown = [one.case for one in interviews] + [alert.case for alert in alerts] + [end.case for end in deadlines]
    context = {
        "gates": [load for load in loads if load.queue.gate],
        "watched": [load for load in loads if not load.queue.gate],
        "interviews": interviews,
        "alerts": alerts,
        "deadlines": deadlines,
        "names": queries.names_of(shown) if actor.role in READERS else {},
        "decides": actor.role in DECIDERS,
        "late": partner_health.today(now),
        "sees_partners": actor.role in partner_health.SEEN_BY,
        "tz": queries.zone_of(request.post),
    }
    return render(request, "desk/home.html", context)


@agent(*READERS)
def cases(request: SignedRequest) -> HttpResponse:
    """The cases of one queue, of a kept view or of a search, urgent ones first.

    What is searched may be a passport's number: it is posted and kept in the sealed session, never in an address.
    """
    actor, now = request.actor, clock.now()
    if request.method == "POST":
        return _search(request, actor)
    typed = request.session.get("desk_search", "") if "recherche" in request.GET else ""
    code = request.GET.get("file", "")
    visible = queues.of_post(actor)
    found = queries.search(visible, typed) if typed else queries.view_of(visible, code, actor, now)
    chosen = Filters.read(request.GET)
    narrowed = chosen.narrowed(visible if found is None else found, actor)
    page = Paginator(chosen.ordered(narrowed, now), PAGE).get_page(request.GET.get("page"))
    queue, at = queues.BY_CODE.get(code), "" if typed else code if found is not None else queries.ALL
    context = {
        "loads": queues.loads(actor, now),
        "views": queries.VIEWS.items(),
        "chosen": at,
        "kept_views": saved_views.of(actor, at, chosen),
        "title": queue.label if queue and not typed else "",
        "form": SearchForm(initial={"q": typed}),
        "typed": typed,
        "page": page,
        "filters": chosen,
        "owners": queries.deciders(actor.post, now),
        "tz": queries.zone_of(request.post),
        "rows": queries.rows(list(page.object_list), now),
    }
    return render(request, "desk/cases.html", context)


def _search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Straight to the case when only one is found."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Saisissez un numéro ou un nom, 80 caractères au plus."))
        return redirect("desk_cases")
    found = list(queries.search(queues.of_post(actor), form.cleaned_data["q"])[:2])
    if len(found) == 1:
        return redirect("desk_case", found[0].reference)
    request.session["desk_search"] = form.cleaned_data["q"]
    return redirect(reverse("desk_cases") + "?recherche=1")


REFUSED_VIEWS = {
    "view_unnamed": _l("Donnez à cette vue un nom de quarante caractères au plus."),
    "view_unknown": _l("Choisissez d’abord une file ou une vue."),
    "views_full": _l("Vous gardez déjà douze vues : retirez-en une."),
}


@require_POST
@agent(*READERS)
def keep_view(request: SignedRequest) -> HttpResponse:
    """Keep the list as it is narrowed, under a name; ``retirer`` drops one."""
    back = reverse("desk_cases")
    if "retirer" in request.POST:
        typed = request.POST["retirer"]
        if not (typed.isdecimal() and saved_views.drop(int(typed), actor=request.actor)):
            raise Http404
        messages.success(request, _("Cette vue n’est plus gardée."))
        return redirect(back)
    try:
        row = saved_views.keep(request.POST, actor=request.actor)
    except RuleRefused as refused:
        messages.error(request, str(REFUSED_VIEWS[refused.code]))
        return redirect(back)
    messages.success(request, _("Vue gardée."))
    kept = next(one for one in saved_views.of(request.actor, "", Filters()) if one.pk == row.pk)
    return redirect(f"{back}?{kept.asked}")


@agent(*DECIDERS)
def next_case(request: SignedRequest) -> HttpResponse:
    """After a decision, the next case of the queue ``file``; its list when none is left."""
    code, after = request.GET.get("file", ""), request.GET.get("apres", "")[:40]
    if code not in queues.BY_CODE:
        return redirect("desk_home")
    found = queues.following(request.actor, code, after=after, now=clock.now())
    if found is not None:
        # An envelope lies on the table: its gate alone, not the whole file.
        return redirect("desk_verify_items" if code == "enveloppes" else "desk_case", found.reference)
    messages.info(request, _("Plus aucun dossier ne vous attend dans cette file."))
    return redirect(reverse("desk_cases") + f"?file={code}")


def _panels(case: Case, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """What each step shows of the case, those that wait for us first; a step that has nothing to say is left out."""
    shown = []
    for step, app in zip(STEPS, settings.STEP_APPS, strict=True):
        context = importlib.import_module(f"{app}.agent_panels").panel(case, actor, now)
        if context is not None:
            state = case.tracks[step.track]
            owner = STATES[step.track][state]
            shown.append(
                {
                    "step": step,
                    "template": f"step{step.number}/desk_panel.html",
                    "context": context,
                    "state": states.label(state, step.track),
                    "ours": owner is WaitsFor.AGENT and case.is_open,
                    "open": owner is not WaitsFor.NOBODY and case.is_open,
                }
            )
    return sorted(shown, key=lambda panel: (not panel["ours"], not panel["open"]))


def _context(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    staff, around = queries.staff(case.post_id), queries.around(case)
    return {
        "case": case,
        "summary": ledger.summary(case),
        "panels": _panels(case, actor, now),
        "history": queries.told(ledger.history_of(case), case, staff),
        "deadlines": queries.ends(case),
        "household": around.household,
        "notes": queries.notes(case),
        "queues": queues.queue_of(case),
        "urgent": queues.is_urgent(case, now.date()),
        "assignment": around.assignment,
        "colleagues": queries.who_decide(staff, now),
        "may_decide": actor.role in DECIDERS,
        "may_print": actor.role in DECIDERS and case.application != "draft",
        "tz": case.post.tz,
    }


@agent_case(*READERS)
def case_file(request: SignedRequest, case: Case) -> HttpResponse:
    """One page that answers who, what, where is each object, what next. Opening it is recorded."""
    actor, now = request.actor, clock.now()
    try:
        case = service.open_file(case.id, part="file", actor=actor, now=now)
    except KeyDestroyed:
        return render(request, "desk/case_erased.html", {"case": case}, status=410)
    return render(request, "desk/case.html", {**_context(case, actor, now), "note_form": NoteForm()})


@agent_case(*READERS)
def household(request: SignedRequest, case: Case) -> HttpResponse:
    """The open cases of one address of the post, side by side, each decided on its own. Each opening is recorded."""
    actor, now = request.actor, clock.now()
    together = queries.side_by_side(case)
    if len(together) < 2:
        raise Http404
    for one in together:
        service.open_file(one.case.id, part="file", actor=actor, now=now)
    context = {"case": case, "together": together, "decides": actor.role in DECIDERS, "tz": case.post.tz}
    return render(request, "desk/household.html", context)


@agent_case(*DECIDERS)
def dossier(request: SignedRequest, case: Case) -> HttpResponse:
    """The whole file on paper, for an appointment in person: nothing is asked of the person again. Recorded."""
    actor, now = request.actor, clock.now()
    application = step2.application(case.id)
    if application is None:
        raise Http404
    service.open_file(case.id, part="file", actor=actor, now=now)
    context = {
        "case": case,
        "summary": ledger.summary(case),
        "application": application,
        "draft": step2.draft(case),
        "motive": step2_rules.MOTIVE.get(application.motive),
        "eyes": dict(step2_rules.EYE_COLOURS).get(application.eye_colour, ""),
        "usage_name": application.usage_name,
        "masked": application.stamp_masked,
        "documents": application.documents,
        "rules": step1.refused_rules(case),
        "ruling": step2.ruling(case.id),
        "ending": step4.ending(case, "fr"),
        "history": queries.told(ledger.history(case.id), case, queries.staff(case.post_id))[:12],
        "printed_at": now,
        "tz": case.post.tz,
    }
    return render(request, "desk/dossier.html", context)


@require_POST
@agent_case(*DECIDERS)
def add_note(request: SignedRequest, case: Case) -> HttpResponse:
    """A note too long or empty is shown again as it was typed."""
    actor, now = request.actor, clock.now()
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/case.html", {**_context(case, actor, now), "note_form": form}, status=422)
    service.add_note(case.id, text=form.cleaned_data["text"], actor=actor, now=now)
    messages.success(request, _("Note ajoutée."))
    return redirect(reverse("desk_case", args=[case.reference]) + "#notes")


@require_POST
@agent_case(*DECIDERS)
def take(request: SignedRequest, case: Case) -> HttpResponse:
    """Take the case; hand it over to ``agent``; give it back to all with ``rendre``."""
    actor, now = request.actor, clock.now()
    chosen = request.POST.get("agent", "")
    try:
        if "rendre" in request.POST:
            service.give_back(case.id, actor=actor, now=now)
            messages.success(request, _("Le dossier est rendu à tous."))
        elif chosen:
            service.hand_over(case.id, to_agent=int(chosen) if chosen.isdecimal() else 0, actor=actor, now=now)
            messages.success(request, _("Le dossier est confié à cette personne."))
        else:
            service.take(case.id, actor=actor, now=now)
            messages.success(request, _("Vous avez pris ce dossier."))
    except AccessDenied:
        messages.error(request, _("Choisissez un agent de ce poste : le dossier n’a pas changé de mains."))
    return redirect("desk_case", case.reference)
