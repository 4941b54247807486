"""Words of the desk in templates."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language

from escale.case.journey import STEPS, Step
from escale.case.tracks import STATES, Track
from escale.desk import states, words
from escale.ledger.models import Case, Entry

register = template.Library()


@register.filter
def deadline_label(kind: str) -> str:
    return words.deadline(str(kind))


@register.filter
def state_label(state: str) -> str:
    return states.label(state)


@register.filter
def named(case: Case, names: dict[UUID, str]) -> str:
    """Whose a case is, among the names that the page has read; empty for those who may not read them."""
    return names.get(case.id, "")


@register.filter
def step_caption(step: Step) -> str:
    return step.caption if get_language() == "fr" else step.caption_en


@register.filter
def lights(case: Case) -> list[tuple[str, str, str]]:
    """The eight steps of a case: caption, state in words, whom it waits for."""
    return [
        (
            step_caption(step),
            states.label(case.tracks[step.track], step.track),
            STATES[step.track][case.tracks[step.track]].value,
        )
        for step in STEPS
    ]


@register.filter
def title_label(case: Case) -> str:
    """The state of the new passport as a title; empty before it exists."""
    return "" if case.title == "none" else states.label(case.title, Track.TITLE)


@register.filter
def day(value: str) -> str:
    """A day kept as text, « 24/08/1962 »; what is not one (a day unknown to the civil register) is left as it is."""
    try:
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    except ValueError:
        return value


@register.filter
def event_label(name: str) -> str:
    return str(words.EVENTS[name])


@register.filter
def role_label(role: str) -> str:
    return words.role(role)


@register.filter
def entry_actor(entry: Entry) -> str:
    """Who wrote an entry, by kind and role alone: names belong to the file."""
    return words.role(entry.actor_role) if entry.actor_role else words.actor(entry.actor_kind, entry.actor_id, {})
