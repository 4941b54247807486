"""Forms of agents lent from post to post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.people.models import Agent, Post
from escale.ui.forms import DayField, Form


class ProposeForm(Form):
    agent = forms.ModelChoiceField(
        label=_("Agent de votre poste"),
        queryset=Agent.objects.none(),
        error_messages={"required": _("Choisissez l’agent que vous prêtez.")},
    )
    post = forms.ModelChoiceField(
        label=_("Poste à aider"),
        queryset=Post.objects.none(),
        error_messages={"required": _("Choisissez le poste à aider.")},
    )

    def __init__(self, *args: Any, team: list[Agent], own: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].queryset = Agent.objects.filter(pk__in=[one.pk for one in team])
        others = Post.objects.filter(competent=True).exclude(pk=own.pk).order_by("name")
        self.fields["post"].queryset = others


class EndForm(Form):
    until = DayField(
        label=_("Dernier jour de créneaux"),
        error_messages={"required": _("Saisissez le dernier jour où cet agent donne des créneaux à ce poste.")},
    )
