"""Dated values of the procedure, each with its legal source. Changing one is a new line, not an edit.

``own`` marks a value that no public text gives: it is our decision, and a setting of the ministry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Policy:
    """One value in force from ``since`` on (inclusive)."""

    name: str
    value: int | str | tuple[str, ...]
    unit: str
    source: str
    since: date = date(2025, 12, 1)


DECREE = "décret n° 2025-1138 du 28 novembre 2025, art. 1"
ORDER_2017 = "arrêté du 27 avril 2017 modifié (télé-réception)"
SHEET = "service-public R66936"
OWN = "own"

POLICIES: tuple[Policy, ...] = (
    Policy("adult_age", 18, "years", DECREE),
    Policy("residence_countries", ("AU", "CA", "ES", "PT"), "ISO 3166-1", DECREE),
    Policy("residence_months", 6, "months", SHEET),
    Policy("expired_for_at_most", 5, "years", DECREE),
    Policy("experiment_from", "2025-12-01", "date", DECREE),
    Policy("experiment_until", "2027-11-30", "date", DECREE),
    Policy("acr_required", "eidas2", "eIDAS level", SHEET),
    Policy("stamp_tariff_abroad", 9600, "cents", "CGI art. 953; service-public F21258"),
    Policy("stamp_tariff_france", 8600, "cents", "CGI art. 953; service-public F21258"),
    Policy("stamp_valid_months", 12, "months", "service-public F21258"),
    Policy("stamp_refund_months", 18, "months", "service-public F21258"),
    Policy("address_proof_max_days", 31, "days", "service-public F21091 (moins d’un mois)"),
    Policy("civil_status_proof_max_days", 92, "days", "service-public F21091 (moins de 3 mois)"),
    Policy("photo_max_months", 6, "months", "service-public F10619"),
    Policy("new_passport_years", 10, "years", "décret n° 2005-1726"),
    Policy("clock_starts", "dispatch", "dispatch|delivery", ORDER_2017),
    Policy("duty_days", 40, "days", ORDER_2017),
    Policy("duty_reminder_days", ("7", "20", "30", "37", "39"), "days after the start", OWN),
    Policy("return_alert_days", 30, "days after the acceptance scan", OWN),
    Policy("daily_run_hour", 6, "hour in the post's time zone", OWN),
    Policy("draft_reminder_days", 15, "days", OWN),
    Policy("draft_lapse_days", 30, "days", OWN),
    Policy("correction_reminder_days", 15, "days", OWN),
    Policy("correction_lapse_days", 60, "days", OWN),
    Policy("posting_reminder_days", 30, "days", OWN),
    Policy("posting_lapse_days", 60, "days", OWN),
    Policy("posting_desk_alert_days", 28, "days", OWN),
    Policy("posting_chase_days", 42, "days", "service-public F21091"),
    Policy("booking_reminder_days", 15, "days", OWN),
    Policy("booking_lapse_days", 90, "days", OWN),
    Policy("interview_minutes", 20, "minutes", OWN),
    Policy("interview_buffer_minutes", 10, "minutes", OWN),
    Policy("interview_change_until_hours", 24, "hours before", OWN),
    Policy("slot_hold_hours", 4, "waking hours of the applicant", OWN),
    Policy("urgent_travel_days", 42, "days before the travel", OWN),
    Policy("interview_grace_minutes", 15, "minutes after the start", OWN),
    Policy("interview_misses_allowed", 1, "times", OWN),
    Policy("production_alert_days", 30, "days", OWN),
    Policy("transit_silence_days", 10, "days without scan", OWN),
    Policy("returned_kept_days", 90, "days", "décret n° 2005-1726, art. 10 (trois mois)"),
    Policy("security_number_tries", 5, "wrong entries", OWN),
    Policy("security_number_lock_hours", 24, "hours", OWN),
    Policy("invalidation_alert_hours", 24, "hours", OWN),
    Policy(
        "retention_completed_days", 365, "days after the end", "own; décret n° 2016-1460 (TES) keeps the title itself"
    ),
    Policy("retention_closed_days", 180, "days after the end", OWN),
    Policy("retention_still_days", 90, "days after the interview", OWN),
)


def in_force(name: str, on: date) -> Policy:
    """The line in force that day. Raises KeyError when there is none."""
    lines = [line for line in POLICIES if line.name == name and line.since <= on]
    if not lines:
        lines = [line for line in POLICIES if line.name == name]
    if not lines:
        raise KeyError(name)
    return max(lines, key=lambda line: line.since) if lines[0].since <= on else min(lines, key=lambda line: line.since)


def number(name: str, on: date) -> int:
    """The integer in force that day. Raises KeyError, or TypeError when the value is no integer."""
    value = in_force(name, on).value
    if not isinstance(value, int):
        raise TypeError(name)
    return value


def text(name: str, on: date) -> str:
    """The text in force that day. Raises KeyError, or TypeError when the value is no text."""
    value = in_force(name, on).value
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def words(name: str, on: date) -> tuple[str, ...]:
    """The list in force that day. Raises KeyError, or TypeError when the value is no list."""
    value = in_force(name, on).value
    if not isinstance(value, tuple):
        raise TypeError(name)
    return value
