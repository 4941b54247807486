"""The calendar file of an appointment (RFC 5545, RFC 5546), attached to the mails that book, move or cancel it.

Hours are written in UTC, so that no reader has to understand our time zones; the mail's text gives both clocks.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration, vText, vUri

METHODS = ("REQUEST", "CANCEL")
_PRODUCT = "-//Escale//Renouvellement de passeport//FR"
_REMINDER = timedelta(minutes=-30)


def invitation(
    uid: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    summary: str,
    description: str,
    url: str,
    organizer: str,
    attendee: str,
    method: str,
    stamp: datetime,
) -> bytes:
    """One appointment, in CRLF lines folded at 75 octets.

    ``uid`` stays the same for the life of an appointment, and ``sequence`` grows by one each time it is moved or
    cancelled. ``method``: REQUEST (also for a move) or CANCEL. ``organizer`` and ``attendee`` are e-mail addresses.
    ``url`` leads to our own page, never straight into a room. ``stamp`` is when the file is made. All hours are aware.
    Raises ValueError.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}")
    if any(instant.tzinfo is None for instant in (starts_at, ends_at, stamp)):
        raise ValueError("hours must be aware")
    if ends_at <= starts_at:
        raise ValueError("an appointment ends after it starts")
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", starts_at.astimezone(UTC))
    event.add("dtend", ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    event["url"] = vUri(url)
    event["organizer"] = vCalAddress(f"mailto:{organizer}")
    event.add("attendee", _guest(attendee, method), encode=False)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("class", "PRIVATE")
    if method == "REQUEST":
        event.add_component(_reminder(summary))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _guest(address: str, method: str) -> vCalAddress:
    guest = vCalAddress(f"mailto:{address}")
    guest.params["ROLE"] = vText("REQ-PARTICIPANT")
    if method == "REQUEST":
        guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
        guest.params["RSVP"] = vText("TRUE")
    return guest


def _reminder(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm["trigger"] = vDuration(_REMINDER)
    return alarm
