"""Forms of gate 1: what an agent sends back, why a request ends, each in the languages of the person who reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext as now_, gettext_lazy as _

from escale.steps.step2_application import rules, words
from escale.ui.forms import Form, conditional
from escale.ui.said import Said, SaidForm, ask_english, box, offer, read_both, ready_box


class DecisionForm(Form):
    """What every decision of gate 1 carries."""

    # Several of these forms stand on one page: a hidden field needs no id.
    revision = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": False}), min_value=0)


class CorrectionForm(DecisionForm):
    """By item: a sentence kept ready, words of one's own, or both; only the items with either are sent back."""

    def __init__(self, *args: Any, items: Iterable[str], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items, self._language = tuple(items), language
        for item in self._items:
            label = now_(rules.ITEM_LABELS[item])
            self.fields[f"ready_{item}"] = ready_box(lazystr(now_("%(item)s : motif prêt") % {"item": label}))
            self.fields[f"words_{item}"] = box(
                lazystr(now_("%(item)s : vos mots, en français") % {"item": label}), rows=2, most=1000
            )
            self.fields[f"english_{item}"] = box(
                lazystr(now_("%(item)s : les mêmes, en anglais") % {"item": label}), rows=2, most=1000
            )
            offer(self.fields[f"ready_{item}"], {code: str(text) for code, text in words.corrections(item).items()})
            ask_english(self, f"english_{item}", language)

    @staticmethod
    def names(item: str) -> tuple[str, str, str]:
        """The boxes of one item."""
        return f"ready_{item}", f"words_{item}", f"english_{item}"

    def touched(self) -> tuple[str, ...]:
        """Items about which something was chosen or typed, right or wrong."""
        return tuple(
            item for item in self._items if any(str(self.data.get(name, "")).strip() for name in self.names(item))
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["said"] = {item: self._said(item) for item in self.touched()}
        return values

    def _said(self, item: str) -> Said:
        ready, french, english = self.names(item)
        said = read_both(self, french, english, self._language)
        return said.after(words.corrections(item).get(self.cleaned_data.get(ready, "")))


class EndForm(SaidForm, DecisionForm):
    """Refuse or direct to an appointment."""

    kind = forms.ChoiceField(
        label=_("Décision"),
        choices=[("in_person", _("Inviter à se présenter en personne")), ("refused", _("Refuser la demande"))],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choisissez la décision.")},
    )
    rule = forms.ChoiceField(label=_("Règle appliquée"), error_messages={"required": _("Choisissez la règle.")})
    ready = conditional(ready_box(_("Motif prêt, dans les deux langues")))
    reasons = conditional(box(_("Motifs en français, tels que le demandeur les lira"), rows=4, most=4000))
    reasons_en = box(_("Les mêmes motifs en anglais"), rows=4, most=4000)

    boxes = ("reasons", "reasons_en")
    sentences = words.ENDS

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", now_("Choisir une règle")), *choices]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values["said"].fr and not values["said"].en:
            self.add_error(
                "reasons", _("Choisissez un motif prêt, ou écrivez les motifs : une décision défavorable est motivée.")
            )
        return values
