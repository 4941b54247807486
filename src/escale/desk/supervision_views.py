"""Settings, rights, partners, figures, audit."""

from __future__ import annotations

import csv
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from escale import clock
from escale.desk import figures, partner_health, queries, supervision, words, words_post
from escale.desk.forms import LookAtForm
from escale.desk.supervision_forms import PostForm, RightsForm
from escale.ledger import outbox, queries as ledger, verify
from escale.ledger.statistics import WINDOW
from escale.people.access import AccessDenied
from escale.people.models import Post, Role
from escale.ui.forms import posted
from escale.ui.guards import LOOKED_AT, agent
from escale.ui.requests import SignedRequest

SUPERVISION = (Role.SUPERVISOR, Role.AUDITOR)
RIGHTS = (Role.SUPERVISOR, Role.ADMINISTRATOR)


@agent(Role.SUPERVISOR)
def post_settings(request: SignedRequest) -> HttpResponse:
    actor = request.actor
    post = get_object_or_404(Post, pk=actor.post)
    form = PostForm(posted(request), post=post)
    if form.is_bound and form.is_valid():
        supervision.change_post(post.code, form.cleaned_data, actor=actor, now=clock.now())
        messages.success(request, _("Les réglages du poste sont enregistrés."))
        return redirect("desk_post")
    context = {"form": form, "post": post, "changes": words_post.told(supervision.post_history(post)), "tz": post.tz}
    return render(request, "desk/post.html", context, status=422 if form.errors else 200)


@agent(*RIGHTS)
def team(request: SignedRequest) -> HttpResponse:
    actor = request.actor
    people = supervision.members(actor, clock.now())
    return render(request, "desk/team.html", {"people": people, "tz": queries.zone_of(request.post)})


@agent(*RIGHTS)
def rights(request: SignedRequest, agent_id: int) -> HttpResponse:
    """Give a role, with a last day if need be, or end it at once (``fin``)."""
    actor, now = request.actor, clock.now()
    person = next((each for each in supervision.team(actor) if each.pk == agent_id), None)
    if person is None or not supervision.may_change(actor, person):
        raise Http404
    tz = queries.zone_of(request.post)
    initial = {
        "role": person.role,
        "post": person.post_id or actor.post,
        "active": person.active,
        "until": person.role_until,
    }
    ending = "fin" in request.POST
    form = RightsForm(
        None if ending else posted(request), initial=initial, actor=actor, today=now.astimezone(ZoneInfo(tz)).date()
    )
    if ending or (form.is_bound and form.is_valid()):
        given: dict[str, Any] = {**initial, "role": "", "until": None} if ending else form.cleaned_data
        try:
            supervision.change_rights(
                person.pk,
                role=given["role"],
                active=given["active"],
                post_code=getattr(given["post"], "pk", given["post"]) or "",
                until=given["until"],
                actor=actor,
                now=now,
            )
        except AccessDenied:  # somebody else changed this person's rights in between
            form.add_error(None, _("Ce droit dépasse votre poste, ou vient d’être changé par une autre personne."))
        else:
            messages.success(request, _("Le droit a pris fin.") if ending else _("Les droits sont enregistrés."))
            return redirect("desk_team")
    context = {"form": form, "person": person, "changes": supervision.rights_history(person), "tz": tz}
    return render(request, "desk/rights.html", context, status=422 if form.errors else 200)


# Pages of one post that an auditor reads, the first of them by default.
OF_A_POST = ("desk_calendar", "desk_dispatch", "desk_forty_days")


@agent(Role.AUDITOR)
def look_at(request: SignedRequest) -> HttpResponse:
    """Whose agenda, bench and forty days to see; kept with the session. Nothing can be changed there."""
    form = LookAtForm(posted(request), initial={"post": request.post})
    pages = [reverse(name) for name in OF_A_POST]
    if form.is_bound and form.is_valid():
        request.session[LOOKED_AT] = form.cleaned_data["post"].pk
        asked = request.GET.get("suite", "")
        return redirect(asked if asked in pages else pages[0])
    return render(request, "desk/look_at.html", {"form": form}, status=422 if form.errors else 200)


@agent(*partner_health.SEEN_BY)
def partners(request: SignedRequest) -> HttpResponse:
    """What waits for each partner, what went wrong last, and what to tell people; a POST asks who answers now."""
    now = clock.now()
    standings = outbox.by_kind(now)
    reached = partner_health.reached_now() if request.method == "POST" else None
    context = {
        "partners": partner_health.of_partners(now, standings, reached),
        "worker": partner_health.of_the_worker(now),
        "lines": figures.partners(standings),
        "asked_at": now if reached is not None else None,
        "tz": queries.zone_of(request.post),
    }
    return render(request, "desk/partners.html", context)


@agent(*SUPERVISION)
def statistics(request: SignedRequest) -> HttpResponse:
    """Delays, outcomes and controls of the last year; ``?format=json`` and ``csv`` for the evaluation report."""
    actor = request.actor
    post = actor.post if actor.role == Role.SUPERVISOR else None
    found = figures.year(post=post, since=clock.now() - WINDOW)
    if request.GET.get("format") == "json":
        return JsonResponse(found.as_json())
    if request.GET.get("format") == "csv":
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="escale-{(post or "all").lower()}.csv"'
        table = csv.writer(response)
        table.writerow(["section", "code", "count", "median", "p90"])
        table.writerows(found.as_rows())
        return response
    return render(request, "desk/statistics.html", {"figures": found})


@agent(*SUPERVISION)
def journal(request: SignedRequest) -> HttpResponse:
    """The latest entries of the post, and their proof on demand."""
    actor = request.actor
    context: dict[str, object] = {"entries": figures.latest_entries(actor), "result": None, "typed": ""}
    if request.method == "POST":
        context["typed"] = request.POST.get("reference", "")[:40]
        case = ledger.by_reference(str(context["typed"]))
        if case is None or (actor.role == Role.SUPERVISOR and case.post_id != actor.post):
            messages.error(request, _("Aucun dossier de votre poste ne porte ce numéro."))
        else:
            problem = verify.verify_case(case)
            context["result"] = {"case": case, "problem": words.problem(problem) if problem else ""}
    return render(request, "desk/journal.html", context)
