"""The calendar of the desk: the week of a post, and what an agent does to an appointment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from escale import clock
from escale.case.decision import RuleRefused
from escale.ledger.models import Case
from escale.people.models import Post
from escale.steps.step4_interview import (
    queries,
    queries_household,
    queries_room,
    queries_slots,
    queries_week,
    rules_slots,
    service,
    words,
)
from escale.steps.step4_interview.agent_views import interview_case
from escale.steps.step4_interview.forms import TEXTS
from escale.ui.guards import DECIDERS, READERS, agent
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest

SATURDAY = 5


@interview_case
@require_http_methods(["GET", "POST"])
def desk_interview_cancel(request: SignedRequest, case: Case) -> HttpResponse:
    """Cancel an appointment and say why: the applicant reads it and chooses another slot."""
    return _change(request, case, service.cancel, _("Rendez-vous annulé : l’usager en choisira un autre."), {})


@interview_case
@require_http_methods(["GET", "POST"])
def desk_interview_move(request: SignedRequest, case: Case) -> HttpResponse:
    """Move an appointment and say why: the applicant reads it, and may still choose another slot."""
    values: dict[str, Any] = {}
    if request.method == "POST":
        try:
            values["starts_at"] = rules_slots.parse_key(request.POST.get("slot", ""))
        except RuleRefused as refused:
            return _change_page(request, case, sentence(refused, TEXTS), 422)
    return _change(request, case, service.move, _("Rendez-vous déplacé : l’usager en est informé."), values)


def _change(
    request: SignedRequest, case: Case, act: Callable[..., Any], said: str, values: dict[str, Any]
) -> HttpResponse:
    if queries.booking_in_force(case.id) is None:
        messages.error(request, _("Aucun rendez-vous n’est en cours."))
        return redirect("desk_calendar")
    if request.method != "POST":
        return _change_page(request, case)
    actor, now, reason = request.actor, clock.now(), request.POST.get("reason", "")
    try:
        act(case_id=case.id, actor=actor, now=now, reason=reason, **values)
    except REFUSED as refused:
        case.refresh_from_db()
        missing = getattr(refused, "code", "") == "reason_missing"
        return _change_page(request, case, sentence(refused, TEXTS), 422 if missing else 409)
    messages.success(request, said)
    return redirect("desk_calendar")


def _change_page(request: HttpRequest, case: Case, error: str = "", status: int = 200) -> HttpResponse:
    moving = request.resolver_match is not None and request.resolver_match.url_name == "desk_interview_move"
    current, days, near = queries.appointment(case.id), [], []
    if current is None:
        raise Http404
    if moving:
        slots = queries_slots.free_slots(case.post, now=clock.now(), case_id=case.id)
        days = queries_slots.by_day(slots, current.post_tz, current.tz)
        near = queries_slots.by_day(queries_household.near(case, slots), current.post_tz, current.tz)
    context = {
        "case": case,
        "appointment": current,
        "moving": moving,
        "days": days,
        "near": near,
        "reasons": words.REASONS.items(),
        "chosen": request.POST.get("reason", ""),
        "slot": request.POST.get("slot", ""),
        "error": error,
    }
    return render(request, "step4/change.html", context, status=status)


def _working_day(post: Post, today: date) -> date:
    """Today, or at a week-end the Monday to come: a week that is over has nothing left to prepare. A post that receives
    at week-ends stays on today."""
    return today if today.weekday() < SATURDAY or post.opening_hours.keys() & {"5", "6"} else today + timedelta(days=2)


@agent(*READERS, of_a_post=True)
@require_GET
def desk_calendar(request: SignedRequest) -> HttpResponse:
    """The week of a post: who receives whom and when, and what is still free."""
    actor, now, post = request.actor, clock.now(), request.post
    if post is None:
        raise Http404
    today = now.astimezone(ZoneInfo(post.tz)).date()
    typed = request.GET.get("semaine", "")
    try:
        wanted = date.fromisoformat(typed) if typed else _working_day(post, today)
    except ValueError:
        wanted = today
    monday = wanted - timedelta(days=wanted.weekday())
    context = {
        **queries_week.week(post, monday, actor, now),
        "post": post,
        "today": today,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "supervises": actor.role == "supervisor",
        "decides": actor.role in DECIDERS,
        "me": actor.id,
        "here": queries_room.waiting_room(actor, now) if actor.role in DECIDERS else [],
    }
    return render(request, "step4/calendar.html", context)
