"""Forms of the calendar: weekly hours, days off."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _t, gettext_lazy as _

from escale.people.models import FRENCH
from escale.steps.step4_interview import words
from escale.steps.step4_interview.rules_slots import Hours
from escale.ui.forms import DayField, Form, boxes

DAYS = (_("Lundi"), _("Mardi"), _("Mercredi"), _("Jeudi"), _("Vendredi"), _("Samedi"), _("Dimanche"))
_SPAN = re.compile(r"([01]?\d|2[0-3])[:h]([0-5]\d)?-([01]?\d|2[0-3])[:h]([0-5]\d)?")


def spans(weekday: int, typed: str) -> list[Hours]:
    """« 9h-12h, 13:30-16:30 » as hours. Raises forms.ValidationError."""
    found: list[Hours] = []
    for part in (each.strip() for each in typed.split(",") if each.strip()):
        match = _SPAN.fullmatch(re.sub(r"\s", "", part).replace("–", "-"))
        if match is None:
            raise forms.ValidationError(_t("Écrivez les heures ainsi : 09:00-12:00, 13:30-16:30."))
        start, end = (time(int(match[place]), int(match[place + 1] or 0)) for place in (1, 3))
        if end <= start or (found and start < found[-1].end):
            raise forms.ValidationError(_t("Chaque plage finit après son début et commence après la précédente."))
        found.append(Hours(weekday, start, end))
    return found


def typed(hours: list[Hours], weekday: int) -> str:
    return ", ".join(f"{span.start:%H:%M}-{span.end:%H:%M}" for span in hours if span.weekday == weekday)


class HoursForm(Form):
    """One field per day of the week. All empty: the hours of the post."""

    def __init__(self, *args: Any, hours: list[Hours], **kwargs: Any) -> None:
        initial = {f"day_{day}": typed(hours, day) for day in range(7)}
        super().__init__(*args, initial=initial, **kwargs)
        for day, label in enumerate(DAYS):
            self.fields[f"day_{day}"] = forms.CharField(label=label, required=False, max_length=80)
        self.set_autofocus_on_first_error = True

    def get_context(self) -> dict[str, Any]:
        return {**super().get_context(), "DSFR_MARK_OPTIONAL_FIELDS": False}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        hours: list[Hours] = []
        for day in range(7):
            try:
                hours += spans(day, cleaned.get(f"day_{day}", ""))
            except forms.ValidationError as error:
                self.add_error(f"day_{day}", error)
        cleaned["hours"] = hours
        return cleaned


class LanguagesForm(Form):
    """The languages in which an agent holds interviews, besides French."""

    languages = forms.MultipleChoiceField(
        label=_("Langues d’entretien, outre le français"),
        choices=[(code, label) for code, label in words.LANGUAGES.items() if code != FRENCH],
        required=False,
        widget=boxes(),
    )


class DayOffForm(Form):
    day = DayField(label=_("Jour sans entretien"), error_messages={"required": _("Saisissez le jour sans entretien.")})
    reason = forms.CharField(label=_("Raison, visible au bureau seulement"), max_length=80, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_t("Ce jour est passé."))
        return day
