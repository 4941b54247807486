"""Forms of step 1."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as now_, gettext_lazy as _

from escale.steps.step1_sign_in import rules
from escale.ui.forms import DayField, Form, YesNoField, conditional

NUMIC = re.compile(r"\d{6,12}")


class RegisterForm(Form):
    """NUMIC and register e-mail."""

    numic = forms.CharField(
        label=_("Numéro d’inscription consulaire (NUMIC)"),
        help_text=_("Il figure sur votre carte consulaire et sur votre attestation d’inscription. Que des chiffres."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "fr-input escale-short"}),
        error_messages={"required": _("Saisissez votre numéro d’inscription consulaire.")},
    )
    email = forms.EmailField(
        label=_("Adresse électronique donnée au Registre"),
        help_text=_("Celle de votre inscription au Registre, même si FranceConnect+ en connaît une autre."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Saisissez l’adresse électronique donnée au Registre."),
            "invalid": _("Saisissez une adresse électronique complète. Exemple : nom@exemple.fr."),
        },
    )

    def clean_numic(self) -> str:
        digits = re.sub(r"[\s.\-]", "", self.cleaned_data["numic"])
        if not NUMIC.fullmatch(digits):
            raise forms.ValidationError(_("Le NUMIC ne contient que des chiffres, de 6 à 12. Exemple : 24681373."))
        return digits


class PassportDatesForm(Form):
    """When the current passport was issued and when it expires."""

    issued_on = DayField(
        label=_("Date de délivrance"),
        error_messages={"required": _("Saisissez la date de délivrance imprimée sur votre passeport.")},
    )
    expires_on = DayField(
        label=_("Date d’expiration"),
        error_messages={"required": _("Saisissez la date d’expiration imprimée sur votre passeport.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_issued_on(self) -> date:
        day: date = self.cleaned_data["issued_on"]
        if day > self.today:
            raise forms.ValidationError(_("La date de délivrance ne peut pas être dans l’avenir."))
        return day

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        issued_on, expires_on = values.get("issued_on"), values.get("expires_on")
        if issued_on and expires_on and expires_on <= issued_on:
            self.add_error("expires_on", _("La date d’expiration doit suivre la date de délivrance."))
        elif issued_on and expires_on and expires_on.year - issued_on.year > 11:
            self.add_error("expires_on", _("Un passeport est valable dix ans au plus : vérifiez les deux dates."))
        return values


class SituationForm(Form):
    """X1 to X5, in words."""

    lost_or_stolen = YesNoField(
        label=_("Ce passeport a-t-il été perdu, volé ou détruit ?"),
    )
    civil_status_changed = YesNoField(
        label=_("Depuis ce passeport, avez-vous changé de nom de naissance, de prénom ou de sexe à l’état civil ?"),
        help_text=_("Changer de nom d’usage (par exemple après un mariage) ou d’adresse ne compte pas."),
    )
    second_passport = YesNoField(
        label=_("Demandez-vous un second passeport, en plus d’un passeport que vous garderiez ?"),
    )
    obtained_remotely = YesNoField(
        label=_("Ce passeport a-t-il lui-même été obtenu à distance, sans déplacement ?"),
    )
    error_by_administration = conditional(
        YesNoField(label=_("Si oui, le renouvelez-vous parce que l’administration y a fait une erreur ?"))
    )
    fingerprints_given = YesNoField(
        label=_("Avez-vous donné vos empreintes digitales lors de la demande de ce passeport ?"),
        help_text=_("C’est le cas de presque tous les passeports délivrés depuis juin 2009."),
    )


class LossForm(Form):
    """The condition an agent finds not met. ``version``: the case as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    rule = forms.ChoiceField(
        label=_("Condition qui n’est pas remplie"), error_messages={"required": _("Choisissez la condition.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(rule.id, f"{rule.id} — {now_(rule.title)}") for rule in rules.RULES]
        self.fields["rule"].choices = [("", now_("Choisir une condition")), *choices]

    def chosen(self) -> tuple[rules.Rule, ...]:
        """The condition named; call it on a valid form."""
        return (rules.BY_ID[self.cleaned_data["rule"]],)
