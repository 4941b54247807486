"""The applicant's appointment: choose a slot, move it, give it back, the clock they read, the calendar file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case.deadlines import DeadlineKind
from escale.case.decision import RuleRefused
from escale.case.policy import number
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step4_interview import (
    clocks,
    handlers,
    queries,
    queries_slots,
    queries_waiting,
    rules_slots,
    rules_waiting,
    service,
    service_waiting,
    words,
)
from escale.steps.step4_interview.forms import TEXTS
from escale.ui.guards import own_case
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest


def _place(request: HttpRequest) -> int:
    typed = request.GET.get("suite", "0")
    return min(int(typed), 10) if typed.isascii() and typed.isdigit() else 0


@own_case
@require_http_methods(["GET", "POST"])
def interview_booking(request: SignedRequest, case: Case) -> HttpResponse:
    """Days as columns, both clocks on each slot. A slot leads to its confirmation, which sends the choice here."""
    if case.interview == "locked":
        raise Http404
    now, error, status = clock.now(), "", 200
    if request.method == "POST":
        try:
            said = _take(request, case, now)
        except REFUSED as refused:
            error, status = sentence(refused, TEXTS), 409
        else:
            messages.success(request, said)
            return redirect("interview_booking", ref=case.reference)
    return render(request, "step4/booking.html", _booking_page(request, case, now, error), status=status)


def _take(request: SignedRequest, case: Case, now: datetime) -> str:
    """Book the slot that was confirmed, or move to it, and what to say. The form tells which appointment it was to
    replace: sent again, or from a tab that another one outran, it changes nothing."""
    starts_at = rules_slots.parse_key(request.POST.get("slot", ""))
    held = queries.appointment(case.id)
    if _starts(held) == starts_at:
        return sentence(RuleRefused("same_slot"), TEXTS)
    if request.POST.get("instead", "") != _key(held):
        raise RuleRefused("appointment_changed")
    if held:  # looked at once more under lock: another tab may be moving it at this very moment
        service.move(case_id=case.id, starts_at=starts_at, seen=held.starts_at, actor=request.actor, now=now)
    else:
        service.book(case_id=case.id, starts_at=starts_at, actor=request.actor, now=now)
    return _("C’est noté. Le rendez-vous et son fichier calendrier partent par courriel.")


@own_case
@require_GET
def interview_confirm(request: HttpRequest, case: Case) -> HttpResponse:
    """One slot before it is taken: when on both clocks, what to have ready, what it replaces."""
    now, held = clock.now(), queries.appointment(case.id)
    try:
        starts_at = rules_slots.parse_key(request.GET.get("slot", ""))
        slot = _confirmable(case, held, starts_at, now)
    except RuleRefused as refused:
        messages.error(request, sentence(refused, TEXTS))
        return redirect("interview_booking", ref=case.reference)
    if slot is None:
        messages.info(request, sentence(RuleRefused("same_slot"), TEXTS))
        return redirect("interview_booking", ref=case.reference)
    told = {
        "case": case,
        "slot": slot,
        "held": held,
        "instead": _key(held),
        "hours": number("interview_change_until_hours", now.date()),
        "minutes": number("interview_minutes", slot.starts_at.date()),
        "readiness": queries.readiness(case.id),
        "city": clocks.city(queries.applicant_zone(case).key),
    }
    return render(request, "step4/confirm.html", told | queries.clocks_of(case, slot.starts_at))


def _confirmable(
    case: Case, held: queries.Appointment | None, starts_at: datetime, now: datetime
) -> rules_slots.Slot | None:
    """The slot, if it may still be taken; None when it is theirs already. Raises RuleRefused."""
    if _starts(held) == starts_at:
        return None
    if held:
        rules_slots.may_change(held.starts_at, now, by_applicant=True)
    elif case.interview != "bookable":
        raise RuleRefused("nothing_to_book")
    slot = queries_slots.takeable(case, starts_at, now=now)
    if slot is None:
        raise RuleRefused("slot_taken")
    return slot


def _booking_page(request: HttpRequest, case: Case, now: datetime, error: str) -> dict[str, Any]:
    zone, current, place = queries.applicant_zone(case), queries.appointment(case.id), _place(request)
    readiness = queries.readiness(case.id)
    open_to_change = case.interview in {"bookable", "booked"}
    slots = queries_slots.free_slots(case.post, now=now, case_id=case.id) if open_to_change else []
    days = queries_slots.by_day(slots, zone, ZoneInfo(case.post.tz))
    first = place * rules_slots.DAYS_SHOWN
    offer = queries_waiting.open_offer(case.id)
    listed = queries_waiting.waiting(case.id) is not None
    hours = number("interview_change_until_hours", now.date())
    country = ledger.summary(case)["address"]["country"]
    return {
        "case": case,
        "error": error,
        "errors": bool(error),
        "appointment": current,
        "days": days[first : first + rules_slots.DAYS_SHOWN],
        "earlier": place - 1 if place else None,
        "later": place + 1 if len(days) > first + rules_slots.DAYS_SHOWN else None,
        "none_free": not slots,
        "offer": offer,
        "offer_key": rules_slots.key(offer.starts_at) if offer else "",
        "listed": listed,
        "rank": queries_waiting.rank(case, now.date()) if listed else 0,
        "may_wait": open_to_change and not listed and rules_waiting.may_join(_starts(current), bool(slots), now),
        "hold_hours": number("slot_hold_hours", now.date()),
        "zone": zone.key,
        "zones": [(name, clocks.city(name)) for name in clocks.zones(country)],
        "language": readiness.language or case.language,
        "languages": words.LANGUAGES.items(),
        "unspoken": any(not slot.spoken for slot in slots),
        "post_zone": case.post.tz,
        "city": clocks.city(zone.key),
        "post_city": case.post.city,
        "changeable": current is not None and now <= current.starts_at - timedelta(hours=hours),
        "hours": hours,
        "readiness": readiness,
        "last_moment": ledger.last_moment(case.id, DeadlineKind.BOOKING_LAPSE),
    }


def _starts(appointment: queries.Appointment | None) -> datetime | None:
    return appointment.starts_at if appointment else None


def _key(appointment: queries.Appointment | None) -> str:
    return rules_slots.key(appointment.starts_at) if appointment else ""


@own_case
@require_POST
def interview_waiting(request: SignedRequest, case: Case) -> HttpResponse:
    """Join the waiting list, leave it, or let an offered slot go."""
    wishes = {
        "join": (service_waiting.join, _("Vous êtes sur la liste d’attente. Nous vous écrirons.")),
        "leave": (service_waiting.leave, _("Vous n’êtes plus sur la liste d’attente.")),
        "decline": (
            service_waiting.decline,
            _("Ce créneau passe à la personne suivante. Vous restez sur la liste."),
        ),
    }
    wish = wishes.get(request.POST.get("wish", ""))
    if wish is None:
        raise Http404
    act, said = wish
    try:
        act(case_id=case.id, actor=request.actor, now=clock.now())
    except REFUSED as refused:
        messages.error(request, sentence(refused, TEXTS))
    else:
        messages.success(request, said)
    return redirect("interview_booking", ref=case.reference)


@own_case
@require_POST
def interview_clock(request: SignedRequest, case: Case) -> HttpResponse:
    """Which clock the applicant reads."""
    return _chosen(request, case, partial(service.choose_clock, zone=request.POST.get("zone", "")))


@own_case
@require_POST
def interview_language(request: SignedRequest, case: Case) -> HttpResponse:
    """Which language the applicant speaks in the interview."""
    return _chosen(request, case, partial(service.choose_language, language=request.POST.get("language", "")))


def _chosen(request: SignedRequest, case: Case, choose: Callable[..., None]) -> HttpResponse:
    try:
        choose(case_id=case.id, actor=request.actor)
    except RuleRefused as refused:
        messages.error(request, sentence(refused, TEXTS))
    return redirect("interview_booking", ref=case.reference)


@own_case
@require_http_methods(["GET", "POST"])
def interview_cancel(request: SignedRequest, case: Case) -> HttpResponse:
    """Give the slot back, after one confirmation."""
    current = queries.appointment(case.id)
    if current is None:
        messages.info(request, sentence(RuleRefused("nothing_booked"), TEXTS))
        return redirect("interview_booking", ref=case.reference)
    if request.method == "POST":
        try:
            seen = rules_slots.parse_key(request.POST.get("slot", ""))
            service.cancel(case_id=case.id, seen=seen, actor=request.actor, now=clock.now())
        except REFUSED as refused:
            messages.error(request, sentence(refused, TEXTS))
        else:
            messages.success(request, _("Votre rendez-vous est annulé. Vous pouvez en choisir un autre."))
        return redirect("interview_booking", ref=case.reference)
    return render(request, "step4/cancel.html", {"case": case, "appointment": current, "slot": _key(current)})


@own_case
@require_GET
def interview_calendar(request: HttpRequest, case: Case) -> HttpResponse:
    """The appointment as a calendar file."""
    booking = queries.booking_in_force(case.id)
    if booking is None:
        raise Http404
    content = handlers.calendar(case, booking, method="REQUEST", now=clock.now()).content
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="entretien.ics"'
    return response
