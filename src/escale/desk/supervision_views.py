"""Settings, rights, partners, figures, audit."""

from __future__ import annotations

import csv
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from escale import clock
from escale.desk import figures, partner_health, queries, supervision, words
from escale.desk.supervision_forms import PostForm, RightsForm
from escale.ledger import queries as ledger, verify
from escale.people.access import AccessDenied
from escale.people.models import Post, Role
from escale.ui.forms import posted
from escale.ui.guards import agent

SUPERVISION = (Role.SUPERVISOR, Role.AUDITOR)
RIGHTS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
HEALTH = (Role.SUPERVISOR, Role.AUDITOR, Role.SUPPORT, Role.ADMINISTRATOR)


@agent(Role.SUPERVISOR)
def post_settings(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    post = get_object_or_404(Post, pk=actor.post)
    form = PostForm(posted(request), post=post)
    if form.is_bound and form.is_valid():
        supervision.change_post(post.code, form.cleaned_data, actor=actor)
        messages.success(request, _("Les réglages du poste sont enregistrés."))
        return redirect("desk_post")
    return render(request, "desk/post.html", {"form": form, "post": post}, status=422 if form.errors else 200)


@agent(*RIGHTS)
def team(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    people = [(person, supervision.may_change(actor, person)) for person in supervision.team(actor)]
    return render(request, "desk/team.html", {"people": people})


@agent(*RIGHTS)
def rights(request: HttpRequest, agent_id: int) -> HttpResponse:
    """Grant or withdraw a role."""
    actor = request.actor  # type: ignore[attr-defined]
    person = next((each for each in supervision.team(actor) if each.pk == agent_id), None)
    if person is None or not supervision.may_change(actor, person):
        raise Http404
    initial = {"role": person.role, "post": person.post_id or actor.post, "active": person.active}
    form = RightsForm(posted(request), initial=initial, actor=actor)
    if form.is_bound and form.is_valid():
        post = form.cleaned_data["post"]
        try:
            supervision.change_rights(
                person.pk,
                role=form.cleaned_data["role"],
                active=form.cleaned_data["active"],
                post_code=post.pk if post else "",
                actor=actor,
            )
        except AccessDenied:  # somebody else changed this person's rights in between
            form.add_error(None, _("Ce droit dépasse votre poste, ou vient d’être changé par une autre personne."))
        else:
            messages.success(request, _("Les droits sont enregistrés."))
            return redirect("desk_team")
    return render(request, "desk/rights.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@agent(*HEALTH)
def partners(request: HttpRequest) -> HttpResponse:
    """What waits for each partner, what went wrong last, and what to tell people; a POST asks who answers now."""
    now = clock.now()
    reached = partner_health.reached_now() if request.method == "POST" else None
    context = {
        "partners": partner_health.of_partners(now, reached),
        "lines": figures.partners(now),
        "asked_at": now if reached is not None else None,
        "tz": queries.zone_of(request.actor),  # type: ignore[attr-defined]  # set by the guard
    }
    return render(request, "desk/partners.html", context)


@agent(*SUPERVISION)
def statistics(request: HttpRequest) -> HttpResponse:
    """Delays, outcomes and controls of the last year; ``?format=json`` and ``csv`` for the evaluation report."""
    actor = request.actor  # type: ignore[attr-defined]
    post = actor.post if actor.role == Role.SUPERVISOR else None
    found = figures.year(post=post, since=clock.now() - timedelta(days=365))
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
def journal(request: HttpRequest) -> HttpResponse:
    """The latest entries of the post, and their proof on demand."""
    actor = request.actor  # type: ignore[attr-defined]
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
