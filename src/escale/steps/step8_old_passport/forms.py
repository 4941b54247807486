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


class HoldForm(forms.Form):
    """Why and until when an invalidation is suspended."""

    reason = forms.CharField(max_length=1000)
    until = forms.DateField()


class VisaAnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("accept", "accept"), ("refuse", "refuse")])
    until = forms.DateField()
