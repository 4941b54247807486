"""Who receives when: weekly hours of an agent, days off, holidays of the post."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.people.access import AccessDenied
from escale.people.models import Agent, Post
from escale.steps.step4_interview import queries_hours, queries_week, rules_holidays, service_hours
from escale.steps.step4_interview.forms import TEXTS
from escale.steps.step4_interview.forms_calendar import DayOffForm, HoursForm, LanguagesForm
from escale.steps.step4_interview.models import Booking
from escale.ui.guards import DECIDERS, SUPERVISORS, agent
from escale.ui.refusals import sentence
from escale.ui.requests import SignedRequest

AHEAD = timedelta(days=400)


def _today(post: Post, now: datetime) -> date:
    return now.astimezone(ZoneInfo(post.tz)).date()


def _say_outside(request: HttpRequest, found: list[Booking]) -> None:
    """Nothing is dropped: the interviews left outside are counted here and listed on the page."""
    if found:
        said = ngettext(
            "C’est enregistré. %(n)s entretien tombe hors des horaires : il tient, déplacez-le ou annulez-le.",
            "C’est enregistré. %(n)s entretiens tombent hors des horaires : ils tiennent, déplacez-les ou annulez-les.",
            len(found),
        )
        messages.warning(request, said % {"n": len(found)})
    else:
        messages.success(request, _("C’est enregistré."))


@agent(*DECIDERS)
@require_http_methods(["GET", "POST"])
def desk_hours(request: SignedRequest, agent_id: int) -> HttpResponse:
    """The weekly hours of an agent and their days off: theirs to read and to be away, the supervisor's to set."""
    actor, now = request.actor, clock.now()
    person = Agent.objects.select_related("post").filter(pk=agent_id).first()
    if person is None or person.post is None or not queries_hours.may_see(actor, person):
        raise Http404
    today = _today(person.post, now)
    may_set = queries_hours.may_set(actor, person)
    hours = queries_hours.of_agent(person.pk)
    wish = request.POST.get("wish", "") if request.method == "POST" else ""
    hours_form = HoursForm(request.POST if wish == "hours" else None, hours=hours)
    day_form = DayOffForm(request.POST if wish == "day" else None, today=today)
    spoken = LanguagesForm(request.POST if wish == "languages" else None, initial={"languages": person.languages})
    if wish == "hours" and not may_set:
        raise Http404
    if wish == "languages" and spoken.is_valid():
        service_hours.set_languages(person, spoken.cleaned_data["languages"], actor=actor)
        messages.success(request, _("C’est enregistré."))
        return redirect("desk_hours", agent_id=person.pk)
    if wish == "hours" and hours_form.is_valid():
        found = service_hours.set_hours(person, hours_form.cleaned_data["hours"], actor=actor, now=now)
        _say_outside(request, found)
        return redirect("desk_hours", agent_id=person.pk)
    if wish == "day" and day_form.is_valid():
        day = (day_form.cleaned_data["day"], day_form.cleaned_data["reason"])
        _say_outside(request, service_hours.add_days_off(person.post, person, [day], actor=actor))
        return redirect("desk_hours", agent_id=person.pk)
    context: dict[str, Any] = {
        "person": person,
        "post": person.post,
        "may_set": may_set,
        "own_hours": bool(hours),
        "hours_form": hours_form,
        "day_form": day_form,
        "languages_form": spoken,
        "days_off": queries_hours.days_off(person.post, person, today),
        "outside": queries_week.named(queries_hours.outside(person.post, now, person), request.actor),
    }
    wrong = hours_form.errors or day_form.errors or spoken.errors
    return render(request, "step4/hours.html", context, status=422 if wrong else 200)


@agent(*SUPERVISORS)
@require_http_methods(["GET", "POST"])
def desk_days(request: SignedRequest) -> HttpResponse:
    """Days when the whole post holds no interview: those of its country, unless it works, and those it chooses.

    Holidays of France, and those on which the post works, are proposed.
    """
    actor, now, post = request.actor, clock.now(), request.post
    if post is None:
        raise Http404
    today = _today(post, now)
    set_so = queries_hours.days_off(post, None, today)
    taken = {row.day for row in set_so}
    ahead = rules_holidays.proposed(post.country, post.region, today, today + AHEAD, get_language() or "fr")
    resting = queries_hours.closed(post, [one.day for one in ahead])
    kept = [one for one in ahead if one.day in resting - taken]
    proposed = [one for one in ahead if one.day not in resting]
    wish = request.POST.get("wish", "") if request.method == "POST" else ""
    form = DayOffForm(request.POST if wish == "day" else None, today=today)
    chosen: list[tuple[date, str]] | None = None
    if wish == "day" and form.is_valid():
        chosen = [(form.cleaned_data["day"], form.cleaned_data["reason"])]
    elif wish == "proposed":
        ticked = set(request.POST.getlist("proposed"))
        chosen = [(one.day, one.name) for one in proposed if one.day.isoformat() in ticked]
    elif wish == "work":
        return _receive_on_holiday(request, post, kept, today)
    if chosen:
        _say_outside(request, service_hours.add_days_off(post, None, chosen, actor=actor))
    elif wish == "proposed":
        messages.error(request, _("Cochez au moins un jour."))
    if chosen is not None:
        return redirect("desk_days")
    context = {
        "post": post,
        "closed": set_so,
        "kept": kept,
        "proposed": proposed,
        "form": form,
        "outside": queries_week.named(queries_hours.outside(post, now), request.actor),
    }
    return render(request, "step4/days.html", context, status=422 if form.errors else 200)


def _receive_on_holiday(
    request: SignedRequest, post: Post, kept: list[rules_holidays.Proposal], today: date
) -> HttpResponse:
    asked = request.POST.get("day", "")
    for one in kept:
        if one.day.isoformat() == asked:
            service_hours.work_on(post, one.day, actor=request.actor, today=today)
            messages.success(request, _("Ce jour est ouvert aux entretiens."))
    return redirect("desk_days")


@agent(*DECIDERS)
@require_POST
def desk_day_open(request: SignedRequest, day_off_id: int) -> HttpResponse:
    """Open a day again."""
    actor, now = request.actor, clock.now()
    try:
        row = service_hours.remove_day_off(day_off_id, actor=actor, today=now.date() - timedelta(days=1))
    except AccessDenied:
        raise Http404 from None
    except RuleRefused as refused:
        messages.error(request, sentence(refused, TEXTS))
        return redirect("desk_calendar")
    messages.success(request, _("Ce jour est de nouveau ouvert aux entretiens."))
    return redirect("desk_hours", agent_id=row.agent_id) if row.agent_id else redirect("desk_days")
