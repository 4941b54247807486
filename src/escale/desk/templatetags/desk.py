"""Words of the desk in templates."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from escale.case.journey import STEPS, Step
from escale.case.tracks import STATES
from escale.desk import states, words
from escale.ledger.models import Case

register = template.Library()


@register.filter
def deadline_label(kind: str) -> str:
    return words.deadline(str(kind))


@register.filter
def state_label(state: str) -> str:
    return states.label(state)


@register.filter
def step_caption(step: Step) -> str:
    return step.caption if get_language() == "fr" else step.caption_en


@register.filter
def lights(case: Case) -> list[tuple[str, str, str]]:
    """The eight steps of a case: caption, state in words, whom it waits for."""
    return [
        (step_caption(step), states.label(case.tracks[step.track]), STATES[step.track][case.tracks[step.track]].value)
        for step in STEPS
    ]


@register.filter
def event_label(name: str) -> str:
    return str(words.EVENTS[name])
