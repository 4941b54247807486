"""Forms of step 3, and the words of its refusals."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.steps.step3_posted_items import reasons, rules
from escale.ui.forms import PAPERS, Form, VersionedForm, chooser
from escale.ui.said import SaidForm, box

TEXTS = {
    "not_preparing": _("L’étiquette ne peut plus être changée : votre enveloppe est déjà annoncée ou reçue."),
    "carrier_generates_none": _("Ce transporteur ne permet pas de fabriquer l’étiquette ici : importez-la."),
    "label_first": _("Préparez d’abord l’étiquette d’envoi prépayée : elle voyage dans l’enveloppe, avec votre photo."),
    "waybill_shape": _("Ce numéro n’a pas la forme attendue. Pour DHL, il compte dix chiffres."),
    "waybill_check": _("Ce numéro contient une faute de frappe : sa clé de contrôle ne correspond pas."),
    "waybill_used": _("Ce numéro sert déjà à une autre demande : il faut une étiquette par passeport."),
    "waybill_unreadable": _(
        "Aucun numéro de suivi valable n’a pu être lu sur ce fichier. "
        "Importez le PDF d’origine, ou saisissez le numéro."
    ),
    "adult_signature": _(
        "Cette étiquette porte l’option « signature d’un adulte ». Elle est interdite : « si vous contractez ce "
        "service, votre demande sera annulée par DHL ». Refaites une étiquette sans cette option."
    ),
    "other_country": _("Cette étiquette est adressée dans un autre pays que celui de votre inscription au Registre."),
    "other_name": _("Cette étiquette n’est pas à votre nom. Le destinataire doit être vous."),
    "other_postcode": _(
        "L’adresse de cette étiquette n’est pas celle de votre inscription au Registre : le code postal diffère."
    ),
    "checks_missing": _("Tous les points doivent être vérifiés et cochés avant de valider."),
    "nothing_asked": _("Dites quelle pièce doit être renvoyée, et pourquoi."),
    "reason_unknown": _("Choisissez un motif dans la liste."),
    "case_open": _("Ce dossier est ouvert : ses pièces restent au poste."),
    "PostingAnnounced": _("Votre envoi est déjà annoncé, ou n’est pas encore demandé."),
    "EnvelopeReceived": _("Ce dossier n’attend pas d’enveloppe."),
    "PostedItemsVerified": _("L’enveloppe de ce dossier n’attend pas de contrôle."),
    "ReplacementRequested": _("Rien ne peut être redemandé à ce stade : l’entretien a commencé, ou rien n’est arrivé."),
}


class ImportForm(Form):
    label = forms.FileField(
        label=_("Votre étiquette (PDF)"),
        help_text=_("Le fichier remis par le transporteur, sans le modifier. 10 Mo au plus."),
        error_messages={
            "required": _("Choisissez le fichier de votre étiquette."),
            "empty": _("Le fichier est vide. Vérifiez qu’il s’ouvre, puis envoyez-le de nouveau."),
        },
        widget=forms.FileInput(attrs=chooser(PAPERS)),
    )


class WaybillForm(Form):
    waybill = forms.CharField(
        label=_("Numéro de suivi de l’étiquette"),
        help_text=_("Imprimé sous le code-barres. Pour DHL : dix chiffres, espaces permis. Exemple : 33 1881 0025."),
        max_length=40,
        error_messages={"required": _("Saisissez le numéro de suivi imprimé sur l’étiquette.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "class": "fr-input escale-short"}),
    )


class AnnounceForm(VersionedForm):
    carrier = forms.ChoiceField(
        label=_("Avec quel transporteur avez-vous posté l’enveloppe ?"),
        error_messages={"required": _("Choisissez le transporteur de votre envoi.")},
    )
    waybill = forms.CharField(
        label=_("Numéro de suivi de votre envoi"),
        help_text=_("Il figure sur le reçu du transporteur. C’est celui de l’enveloppe, pas celui de l’étiquette."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, name or _("Un autre transporteur")) for code, name in rules.outbound_carriers(country)]
        self.fields["carrier"].choices = choices


class ScanForm(Form):
    code = forms.CharField(
        label=_("Scannez ou saisissez : bordereau, enveloppe ou étiquette"),
        help_text=_("Le numéro de demande (ESC-…) ou un numéro de suivi."),
        max_length=60,
        error_messages={"required": _("Scannez un code, ou saisissez un numéro.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
    )


class VerifyForm(VersionedForm):
    """Gate 2: one box per check that is not ``exact`` by construction, all required but those ``vouched`` for when the
    agent says that all is right."""

    def __init__(self, *args: Any, exact: Container[str] = (), vouched: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._vouched = vouched if "tout" in self.data else ()
        for check in (one for one in rules.CHECKS if one not in exact):
            missing = _("Ce point n’est pas vérifié.")
            self.fields[check] = forms.BooleanField(
                label=reasons.CHECKS[check],
                error_messages={"required": missing},
                widget=forms.CheckboxInput(),
                required=check not in self._vouched,
            )

    @property
    def ticked(self) -> list[str]:
        """What the agent answers for."""
        return [check for check in rules.CHECKS if self.cleaned_data.get(check) or check in self._vouched]


class ReplacementForm(SaidForm, VersionedForm):
    """Ask again for the photo, the label, or both."""

    photo = forms.ChoiceField(label=_("Redemander la photo"), required=False)
    label = forms.ChoiceField(label=_("Redemander l’étiquette"), required=False)
    words_fr = box(_("Précision pour l’usager, en français"), rows=3, most=600)
    words_en = box(_("La même précision, en anglais"), rows=3, most=600)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in rules.POSTED:
            offered = [("", _("Non, elle convient"))]
            offered += [(code, reasons.REASONS[code]) for code in rules.REASONS[item]]
            self.fields[item].choices = offered

    @property
    def reasons(self) -> dict[str, str]:
        return {item: self.cleaned_data[item] for item in rules.POSTED if self.cleaned_data.get(item)}

    @property
    def words(self) -> dict[str, str]:
        return asdict(self.cleaned_data["said"])
