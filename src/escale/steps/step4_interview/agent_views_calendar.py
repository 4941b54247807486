"""The calendar of the desk: the week of a post, and what an agent does to an appointment."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.ledger.models import Case
from escale.people.models import Post
from escale.steps.step4_interview import queries_slots, service
from escale.steps.step4_interview.agent_views import act, interview_case
from escale.ui.guards import READERS, agent


@interview_case
@require_POST
def desk_interview_cancel(request: HttpRequest, case: Case) -> HttpResponse:
    return act(request, case, service.cancel, _("Rendez-vous annulé : l’usager en choisira un autre."))


@agent(*READERS)
@require_GET
def desk_calendar(request: HttpRequest) -> HttpResponse:
    """The week of a post: who receives whom and when, and what is still free."""
    actor, now = request.actor, clock.now()  # type: ignore[attr-defined]
    post = Post.objects.filter(code=actor.post).first()
    if post is None:
        raise Http404
    today = now.astimezone(ZoneInfo(post.tz)).date()
    typed = request.GET.get("semaine", "")
    try:
        wanted = date.fromisoformat(typed) if typed else today
    except ValueError:
        wanted = today
    monday = wanted - timedelta(days=wanted.weekday())
    bookings, tz = queries_slots.week(post, monday), ZoneInfo(post.tz)
    free = queries_slots.free_slots(post, now=now)
    days = []
    for day in (monday + timedelta(days=place) for place in range(7)):
        held = [one for one in bookings if one.starts_at.astimezone(tz).date() == day]
        left = [slot for slot in free if slot.starts_at.astimezone(tz).date() == day]
        days.append({"day": day, "bookings": held, "free": sum(len(slot.agents) for slot in left)})
    context = {
        "post": post,
        "days": days,
        "today": today,
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "receivers": queries_slots.receivers(post),
    }
    return render(request, "step4/calendar.html", context)
