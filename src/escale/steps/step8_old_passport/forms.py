"""Forms of step 8."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.case.carriers import CARRIERS
from escale.ui.forms import PAPERS, DayField, Form, chooser


class TypedReturnForm(Form):
    """A label bought elsewhere: its carrier and its number."""

    carrier = forms.ChoiceField(
        label=_("Transporteur"), error_messages={"required": _("Choisissez le transporteur de votre envoi.")}
    )
    waybill = forms.CharField(
        label=_("Numéro de suivi"),
        help_text=_("Il figure sur l’étiquette et sur votre reçu."),
        max_length=40,
        error_messages={"required": _("Saisissez le numéro de suivi imprimé sur l’étiquette.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].choices = [(code, carrier.name) for code, carrier in CARRIERS.items()]


class VisaForm(Form):
    """A copy of the visa and its last day."""

    copy = forms.FileField(
        label=_("Copie du visa"),
        help_text=_("La page du visa, dates lisibles. PDF, JPEG, PNG ou HEIC, 10 Mo au plus."),
        error_messages={"required": _("Choisissez le fichier de la copie du visa.")},
        widget=forms.FileInput(attrs=chooser(PAPERS)),
    )
    until = DayField(
        label=_("Dernier jour du visa"),
        error_messages={"required": _("Saisissez la date de fin imprimée sur le visa.")},
    )


class ScanForm(forms.Form):
    """One scan of an envelope: reference, old passport's number or waybill."""

    scan = forms.CharField(label=_("Numéro scanné"), max_length=60)


class HoldForm(Form):
    """Why and until when an invalidation is suspended. The board has one per case: its fields are named after it."""

    reason = forms.CharField(
        label=_("Raison (perte par le transporteur, passage tardif, hospitalisation…)"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Écrivez la raison de la suspension : elle reste au dossier.")},
    )
    until = forms.DateField(
        label=_("Jusqu’au"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Choisissez le dernier jour de la suspension."),
            "invalid": _("Choisissez un jour qui existe."),
        },
    )

    def __init__(self, *args: Any, reference: str, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"%s-{reference}", **kwargs)
        self.reference = reference


class VisaAnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("accept", "accept"), ("refuse", "refuse")])
    until = forms.DateField()
