"""The home of a case: what each of the eight steps says of itself, laid one under the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy as _

from escale.case.journey import STEPS
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step1_sign_in import queries as step1
from escale.steps.step2_application import queries as step2
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step4_interview import queries as step4
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step6_delivery import queries as step6
from escale.steps.step7_confirm_receipt import queries as step7
from escale.steps.step8_old_passport import queries as step8
from escale.ui.timeline import StepView, headline

STATE_LABELS = {
    "done": _("Fait"),
    "now": _("À vous"),
    "waiting": _("En cours"),
    "next": _("À venir"),
    "stopped": _("Arrêté"),
}
OBJECT_LABELS = {
    "photo": _("Votre photo d’identité"),
    "label": _("L’étiquette d’envoi prépayée"),
    "new_passport": _("Votre nouveau passeport"),
    "old_passport": _("Votre ancien passeport"),
}
HOLDER_LABELS = {
    "": _("n’existe pas encore"),
    "applicant": _("chez vous"),
    "courier": _("chez le transporteur"),
    "post": _("au poste consulaire"),
    "producer": _("chez le fabricant"),
    "destroyed": _("détruit"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One step as shown: its caption, its state in words, and what it says."""

    caption: str
    label: object
    view: StepView


@dataclass(frozen=True, slots=True)
class Home:
    """Everything the home of a case shows."""

    steps: list[Told]
    head: StepView | None
    objects: list[tuple[object, object, datetime | None]]


def home_of(case: Case) -> Home:
    """Ask each step; raises KeyDestroyed after the end of retention."""
    lines = ledger.history(case.id)
    views = [room.timeline(case, lines) for room in (step1, step2, step3, step4, step5, step6, step7, step8)]
    french = get_language() == "fr"
    told = [
        Told(step.caption if french else step.caption_en, STATE_LABELS[view.state], view)
        for step, view in zip(STEPS, views, strict=True)
    ]
    objects = [(OBJECT_LABELS[line.item], HOLDER_LABELS[line.holder], line.since) for line in step3.custody(case.id)]
    return Home(told, headline(views), objects)
