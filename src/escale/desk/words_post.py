"""Changes of a post's settings in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from escale.case.carriers import CARRIERS
from escale.desk.supervision_forms import DAYS, LANGUAGES, WORDS, PostForm
from escale.people.models import PostChange

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Told:
    """One change: when, by whom, of what, what it was and what it became."""

    at: datetime
    who: str
    what: str
    before: str
    after: str


def _hours(value: dict[str, list[list[str]]]) -> str:
    lines = (
        f"{DAYS[int(day)]} {', '.join('-'.join(span) for span in spans)}"
        for day, spans in sorted(value.items())
        if spans
    )
    return "\n".join(lines)


def _words(value: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"{WORDS[kind]} ({LANGUAGES[code]}) : {text}"
        for kind, given in value.items()
        for code, text in given.items()
        if text
    )


def _carrier(value: str) -> str:
    return CARRIERS[value].name if value in CARRIERS else value


def _posting(value: str) -> str:
    return str(dict(PostForm.base_fields["posting_asked_at"].choices).get(value, value))


SAID: dict[str, Callable[[Any], str]] = {
    "carrier": _carrier,
    "posting_asked_at": _posting,
    "opening_hours": _hours,
    "words": _words,
}


def _what(field: str) -> str:
    if field == "opening_hours":
        return _("Heures des entretiens")
    if field == "words":
        return _("Ce que lisent les usagers")
    return str(PostForm.base_fields[field].label)


def told(changes: Iterable[PostChange]) -> list[Told]:
    """Each change in words, in the order given."""
    found = []
    for change in changes:
        said = SAID.get(change.field, str)
        before, after = (said(value) if value else NOTHING for value in (change.before, change.after))
        found.append(Told(change.at, str(change.by), _what(change.field), before or NOTHING, after or NOTHING))
    return found
