"""What an agent writes to an applicant in their own words: French, the reference, and English beside it.

An applicant who reads English is told in English too; one who reads French may be. A sentence kept ready is already in
both languages. What was said once in one language is read by everybody.
"""

from __future__ import annotations

from collections.abc import Buffer, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy as _, override

from escale.ui.forms import Form, conditional
from escale.vault import sealing

FRENCH, ENGLISH = "fr", "en"


@dataclass(frozen=True, slots=True)
class Said:
    """One text. ``en`` is empty where nobody wrote it."""

    fr: str
    en: str = ""

    def read(self, language: str) -> str:
        """In this language; else in the other, since a text in one language is better than none."""
        return (self.en if language.startswith(ENGLISH) else self.fr) or self.fr or self.en

    @property
    def here(self) -> str:
        """In the language of the page, or of the message being written."""
        return self.read(get_language() or FRENCH)

    def after(self, ready: str | Promise | None) -> Said:
        """This text after a sentence kept ready. English is whole or absent, never half of what French says."""
        if ready is None:
            return self
        sentence = {}
        for language in (FRENCH, ENGLISH):
            with override(language):
                sentence[language] = str(ready)
        english = "" if self.fr and not self.en else _joined(sentence[ENGLISH], self.en)
        return Said(_joined(sentence[FRENCH], self.fr), english)


def opened(case_id: UUID, purpose: str, french: Buffer | None, english: Buffer | None) -> Said:
    """A text that was sealed language by language, the English under ``purpose|en``. Raises KeyDestroyed."""

    def one(purpose: str, sealed: Buffer | None) -> str:
        return sealing.unseal(case_id, purpose, sealed).decode() if sealed is not None else ""

    return Said(one(purpose, french), one(f"{purpose}|en", english))


def _joined(ready: str, own: str) -> str:
    return f"{ready}\n{own}" if own else ready


def box(label: str | Promise, *, rows: int, most: int) -> forms.CharField:
    """A box for one language of a text."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy where the form is stated, plain where it is built
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows, "class": "fr-input"}),
    )


def ready_box(label: str | Promise) -> forms.ChoiceField:
    """A choice of sentences kept ready in both languages; ``offer`` fills it."""
    return forms.ChoiceField(label=label, required=False)  # type: ignore[arg-type]  # as above


def offer(field: forms.Field, sentences: Mapping[str, Any]) -> None:
    """Put sentences, by code, in a ``ready_box``."""
    field.choices = [("", _("Aucun")), *sentences.items()]  # type: ignore[attr-defined]  # a ready_box


def ask_english(form: forms.Form, name: str, language: str) -> None:
    """Say at the English box what the applicant's language makes of it."""
    field = form.fields[name]
    if language.startswith(ENGLISH):
        conditional(field)
        field.help_text = _("Cette personne lit en anglais : ce que vous écrivez en français, écrivez-le aussi ici.")
    else:
        field.help_text = _("Cette personne lit en français.")
    form[name].help_text = field.help_text  # read from the field before it was set


class SaidForm(Form):
    """A form with a text in both languages, cleaned as ``said``: a Said. ``boxes`` names its French and English boxes;
    ``sentences`` are those kept ready, chosen in a box named ``ready``. ``language``: what the applicant reads."""

    boxes: tuple[str, str] = ("words_fr", "words_en")
    sentences: Mapping[str, Promise] = MappingProxyType({})

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._language = language
        ask_english(self, self.boxes[1], language)
        if self.sentences:
            offer(self.fields["ready"], self.sentences)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        said = read_both(self, *self.boxes, self._language)
        values["said"] = said.after(self.sentences.get(values.get("ready", "")))
        return values


def read_both(form: forms.Form, french: str, english: str, language: str) -> Said:
    """Both boxes of a form being checked; says at the box what is missing."""
    said = Said(form.cleaned_data.get(french, "").strip(), form.cleaned_data.get(english, "").strip())
    if said.en and not said.fr and french not in form.errors:
        form.add_error(french, _("Écrivez aussi en français : c’est le texte de référence."))
    if said.fr and not said.en and language.startswith(ENGLISH) and english not in form.errors:
        form.add_error(english, _("Écrivez aussi en anglais : cette personne lit en anglais."))
    return said
