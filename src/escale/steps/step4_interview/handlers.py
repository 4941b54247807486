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
from escale.steps.step4_interview import queries, rules, service, service_room, words
from escale.steps.step4_interview.models import Booking
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
    last = ledger.open_deadlines(case.id).get(DeadlineKind.BOOKING_LAPSE)
    return {**_pages(case), "last_moment": last}


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
    told = queries.told(booking)
    return {"starts_at": booking.starts_at, "tz": told.tz, "one_clock": told.one_clock}


def _booked(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    booking = _of_event(case, event)
    extra = {"calendar": calendar(case, booking, method="REQUEST", now=now)} if booking else {}
    return {**_pages(case), **_hours(case, booking), **extra}


def _cancelled(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    booking = _of_event(case, event)
    extra = {"calendar": calendar(case, booking, method="CANCEL", now=now)} if booking else {}
    by = getattr(event, "by", "")
    return {**_to_book(case=case, event=event, now=now), **_hours(case, booking), **extra, "by": by}


def _reminder(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any] | None:
    """None once the interview has begun, or is no longer booked: a reminder that comes late would mislead."""
    kind = getattr(event, "kind", "")
    found = queries.readiness(case.id)
    rehearsed = bool(found.camera and found.microphone and found.network)
    booking = queries.booking_in_force(case.id)
    if booking is None or booking.starts_at <= now:
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
        "reasons": " ".join(queries.reasons(opinion).split()) if opinion else "",
        "missed": rule == rules.MISSED_TWICE,
        "website": case.post.website,
    }


# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {
    EffectKind.OPEN_ROOM: service_room.open_room,
    EffectKind.CLOSE_ROOM: service_room.close_room,
}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {DeadlineKind.INTERVIEW_NO_SHOW: _no_show}
# message code → function(case=, event=, now=) -> context, or None when there is nothing to say any more
MESSAGES: dict[str, Callable[..., dict[str, Any] | None]] = {
    "book_interview": _to_book,
    "booking_reminder": _to_book,
    "booked": _booked,
    "moved": _booked,
    "cancelled": _cancelled,
    "interview_reminder": _reminder,
    "missed": _cancelled,
    "interview_failed": _cancelled,
    "validation_withdrawn": _cancelled,
    "approved": _approved,
    "interview_refused": _refused,
    "interview_in_person": _refused,
}
# functions(now=), called about once a second
POLLS: list[Callable[..., None]] = [service.settle_forgotten, service_room.sweep_rooms]
