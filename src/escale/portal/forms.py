"""Forms of the portal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.portal.self_check import Question
from escale.steps.step2_application import rules
from escale.ui.forms import Form, YesNoField


class QuestionForm(Form):
    """One question of the self-check; the field bears the question's own name."""

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[question.slug] = forms.ChoiceField(
            label=_(question.text),
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
    )
    usage_origin = forms.ChoiceField(
        label=_("Nom d’usage à imprimer"),
        choices=[(code, _(label)) for code, label in rules.USAGE_ORIGINS],
        initial="unchanged",
    )
    hosted = YesNoField(label=_("Êtes-vous hébergé par quelqu’un ?"), initial=False)
    keeps_visa = YesNoField(label=_("Voulez-vous garder un visa en cours de validité ?"), initial=False)


class LanguageForm(Form):
    """Language of the messages sent about a case."""

    language = forms.ChoiceField(
        label=_("Langue des messages"), choices=[("fr", "Français"), ("en", "English")], widget=forms.RadioSelect()
    )
