"""Forms of supervision."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t, gettext_lazy as _
from dsfr.forms import DsfrBaseForm

from escale.case.carriers import CARRIERS
from escale.desk.supervision import GRANTABLE, OF_A_POST
from escale.people.actors import Actor
from escale.people.models import Post, Role
from escale.ui.forms import DayField

DAYS = (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))
WORDS = {
    "welcome": _("Mot d’accueil"),
    "contact": _("Comment joindre le poste"),
    "opening": _("Précisions sur les horaires"),
}
LANGUAGES = {"fr": _("en français"), "en": _("en anglais")}
_RANGE = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def _hours_text(hours: dict[str, list[list[str]]], day: int) -> str:
    return ", ".join(f"{start}-{end}" for start, end in hours.get(str(day), []))


def parse_hours(text: str) -> list[list[str]]:
    """« 09:00-12:00, 13:30-16:30 » as pairs. Raises forms.ValidationError."""
    found: list[list[str]] = []
    for part in (each.strip() for each in text.split(",") if each.strip()):
        match = _RANGE.fullmatch(part.replace(" ", ""))
        if match is None:
            raise forms.ValidationError(_t("Écrivez les heures ainsi : 09:00-12:00, 13:30-16:30."))
        start, end = part.replace(" ", "").split("-")
        if end <= start or (found and start < found[-1][1]):
            raise forms.ValidationError(_t("Chaque plage finit après son début et commence après la précédente."))
        found.append([start, end])
    return found


class PostForm(DsfrBaseForm):
    """Settings of a post; one field per day for the interview hours."""

    carrier = forms.ChoiceField(
        label=_("Transporteur"), error_messages={"required": _("Choisissez le transporteur du poste.")}
    )
    posting_asked_at = forms.ChoiceField(
        label=_("L’envoi postal est demandé"),
        choices=[("acceptance", _("après l’examen de la demande")), ("submission", _("dès le dépôt de la demande"))],
        error_messages={"required": _("Choisissez quand l’envoi postal est demandé.")},
    )
    email = forms.EmailField(
        label=_("Courriel du poste"), error_messages={"required": _("Saisissez le courriel du poste.")}
    )
    phone = forms.CharField(label=_("Téléphone du poste"), max_length=40, required=False)
    GROUPS = (
        (_("Envoi et coordonnées"), ("carrier", "posting_asked_at", "email", "phone")),
        (_("Heures des entretiens"), tuple(f"day_{day}" for day in range(7))),
        (_("Ce que lisent les usagers"), tuple(f"{kind}_{code}" for kind in WORDS for code in LANGUAGES)),
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        initial = {
            "carrier": post.carrier,
            "posting_asked_at": post.posting_asked_at,
            "email": post.email,
            "phone": post.phone,
        }
        initial |= {f"day_{day}": _hours_text(post.opening_hours, day) for day in range(7)}
        super().__init__(*args, initial=initial, **kwargs)
        offered = [one for code, one in CARRIERS.items() if post.country in one.countries or code == post.carrier]
        self.fields["carrier"].choices = [(one.code, one.name) for one in offered]
        for day, label in enumerate(DAYS):
            self.fields[f"day_{day}"] = forms.CharField(
                label=_("Entretiens le %(day)s") % {"day": label},
                required=False,
                max_length=80,
                help_text=_("Exemple : 09:00-12:00, 13:30-16:30. Vide : pas d’entretien."),
            )
        for kind, label in WORDS.items():
            for code, language in LANGUAGES.items():
                self.fields[f"{kind}_{code}"] = forms.CharField(
                    label=f"{label} ({language})",
                    required=False,
                    max_length=400,
                    initial=post.words.get(kind, {}).get(code, ""),
                    widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
                )
        self.set_autofocus_on_first_error = True

    def groups(self) -> list[tuple[object, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned = self._clean_hours()
        typed = {kind: {code: cleaned.get(f"{kind}_{code}", "").strip() for code in LANGUAGES} for kind in WORDS}
        cleaned["words"] = {kind: given for kind, given in typed.items() if any(given.values())}
        for kind, given in cleaned["words"].items():
            for code in (code for code, text in given.items() if not text):
                self.add_error(f"{kind}_{code}", _t("Écrivez ce texte dans les deux langues, ou dans aucune."))
        return cleaned

    def _clean_hours(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        hours: dict[str, list[list[str]]] = {}
        for day in range(7):
            try:
                ranges = parse_hours(cleaned.get(f"day_{day}", ""))
            except forms.ValidationError as error:
                self.add_error(f"day_{day}", error)
            else:
                if ranges:
                    hours[str(day)] = ranges
        cleaned["opening_hours"] = hours
        return cleaned


ROLES = {
    "": _("Aucun droit"),
    Role.AGENT.value: _("Agent consulaire"),
    Role.SUPERVISOR.value: _("Chef de chancellerie"),
    Role.SUPPORT.value: _("Assistance (lecture)"),
    Role.AUDITOR.value: _("Auditeur (lecture, tous les postes)"),
}


class RightsForm(DsfrBaseForm):
    """What an actor may grant: the choices are those within their reach."""

    role = forms.ChoiceField(label=_("Rôle"), required=False)
    post = forms.ModelChoiceField(label=_("Poste"), queryset=Post.objects.none(), required=False)
    until = DayField(
        label=_("Dernier jour du droit"),
        required=False,
        help_text=_("Ce jour compris ; ensuite l’accès s’arrête seul. Exemple : 31/08/2027."),
    )
    active = forms.BooleanField(label=_("Compte actif"), required=False)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        within = GRANTABLE[actor.role]
        self.fields["role"].choices = [(code, label) for code, label in ROLES.items() if code in within]
        posts = Post.objects.order_by("name")
        mine = actor.role == Role.SUPERVISOR
        self.fields["post"].queryset = posts.filter(pk=actor.post) if mine else posts
        self.set_autofocus_on_first_error = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") in OF_A_POST and "post" not in self.errors and cleaned.get("post") is None:
            self.add_error("post", _t("Choisissez le poste où cette personne exerce."))
        until = cleaned.get("until")
        if until is not None and until < self._today:
            self.add_error("until", _t("Ce jour est passé. Pour arrêter tout de suite, mettez fin au droit."))
        return cleaned
