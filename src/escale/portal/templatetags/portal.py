"""Words and dates of the portal's pages."""

from __future__ import annotations

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from escale.case.tracks import Outcome
from escale.steps.step2_application import rules
from escale.steps.step4_interview.words_room import PARTS

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
def hours(opening: dict[str, list[list[str]]]) -> list[tuple[str, str]]:
    """Opening hours of a post; days that follow one another with the same hours share a line."""
    told = [(int(day), ", ".join(f"{start} – {end}" for start, end in spans)) for day, spans in (opening or {}).items()]
    lines: list[tuple[int, int, str]] = []
    for day, spans in sorted(told):
        if spans and lines and lines[-1][1:] == (day - 1, spans):
            lines[-1] = (lines[-1][0], day, spans)
        elif spans:
            lines.append((day, day, spans))
    return [(_days(first, last), spans) for first, last, spans in lines]


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s à %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
