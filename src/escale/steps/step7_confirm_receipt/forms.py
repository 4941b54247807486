"""What the holder types. A slip of the finger is caught here, before it counts as a try."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.case.values import InvalidValue, PassportNumber, SecurityNumber
from escale.steps.step7_confirm_receipt.reasons import TYPING
from escale.ui.forms import Form

TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "fr-input escale-code"}


class ReceiptForm(Form):
    """The two numbers and the attestation."""

    number = forms.CharField(
        label=_("Numéro de votre nouveau passeport"),
        help_text=_("En haut à droite de la page d’identité : deux chiffres, deux lettres, cinq chiffres."),
        max_length=20,
        widget=forms.TextInput(attrs=TYPED),
        error_messages={"required": _("Indiquez le numéro imprimé sur votre nouveau passeport.")},
    )
    security = forms.CharField(
        label=_("Numéro de sécurité"),
        help_text=_(
            "Douze caractères en trois groupes de quatre, par exemple ABCD EFGH JKMN. "
            "Il vous a été remis à l’entretien et figure sur votre récépissé. Les espaces ne comptent pas."
        ),
        max_length=30,
        widget=forms.TextInput(attrs=TYPED),
        error_messages={"required": _("Indiquez le numéro de sécurité de votre récépissé.")},
    )
    attestation = forms.BooleanField(
        label=_("J’atteste avoir ce passeport en ma possession, et que les informations imprimées sont exactes."),
        error_messages={"required": _("Cochez cette case pour attester que vous avez le passeport.")},
    )

    tries = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def clean_number(self) -> PassportNumber:
        try:
            return PassportNumber.parse(self.cleaned_data["number"])
        except InvalidValue as error:
            raise forms.ValidationError(str(TYPING[error.code]), code=error.code) from None

    def clean_security(self) -> SecurityNumber:
        try:
            return SecurityNumber.parse(self.cleaned_data["security"])
        except InvalidValue as error:
            raise forms.ValidationError(str(TYPING[error.code]), code=error.code) from None
