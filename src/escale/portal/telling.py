"""What the home of a case says: the eight steps in their own words, the one thing that matters now, the objects."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext as _

from escale.case.journey import STEPS, Step
from escale.ledger.models import Case
from escale.ledger.queries import Line
from escale.steps.step3_posted_items import queries as step3
from escale.ui.timeline import StepView, headline


@dataclass(frozen=True, slots=True)
class Told:
    """One step of the poster and what it says of this case."""

    step: Step
    view: StepView

    @property
    def caption(self) -> str:
        return self.step.caption if (get_language() or "fr") == "fr" else self.step.caption_en


@cache
def _rooms() -> tuple[ModuleType, ...]:
    """The queries of the eight steps, in the order of the poster."""
    return tuple(importlib.import_module(f"{app}.queries") for app in settings.STEP_APPS)


def story(case: Case, lines: list[Line]) -> list[Told]:
    """The eight steps, told by themselves."""
    return [Told(step, room.timeline(case, lines)) for step, room in zip(STEPS, _rooms(), strict=True)]


def matters_now(told: list[Told]) -> StepView | None:
    """The step to show in large type."""
    return headline(item.view for item in told)


_OBJECTS = {
    "photo": lambda: _("Votre photo"),
    "label": lambda: _("L’étiquette prépayée"),
    "new_passport": lambda: _("Votre nouveau passeport"),
    "old_passport": lambda: _("Votre passeport actuel"),
}
_HOLDERS = {
    "applicant": lambda: _("chez vous"),
    "courier": lambda: _("chez le transporteur"),
    "post": lambda: _("au poste consulaire"),
    "producer": lambda: _("en fabrication"),
    "destroyed": lambda: _("détruit"),
    "": lambda: _("n’existe pas encore"),
}


def objects(case: Case) -> list[dict[str, Any]]:
    """The four objects and who holds them."""
    return [
        {
            "name": _OBJECTS[line.item](),
            "holder": _HOLDERS.get(line.holder, lambda: _("n’existe pas encore"))(),
            "code": line.holder or "none",
            "since": line.since,
        }
        for line in step3.custody(case.id)
    ]


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody of the post opened the file."""

    at: datetime
    who: str
    part: str


_ROLES = {
    "agent": lambda: _("un agent consulaire"),
    "supervisor": lambda: _("un chef de chancellerie"),
    "auditor": lambda: _("un contrôleur"),
    "support": lambda: _("l’assistance"),
}


def openings(case: Case, lines: list[Line]) -> list[Opening]:
    """Who opened the file and when, the latest first."""
    found = []
    for line in reversed(lines):
        if line.event.name == "FileViewed":
            role = _ROLES.get(line.actor_role, lambda: _("un agent"))()
            who = _("%(role)s, %(post)s") % {"role": role, "post": case.post.name}
            found.append(Opening(line.at, who, getattr(line.event, "part", "file")))
    return found
