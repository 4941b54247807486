"""Forms of the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import get_language, gettext as now_, gettext_lazy as _

from escale.case.journey import STEPS
from escale.portal.models import DEGREES
from escale.portal.opinions import DEGREE_WORDS
from escale.portal.self_check import Question
from escale.steps.step2_application import rules
from escale.ui.forms import Form, YesNoField, boxes


class QuestionForm(Form):
    """One question of the self-check, which is the title of its page; the field bears the question's own name."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[question.slug] = forms.ChoiceField(
            label=format_html('<h1 class="fr-h2 fr-mb-0">{}</h1>', now_(question.text)),
            help_text=_(question.hint) if question.hint else "",
            choices=[(value, _(label)) for value, label in question.choices],
            widget=forms.RadioSelect(),
            error_messages={"required": _("Choisissez une réponse."), "invalid_choice": _("Choisissez une réponse.")},
        )


class SituationForm(Form):
    """What the list of documents depends on."""

    motive = forms.ChoiceField(
        label=_("Pourquoi renouvelez-vous votre passeport ?"),
        choices=[(motive.code, _(motive.label)) for motive in rules.MOTIVES],
        initial="expiring",
        widget=forms.RadioSelect(),
    )
    usage_origin = forms.ChoiceField(
        label=_("Nom d’usage à imprimer"),
        choices=[(code, _(label)) for code, label in rules.USAGE_ORIGINS],
        initial="unchanged",
        widget=forms.RadioSelect(),
    )
    hosted = YesNoField(label=_("Quelqu’un vous héberge-t-il ?"), initial=False)
    keeps_visa = YesNoField(label=_("Voulez-vous garder un visa en cours de validité ?"), initial=False)


class LanguageForm(Form):
    """Language of the messages sent about a case."""

    language = forms.ChoiceField(
        label=_("Langue des messages"), choices=[("fr", "Français"), ("en", "English")], widget=forms.RadioSelect()
    )


class OpinionForm(Form):
    """How it went, in five degrees, and what was difficult: nothing to write, so that nobody can tell who they are."""

    degree = forms.TypedChoiceField(
        label=_("Comment s’est passée cette démarche pour vous ?"),
        choices=[(code, _(DEGREE_WORDS[code])) for code in DEGREES],
        coerce=int,
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choisissez une réponse."), "invalid_choice": _("Choisissez une réponse.")},
    )
    steps = forms.TypedMultipleChoiceField(
        label=_("Qu’est-ce qui a été difficile ?"),
        help_text=_("Cochez une ou plusieurs étapes, ou aucune."),
        coerce=int,
        required=False,
        widget=boxes(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        french = (get_language() or "fr") == "fr"
        self.fields["steps"].choices = [
            (step.number, f"{step.number}. {step.caption if french else step.caption_en}") for step in STEPS
        ]
