"""What the desk keeps of its own: notes among agents, who has taken a case, and the views an agent keeps."""

from __future__ import annotations

from django.db import models

from escale.ledger.models import Case
from escale.people.models import Agent


class Note(models.Model):
    """A note among agents, sealed with the case's key."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT)
    at = models.DateTimeField()
    text = models.BinaryField()


class Assignment(models.Model):
    """Who has taken a case, if anybody."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="assignment")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT)
    at = models.DateTimeField()


LONGEST_NAME = 40


class SavedView(models.Model):
    """A list an agent comes back to: a queue or a common view, with its filters. Codes alone, nothing that was typed in
    a search."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    code = models.CharField(max_length=20)
    owner = models.CharField(max_length=10, blank=True, default="")
    order = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "name"], name="one_view_of_a_name")]
