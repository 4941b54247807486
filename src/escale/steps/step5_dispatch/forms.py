"""What is scanned or typed at the bench. A value that cannot exist is caught here, before any rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.case.carriers import CARRIERS
from escale.case.mrz import Mrz
from escale.case.values import InvalidValue, PassportNumber
from escale.steps.step5_dispatch.reasons import REFUSALS
from escale.ui.forms import Form, VersionedForm
from escale.ui.said import SaidForm, box

SCAN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


def _number(typed: str) -> PassportNumber:
    try:
        return PassportNumber.parse(typed)
    except InvalidValue as error:
        raise forms.ValidationError(str(REFUSALS[error.code]), code=error.code) from None


def focus_for_scanner(form: Form) -> None:
    """Put the caret where the next scan belongs: the first field that is wrong or empty, else the first."""
    names = list(form.fields)
    wanted = [name for name in names if name in form.errors] or [name for name in names if not form[name].value()]
    form.fields[(wanted or names)[0]].widget.attrs["autofocus"] = True


class ArrivalForm(Form):
    """A passport that has just come out of its envelope."""

    prefix = "arrivee"
    number = forms.CharField(
        label=_("Numéro du passeport"),
        help_text=_("Tel qu’imprimé, par exemple 12AB34567."),
        max_length=20,
        error_messages={"required": _("Scannez ou saisissez le numéro du passeport.")},
        widget=forms.TextInput(attrs=SCAN),
    )
    zone = forms.CharField(
        label=_("Zone de lecture (deux lignes)"),
        help_text=_("Scannez ou saisissez les deux lignes du bas de la page, 44 caractères chacune."),
        max_length=200,
        error_messages={"required": _("Scannez ou saisissez les deux lignes du bas de la page.")},
        widget=forms.Textarea(attrs={**SCAN, "rows": 2, "class": "fr-input escale-mrz"}),
    )

    def clean_number(self) -> PassportNumber:
        return _number(self.cleaned_data["number"])

    def clean_zone(self) -> Mrz:
        typed = "".join(self.cleaned_data["zone"].split())
        try:
            return Mrz.parse(f"{typed[:44]}\n{typed[44:]}")
        except InvalidValue as error:
            raise forms.ValidationError(str(REFUSALS[error.code]), code=error.code) from None


class DispatchForm(Form):
    """One parcel: its passport, then its label."""

    prefix = "expedition"
    number = forms.CharField(
        label=_("1. Numéro du passeport"),
        help_text=_("Scannez la zone de lecture du passeport ou saisissez son numéro."),
        max_length=100,
        error_messages={"required": _("Scannez ou saisissez le numéro du passeport.")},
        widget=forms.TextInput(attrs=SCAN),
    )
    waybill = forms.CharField(
        label=_("2. Numéro de suivi de l’étiquette"),
        help_text=_("Scannez le code-barres du numéro d’envoi collé sur le pli."),
        max_length=60,
        error_messages={"required": _("Scannez ou saisissez le numéro de suivi de l’étiquette.")},
        widget=forms.TextInput(attrs=SCAN),
    )

    def clean_number(self) -> PassportNumber:
        typed = "".join(self.cleaned_data["number"].split()).upper()
        if len(typed) == 88 and typed.startswith("P"):  # a reader of the whole zone
            typed = typed[44:]
        if len(typed) == 44:
            typed = typed[:9]
        return _number(typed)


class FreshLabelForm(Form):
    """A new prepaid label for a parcel that came back."""

    carrier = forms.ChoiceField(
        label=_("Transporteur"),
        choices=[(carrier.code, carrier.name) for carrier in CARRIERS.values()],
        error_messages={"required": _("Choisissez le transporteur de la nouvelle étiquette.")},
    )
    waybill = forms.CharField(
        label=_("Numéro de suivi de la nouvelle étiquette"),
        max_length=60,
        error_messages={"required": _("Saisissez le numéro de suivi imprimé sur la nouvelle étiquette.")},
        widget=forms.TextInput(attrs=SCAN),
    )


class NewPhotoForm(SaidForm, VersionedForm):
    """What the agent tells the applicant when issuance refuses the photo."""

    words_fr = box(_("Ce que vous dites à l’usager (français)"), rows=3, most=1000)
    words_en = box(_("La même chose en anglais"), rows=3, most=1000)
