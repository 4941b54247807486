"""The calendar file of an appointment: any reader shows the same hour, and a move replaces what it had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest

from escale.ui.calendar_file import invitation

# One hour before clocks go back in Toronto: 2027-11-07 at 02:00.
START = datetime(2027, 11, 7, 0, 30, tzinfo=ZoneInfo("America/Toronto"))


def _made(**changes: Any) -> bytes:
    facts: dict[str, Any] = {
        "uid": "interview-1@escale.example",
        "sequence": 0,
        "starts_at": START,
        "ends_at": START + timedelta(minutes=20),
        "summary": "Entretien vidéo, consulat de Toronto",
        "description": "Préparez votre passeport ; « calme », lumière,\nconnexion. " + "é" * 120,
        "url": "https://portail.example/demande/ESC-7K2M-9QX4-R83T/salle",
        "organizer": "ne-pas-repondre@escale.example",
        "attendee": "jeanne@courriel.example",
        "method": "REQUEST",
        "stamp": datetime(2027, 11, 1, 9, 0, tzinfo=UTC),
    }
    return invitation(**{**facts, **changes})


def _event(content: bytes) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    assert calendar.errors == []
    assert event.errors == []
    return calendar, event


def test_an_invitation_reads_back_as_it_was_meant() -> None:
    calendar, event = _event(_made())
    assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
    assert event.decoded("DTSTART") == datetime(2027, 11, 7, 4, 30, tzinfo=UTC)
    assert event.decoded("DTEND") == datetime(2027, 11, 7, 4, 50, tzinfo=UTC)
    assert event["DESCRIPTION"].startswith("Préparez votre passeport ; « calme », lumière,\nconnexion.")
    assert event["URL"] == "https://portail.example/demande/ESC-7K2M-9QX4-R83T/salle"
    assert event["ORGANIZER"] == "mailto:ne-pas-repondre@escale.example"
    assert event["ATTENDEE"] == "mailto:jeanne@courriel.example"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["STATUS"] == "CONFIRMED"
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(minutes=-30)


def test_the_wire_is_utc_in_folded_crlf_lines() -> None:
    content = _made()
    assert b"DTSTART:20271107T043000Z\r\n" in content
    assert b"DTSTAMP:20271101T090000Z\r\n" in content
    assert b"VTIMEZONE" not in content
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\\;" in content
    assert b"\\," in content


def test_a_cancellation_names_the_same_appointment() -> None:
    _, booked = _event(_made())
    calendar, event = _event(_made(method="CANCEL", sequence=2))
    assert calendar["METHOD"] == "CANCEL"
    assert event["UID"] == booked["UID"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 2)
    assert event.walk("VALARM") == []
    assert "RSVP" not in event["ATTENDEE"].params


def test_a_line_break_in_an_address_makes_no_new_line() -> None:
    """Whatever is typed, the file holds one event and the properties we gave it."""
    content = _made(summary="A\r\nATTENDEE:mailto:other@example.org", description="x\nEND:VEVENT\nBEGIN:VEVENT")
    _, event = _event(content)
    assert event["ATTENDEE"] == "mailto:jeanne@courriel.example"


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "REPLY"},
        {"ends_at": START},
        {"starts_at": START.replace(tzinfo=None)},
        {"stamp": datetime(2027, 11, 1)},  # noqa: DTZ001 - the point is that it is refused
        {"attendee": "jeanne@courriel.example\r\nX-EVIL:1"},
        {"url": "https://portail.example/\r\nX-EVIL:1"},
    ],
)
def test_what_cannot_be_an_appointment_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several rules, one promise: nothing is written
        _made(**changes)
