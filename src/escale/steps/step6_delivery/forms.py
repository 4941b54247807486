"""What an agent says of a parcel."""

from __future__ import annotations

from django import forms


class ParcelForm(forms.Form):
    """One button pressed."""

    what = forms.ChoiceField(choices=[(code, code) for code in ("inquiry", "moving", "back", "lost")])
