"""The tags of django-dsfr, with our own mark for a field that may stay empty. Templates load them by their own name."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.translation import gettext as _
from dsfr.templatetags import dsfr_tags

register = template.Library()
register.tags.update(dsfr_tags.register.tags)
register.filters.update(dsfr_tags.register.filters)


@register.simple_tag
def dsfr_mark_optionnal_fields(bf: BoundField) -> str:
    """Nothing for what must be filled in, nor for what another answer asks for: its help text says when."""
    if bf.field.required or getattr(bf.field, "conditional", False):
        return ""
    return f" ({_('facultatif')})"
