"""The base of every form: the design system's classes, optional fields marked, dates people can type."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm, DsfrBoundField

from escale.inspection.uploads import DEFAULT

YES, NO = "oui", "non"
# Fields whose value never comes back to a page that is left: numbers worth something to whoever reads them.
SECRET_NAMES = frozenset(
    {"passport_number", "number", "security", "stamp", "mrz", "zone", "scan", "code", "numic", "reference"}
)
PAPERS, PICTURES = ".pdf,.jpg,.jpeg,.png,.heic,.heif,image/*", ".jpg,.jpeg,.png,.heic,.heif,image/*"


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data of a POST, even empty, and nothing otherwise."""
    return request.POST if request.method == "POST" else None


def boxes() -> forms.CheckboxSelectMultiple:
    """Boxes to tick, drawn as the design system does: django-dsfr leaves several boxes bare."""
    widget = forms.CheckboxSelectMultiple()
    widget.option_template_name = "ui/box.html"
    return widget


def chooser(kinds: str) -> dict[str, Any]:
    """Attributes of a field where a file is chosen: what the browser offers, and the weight that it is not worth
    sending over a poor line (ui/sending.js)."""
    return {"class": "fr-upload", "accept": kinds, "data-most": DEFAULT.max_bytes}


def conditional[Field: forms.Field](field: Field) -> Field:
    """A field that another answer asks for: it is neither required by itself nor marked as optional."""
    field.required = False
    field.conditional = True  # type: ignore[attr-defined]  # read where fields are marked
    return field


class HintInLabel(DsfrBoundField):
    """A field of the design system, whose hint stands in its label: a screen reader reads it there, and not a second
    time as a description. A description tells what is wrong, and django-dsfr sets it."""

    @property
    def aria_describedby(self) -> None:
        return None


class Form(DsfrBaseForm):
    """A form of the product. Optional fields are marked, required ones are not: most are required. What is wrong with
    no field in particular is said by the summary at the top of the page, and there alone."""

    template_name = "ui/form.html"
    bound_field_class = HintInLabel

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plain_radios()
        for name in SECRET_NAMES & set(self.fields):
            self.fields[name].widget.attrs["data-secret"] = True

    def _plain_radios(self) -> None:
        """django-dsfr marks radio buttons that have no class with an attribute that HTML does not know."""
        for field in self.fields.values():
            if isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs.pop("dsfr", None)
                field.widget.attrs.setdefault("class", "escale-radio")

    def get_context(self) -> dict[str, Any]:
        self._plain_radios()  # those a form has added since
        context: dict[str, Any] = forms.Form.get_context(self)
        context["DSFR_MARK_OPTIONAL_FIELDS"] = True
        return context


class DayField(forms.DateField):
    """A day as it is printed on French documents: day, month, year. Dots, dashes, spaces and ISO are accepted."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Format attendu : JJ/MM/AAAA. Exemple : 24/08/2021."))
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", _("Saisissez une date qui existe, sous la forme JJ/MM/AAAA. Exemple : 24/08/2021.")
        )
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "10", "class": "fr-input escale-short"}
        super().__init__(
            widget=forms.TextInput(attrs=attrs),
            input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%Y-%m-%d"],
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


class YesNoField(forms.TypedChoiceField):
    """A question answered by yes or no; nothing is chosen beforehand. The value is a bool."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault("required", _("Répondez par oui ou par non."))
        super().__init__(
            choices=[(YES, _("Oui")), (NO, _("Non"))],
            coerce=lambda value: value == YES,
            widget=forms.RadioSelect(),
            empty_value=None,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value


class VersionedForm(Form):
    """A form about a case that two hands may change: it carries the version its author saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
