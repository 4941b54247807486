"""Hours as a person reads them: simulators keep them as ISO 8601 text, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def moment(kept: str) -> str:
    """« 2026-03-02T14:05:00+00:00 » as « lundi 2 mars 2026 à 14:05 », in UTC."""
    at = datetime.fromisoformat(kept).astimezone(UTC)
    return f"{date_format(at, 'l j F Y')} à {at:%H:%M}"


@register.filter
def day(kept: str) -> str:
    """« 2026-03-02 », or the day of an hour, as « 2 mars 2026 »."""
    return date_format(date.fromisoformat(kept[:10]), "j F Y")
