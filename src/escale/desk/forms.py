"""Forms of the desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm

from escale.people.models import Post


class SearchForm(DsfrBaseForm):
    q = forms.CharField(
        label=_("Rechercher un dossier"),
        help_text=_("Numéro de demande, nom, numéro de passeport ou numéro de suivi."),
        max_length=80,
        error_messages={"required": _("Saisissez un numéro ou un nom.")},
    )


class LookAtForm(DsfrBaseForm):
    post = forms.ModelChoiceField(
        label=_("Poste consulaire"),
        queryset=Post.objects.order_by("name"),
        empty_label=_("Choisir un poste"),
        error_messages={
            "required": _("Choisissez le poste à regarder."),
            "invalid_choice": _("Choisissez un poste de la liste."),
        },
    )


class NoteForm(DsfrBaseForm):
    text = forms.CharField(
        label=_("Note entre agents"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        error_messages={"required": _("Écrivez la note avant de l’ajouter.")},
    )
