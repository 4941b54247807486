"""What the desk keeps of its own: notes among agents, and who has taken a case."""

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
