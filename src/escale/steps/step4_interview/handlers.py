"""What the worker asks of step 4: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _, override

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.effects import EffectKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ports.mailer import Calendar
from escale.steps.step2_application import queries as application
from escale.steps.step4_interview import (
    queries,
    rules,
    rules_slots,
    service,
    service_room,
    service_still,
    service_waiting,
    words,
)
from escale.steps.step4_interview.models import Booking, Offer
from escale.ui.calendar_file import invitation
from escale.ui.sites import address


def _no_show(*, case_id: UUID, now: datetime) -> None:
    service.settle_absence(case_id=case_id, now=now)


def _pages(case: Case) -> dict[str, Any]:
    return {
        "booking_url": address("portal", "interview_booking", case.reference),
        "rehearsal_url": address("portal", "rehearsal", case.reference),
        "room_url": address("portal", "room", case.reference),
    }


def _to_book(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    last = ledger.last_moment(case.id, DeadlineKind.BOOKING_LAPSE)
    return {**_pages(case), "last_moment": last, "paid": application.spare_or_held(case.id)}


def calendar(case: Case, booking: Booking, *, method: str, now: datetime) -> Calendar:
    """The appointment for the applicant's own calendar. A cancellation counts as one change more."""
    with override(case.language):
        content = invitation(
            uid=booking.uid,
            sequence=booking.sequence + (method == "CANCEL"),
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            summary=_("Entretien en visioconférence — demande %(reference)s") % {"reference": case.reference},
            description=_("Préparez votre passeport actuel. Entrez dans la salle cinq minutes avant l’heure."),
            url=address("portal", "room", case.reference),
            organizer=case.post.email,
            attendee=ledger.summary(case)["email"],
            method=method,
            stamp=now,
        )
    return Calendar(method, content)


def _of_event(case: Case, event: e.Event) -> Booking | None:
    """The booking an event speaks of: the one it names, else the latest."""
    slot = getattr(event, "slot", "")
    named = Booking.objects.filter(case_id=case.id, pk=int(slot)).first() if slot.isdigit() else None
    return named or queries.last_booking(case.id)


def _hours(case: Case, booking: Booking | None) -> dict[str, Any]:
    if booking is None:
        return {}
    return queries.clocks_of(case, booking.starts_at)


def _speaks_for(event: e.Event) -> str:
    """Whose change a message speaks of: what the applicant asked the post to do is theirs."""
    return "applicant" if getattr(event, "reason", "") == "applicant_asked" else getattr(event, "by", "")


def _booked(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    booking = _of_event(case, event)
    extra = {"calendar": calendar(case, booking, method="REQUEST", now=now)} if booking else {}
    return {**_pages(case), **_hours(case, booking), **extra}


def _moved(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    why = words.reason(getattr(event, "reason", ""), case.language)
    return {**_booked(case=case, event=event, now=now), "by": _speaks_for(event), "why": why}


def _cancelled(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    booking = _of_event(case, event)
    extra = {"calendar": calendar(case, booking, method="CANCEL", now=now)} if booking else {}
    by = _speaks_for(event)
    why = words.reason(getattr(event, "reason", ""), case.language)
    return {**_to_book(case=case, event=event, now=now), **_hours(case, booking), **extra, "by": by, "why": why}


def _offered(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any] | None:
    """None once the offer is over: a message that comes late would promise what is gone."""
    number = getattr(event, "offer", "")
    offer = Offer.objects.filter(case_id=case.id, pk=int(number), ended_at=None).first() if number.isdigit() else None
    if offer is None or offer.until <= now:
        return None
    current = queries.appointment(case.id)
    return {
        **_pages(case),
        **queries.clocks_of(case, offer.starts_at),
        "until": offer.until,
        "booked_at": current.starts_at if current else None,
    }


def _reminder(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any] | None:
    """None once the interview has begun, is no longer booked, or has a newer reminder: a late one would mislead."""
    kind = getattr(event, "kind", "")
    found = queries.readiness(case.id)
    rehearsed = bool(found.camera and found.microphone and found.network)
    booking = queries.booking_in_force(case.id)
    if booking is None or booking.starts_at <= now or rules_slots.outdated(kind, booking.starts_at, now):
        return None
    soon = kind == DeadlineKind.INTERVIEW_H1
    return {**_pages(case), **_hours(case, booking), "soon": soon, "rehearsed": rehearsed}


def _approved(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return {"receipt_url": address("portal", "receipt_of_request", case.reference)}


def _refused(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    rule = getattr(event, "rule", "")
    opinion = queries.final_opinion(case.id)
    return {
        "ground": words.ground(rule, case.language),
        "article": rules.GROUNDS.get(rule, ""),
        "reasons": " ".join(queries.reasons(opinion).read(case.language).split()) if opinion else "",
        "missed": rule == rules.MISSED_TWICE,
        "website": case.post.website,
        "paid": application.spare_or_held(case.id),
    }


# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {
    EffectKind.OPEN_ROOM: service_room.open_room,
    EffectKind.CLOSE_ROOM: service_room.close_room,
}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {
    DeadlineKind.INTERVIEW_D2: service.remind,
    DeadlineKind.INTERVIEW_D1: service.remind,
    DeadlineKind.INTERVIEW_H1: service.remind,
    DeadlineKind.INTERVIEW_NO_SHOW: _no_show,
}
# message code → function(case=, event=, now=) -> context, or None when there is nothing to say any more
MESSAGES: dict[str, Callable[..., dict[str, Any] | None]] = {
    "book_interview": _to_book,
    "booking_reminder": _to_book,
    "booked": _booked,
    "moved": _moved,
    "cancelled": _cancelled,
    "slot_offered": _offered,
    "interview_reminder": _reminder,
    "missed": _cancelled,
    "interview_failed": _cancelled,
    "validation_withdrawn": _cancelled,
    "approved": _approved,
    "interview_refused": _refused,
    "interview_in_person": _refused,
}
# functions(now=), called about once a second
POLLS: list[Callable[..., None]] = [
    service.settle_forgotten,
    service_waiting.settle,
    service_room.sweep_rooms,
    service_still.sweep_stills,
]
