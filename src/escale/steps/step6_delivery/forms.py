"""What an agent says of a parcel."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.ports.courier import ScanKind
from escale.steps.step6_delivery.reasons import SCANS
from escale.ui.forms import DayField, Form

TYPED_KINDS = (
    ScanKind.ACCEPTED,
    ScanKind.IN_TRANSIT,
    ScanKind.OUT_FOR_DELIVERY,
    ScanKind.DELIVERED,
    ScanKind.EXCEPTION,
    ScanKind.RETURNED,
)


class ParcelForm(forms.Form):
    """One button pressed."""

    what = forms.ChoiceField(choices=[(code, code) for code in ("inquiry", "moving", "back", "lost")])


class ScanForm(Form):
    """A scan read on the carrier's own page. The hour is the one of the post's clock."""

    direction = forms.ChoiceField(
        label=_("Quel pli"),
        choices=[("outbound", _("Nouveau passeport")), ("return", _("Retour de l’ancien passeport"))],
        error_messages={"required": _("Choisissez de quel pli il s’agit.")},
    )
    kind = forms.ChoiceField(
        label=_("Ce que dit le transporteur"),
        choices=[("", _("Choisir")), *((kind.value, SCANS[kind]) for kind in TYPED_KINDS)],
        error_messages={"required": _("Choisissez ce que dit le transporteur.")},
    )
    day = DayField(label=_("Jour"), error_messages={"required": _("Saisissez le jour du passage, tel qu’affiché.")})
    hour = forms.TimeField(
        label=_("Heure, à l’horloge du poste"),
        widget=forms.TextInput(attrs={"class": "fr-input escale-short"}),
        help_text="14:30",
        error_messages={
            "required": _("Saisissez l’heure du passage, telle qu’affichée."),
            "invalid": _("Saisissez une heure ainsi : 14:30."),
        },
    )
    place = forms.CharField(label=_("Lieu"), max_length=80, required=False)

    def instant(self, zone: ZoneInfo) -> datetime:
        """The day and hour typed, in the post's zone."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], zone)
