"""Forms of step 2: one subject each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_, gettext_lazy as _

from escale.case.values import InvalidValue, PassportNumber, StampNumber
from escale.steps.step2_application import rules
from escale.ui.forms import PAPERS, PICTURES, DayField, Form, VersionedForm, YesNoField, chooser, conditional


def _choices(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, Any]]:
    return [(code, _(label)) for code, label in pairs]


def _label_and_hint(label: str, hint: str) -> SafeString:
    return format_html('{} <span class="fr-hint-text">{}</span>', now_(label), now_(hint))


# The label of a choice with its explanation under it, in the reader's language.
_with_hint = lazy(_label_and_hint, SafeString)


class MotiveForm(Form):
    """Why the passport is renewed, and what it costs."""

    motive = forms.ChoiceField(
        label=_("Pourquoi renouvelez-vous votre passeport ?"),
        choices=[(motive.code, _with_hint(motive.label, motive.hint)) for motive in rules.MOTIVES],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choisissez un motif.")},
    )
    accepts_old_expiry = conditional(
        forms.BooleanField(
            label=_("J’accepte que le nouveau passeport garde la date d’expiration de l’actuel"),
            help_text=_("À cocher si c’est gratuit. Pour dix ans de validité, choisissez le premier motif."),
        )
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        motive = rules.MOTIVE.get(values.get("motive", ""))
        if motive is not None and motive.free and not values.get("accepts_old_expiry"):
            self.add_error(
                "accepts_old_expiry",
                _("Un renouvellement gratuit garde l’ancienne date d’expiration : acceptez-le, ou changez de motif."),
            )
        if motive is not None and not motive.free:
            values["accepts_old_expiry"] = False
        return values


class IdentityForm(Form):
    """Usage name, height and eyes; the civil status comes from FranceConnect+."""

    usage_origin = forms.ChoiceField(
        label=_("Nom d’usage à imprimer"),
        help_text=_("Le nom d’usage s’ajoute au nom de naissance, qui ne change pas."),
        choices=_choices(rules.USAGE_ORIGINS),
        widget=forms.RadioSelect(),
        error_messages={"required": _("Dites si un nom d’usage doit être imprimé.")},
    )
    usage_name = conditional(
        forms.CharField(
            label=_("Nouveau nom d’usage"),
            help_text=_("Seulement si vous avez choisi « Nouveau ». Tel qu’il est écrit sur l’acte."),
            max_length=60,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )
    )
    height_cm = forms.IntegerField(
        label=_("Taille, en centimètres"),
        help_text=_("Exemple : 172."),
        min_value=100,
        max_value=250,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "fr-input escale-short", "autocomplete": "off"}),
        error_messages={
            "required": _("Saisissez votre taille en centimètres. Exemple : 172."),
            "invalid": _("Saisissez votre taille en centimètres, sans virgule. Exemple : 172."),
            "min_value": _("Saisissez votre taille en centimètres. Exemple : 172."),
            "max_value": _("Saisissez votre taille en centimètres. Exemple : 172."),
        },
    )
    eye_colour = forms.ChoiceField(
        label=_("Couleur des yeux"),
        choices=[("", _("Choisir une couleur")), *_choices(rules.EYE_COLOURS)],
        error_messages={"required": _("Choisissez la couleur de vos yeux.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        new = values.get("usage_origin") in rules.NEW_USAGE
        if new and not values.get("usage_name"):
            self.add_error("usage_name", _("Écrivez le nouveau nom d’usage."))
        if not new:
            values["usage_name"] = ""
        return values


class ContactForm(Form):
    """How to reach the person, and when they travel."""

    hosted = YesNoField(
        label=_("Quelqu’un vous héberge-t-il à cette adresse ?"),
        help_text=_("Si oui, trois pièces de la personne qui vous héberge vous seront demandées."),
    )
    phone = forms.CharField(
        label=_("Téléphone, avec l’indicatif du pays"),
        help_text=_("Pour l’entretien et pour le transporteur. Exemple : +1 416 555 0101."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    travel_on = DayField(
        label=_("Date d’un voyage prévu"),
        help_text=_("Si vous devez voyager bientôt : le poste traite d’abord les demandes urgentes. JJ/MM/AAAA."),
        required=False,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        digits = "".join(character for character in typed if character.isdigit())
        if typed and not (typed.strip().startswith(("+", "00")) and 8 <= len(digits) <= 15):
            raise forms.ValidationError(_("Commencez par + et l’indicatif du pays. Exemple : +1 416 555 0101."))
        return typed.strip()

    def clean_travel_on(self) -> date | None:
        day: date | None = self.cleaned_data["travel_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("Cette date est passée : effacez-la, ou saisissez le prochain voyage."))
        return day


class PassportForm(Form):
    """The passport in hand."""

    passport_number = forms.CharField(
        label=_("Numéro du passeport"),
        help_text=_("Neuf caractères, en haut à droite de la page de votre photo. Exemple : 12AB34567."),
        max_length=14,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
                "class": "fr-input escale-short",
            }
        ),
        error_messages={"required": _("Recopiez le numéro du passeport.")},
    )
    passport_issued_on = DayField(
        label=_("Date de délivrance"),
        error_messages={"required": _("Saisissez la date de délivrance imprimée sur votre passeport.")},
    )
    passport_expires_on = DayField(
        label=_("Date d’expiration"),
        error_messages={"required": _("Saisissez la date d’expiration imprimée sur votre passeport.")},
    )
    keeps_visa = YesNoField(
        label=_("Ce passeport contient-il un visa en cours de validité que vous voulez garder ?"),
        help_text=_("Vous pourrez garder l’ancien passeport jusqu’à la fin du visa."),
    )
    visa_until = conditional(
        DayField(label=_("Date de fin du visa"), help_text=_("Seulement si vous avez répondu oui. JJ/MM/AAAA."))
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_passport_number(self) -> str:
        try:
            return PassportNumber.parse(self.cleaned_data["passport_number"]).text
        except InvalidValue:
            raise forms.ValidationError(
                _("Un numéro de passeport français a deux chiffres, deux lettres puis cinq chiffres : 12AB34567.")
            ) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        issued_on, expires_on = values.get("passport_issued_on"), values.get("passport_expires_on")
        if issued_on and expires_on and expires_on <= issued_on:
            self.add_error("passport_expires_on", _("La date d’expiration doit suivre la date de délivrance."))
        if values.get("keeps_visa"):
            until = values.get("visa_until")
            if until is None and "visa_until" not in self.errors:
                self.add_error("visa_until", _("Saisissez la date de fin imprimée sur le visa."))
            elif until is not None and until <= self.today:
                self.add_error("visa_until", _("Ce visa n’est plus valable : répondez non à la question précédente."))
        else:
            values["visa_until"] = None
        return values


class ManyFilesInput(forms.FileInput):
    """A file chooser that takes several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class ManyFilesField(forms.FileField):
    """One file or several; the value is a list, in the order chosen."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > rules.MOST_FILES_AT_ONCE:
            raise forms.ValidationError(
                now_("Envoyez %(most)s fichiers au plus à la fois, puis ajoutez les autres.")
                % {"most": rules.MOST_FILES_AT_ONCE}
            )
        return [super(ManyFilesField, self).clean(each, initial) for each in given or [None]]


class UploadForm(Form):
    """One file, or several pages of the same document."""

    file = ManyFilesField(
        label=_("Ajouter des pages"),
        help_text=_(
            "PDF, JPEG, PNG ou HEIC, 10 Mo au plus par fichier. Des photos prises au téléphone conviennent : vous "
            "pouvez en choisir plusieurs, une par page."
        ),
        widget=ManyFilesInput(attrs={"multiple": True, **chooser(PAPERS)}),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Le fichier est vide. Vérifiez qu’il s’ouvre sur votre appareil."),
        },
    )


class PhotoForm(Form):
    """The photo."""

    file = forms.FileField(
        label=_("Votre photo"),
        help_text=_("JPEG, PNG ou HEIC, 10 Mo au plus. Le fichier du photographe, ou une image nette du tirage."),
        widget=forms.FileInput(attrs=chooser(PICTURES)),
        error_messages={
            "required": _("Choisissez une photo."),
            "empty": _("Le fichier est vide. Vérifiez qu’il s’ouvre sur votre appareil."),
        },
    )


class StampForm(Form):
    """Sixteen digits of a stamp bought elsewhere."""

    number = forms.CharField(
        label=_("Numéro du timbre électronique"),
        help_text=_("16 chiffres, sur le justificatif d’achat ou dans le message reçu. Exemple : 1234 5678 9012 3456."),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Saisissez les 16 chiffres du timbre.")},
    )

    def clean_number(self) -> StampNumber:
        try:
            return StampNumber.parse(self.cleaned_data["number"])
        except InvalidValue as problem:
            texts = {
                "digits": _("Le numéro d’un timbre ne contient que des chiffres."),
                "length": _("Le numéro d’un timbre a 16 chiffres : vérifiez qu’il n’en manque pas."),
            }
            raise forms.ValidationError(texts[problem.code]) from None


class SubmitForm(VersionedForm):
    """The declarations, then the submission."""

    true_statement = forms.BooleanField(
        label=_("Je certifie que ces informations sont exactes"),
        error_messages={"required": _("Certifiez que les informations sont exactes pour pouvoir envoyer la demande.")},
    )
    holds_passport = forms.BooleanField(
        label=_("Je suis en possession de mon passeport actuel, et je le renverrai dans les 40 jours"),
        error_messages={"required": _("Cette déclaration est nécessaire à la demande à distance.")},
    )


class WithdrawForm(VersionedForm):
    """Giving up, on purpose."""

    sure = forms.BooleanField(
        label=_("J’ai lu ce qui précède et je retire ma demande"),
        error_messages={"required": _("Cochez la case pour confirmer le retrait.")},
    )
