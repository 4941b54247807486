"""Words and dates of the portal's pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from escale.case.tracks import Outcome
from escale.steps.step2_application import rules
from escale.steps.step4_interview.words_room import PARTS
from escale.ui.templatetags.ui import in_zone

register = template.Library()

_OUTCOMES = {
    Outcome.OPEN: lambda: _("en cours"),
    Outcome.COMPLETED: lambda: _("terminée"),
    Outcome.REFUSED: lambda: _("refusée"),
    Outcome.DIRECTED_IN_PERSON: lambda: _("à poursuivre en personne"),
    Outcome.WITHDRAWN: lambda: _("retirée"),
    Outcome.LAPSED: lambda: _("close, délai passé"),
    Outcome.LOST: lambda: _("passeport perdu"),
    Outcome.INVALIDATED: lambda: _("passeport invalidé"),
}


@register.filter
def outcome_label(code: str) -> str:
    return _OUTCOMES[Outcome(code)]()


@register.filter
def part_label(part: str) -> str:
    """Which part of the file was opened."""
    if part == "file":
        return _("le dossier")
    if part in PARTS:
        return str(PARTS[part])
    label = rules.ITEM_LABELS.get(part)
    return _(label) if label else _("une pièce du dossier")


@register.filter
def last_moment(instant: datetime, zone: Any) -> str:
    """The last moment in time: a deadline that falls at midnight is shown as 23:59 of the day before."""
    tz = zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))
    local = instant.astimezone(tz)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        instant -= timedelta(minutes=1)
    return in_zone(instant, tz)


@register.filter
def hours(opening: dict[str, list[list[str]]]) -> list[tuple[str, str]]:
    """Opening hours of a post, day by day."""
    return [
        (str(WEEKDAYS[int(day)]), ", ".join(f"{start} – {end}" for start, end in spans))
        for day, spans in sorted((opening or {}).items())
        if spans
    ]
