"""The form of the print ruler."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from escale.inspection.ruler import LINE_MM
from escale.inspection.uploads import UploadRefused
from escale.people.actors import Actor
from escale.steps.step3_posted_items import service_print
from escale.ui.forms import PICTURES, Form, chooser
from escale.ui.limits import within
from escale.ui.refusals import REFUSED, sentence

PRIVATE = {"Content-Disposition": 'inline; filename="photo.jpg"', "Cache-Control": "private, no-store"}

TEXTS = {"not_asked": _("La photo se mesure quand l’envoi postal est demandé.")}


class PrintForm(Form):
    """A telephone's picture of the ruler's page, and what its line measures."""

    picture = forms.FileField(
        label=_("L’image de la page, avec la photo posée dessus"),
        help_text=_("JPEG, PNG ou HEIC, 10 Mo au plus. Les quatre repères doivent être entiers et nets."),
        error_messages={
            "required": _("Choisissez l’image, ou prenez-la avec le téléphone."),
            "empty": _("Le fichier est vide. Vérifiez qu’il s’ouvre, puis envoyez-le de nouveau."),
        },
        widget=forms.FileInput(attrs=chooser(PICTURES)),
    )
    line_mm = forms.DecimalField(
        label=_("Longueur du trait imprimé, mesurée à la règle (mm)"),
        help_text=_("50 si la page est imprimée à 100 %. Toutes les mesures sont faites à cette échelle."),
        initial=int(LINE_MM),
        min_value=45,
        max_value=55,
        decimal_places=1,
        error_messages={
            "required": _("Indiquez la longueur du trait : 50 si la page est imprimée à 100 %."),
            "invalid": _("Écrivez un nombre de millimètres, par exemple 49,5."),
            "min_value": _("Le trait doit mesurer entre 45 et 55 mm. Imprimez la page de nouveau, à sa taille réelle."),
            "max_value": _("Le trait doit mesurer entre 45 et 55 mm. Imprimez la page de nouveau, à sa taille réelle."),
        },
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "fr-input escale-short"}),
    )


def measured(form: PrintForm, *, case_id: UUID, actor: Actor, now: datetime) -> bool:
    """Ask to measure what a valid form brings; False, with the reason in the form, when nothing could be kept."""
    upload = form.cleaned_data["picture"]
    if not within("upload", actor.id, now=now):
        form.add_error(None, _("Trop de fichiers envoyés. Patientez une heure avant de recommencer."))
        return False
    try:
        service_print.ask(
            case_id=case_id,
            content=upload.read(),
            filename=upload.name or "",
            line_mm=float(form.cleaned_data["line_mm"]),
            actor=actor,
            now=now,
        )
    except UploadRefused as refused:
        form.add_error("picture", refused.text(get_language() or "fr"))
    except REFUSED as error:
        form.add_error(None, sentence(error, TEXTS))
    return not form.errors
