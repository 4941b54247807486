"""What people thought of their request: counted without them.

Nothing here tells who answered what. ``Opinion`` counts equal answers of a post and a month, without a line per person,
so that no order and no hour can be matched with anything; ``Answered`` says that the question was answered, not what.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from escale.ledger.models import Case
from escale.people.models import Post

DEGREES = (5, 4, 3, 2, 1)


class Opinion(models.Model):
    """How many times one answer was given. ``month``: its first day. ``steps``: numbers of the poster, in order."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    degree = models.PositiveSmallIntegerField(help_text="5: very well; 1: very badly.")
    steps = models.CharField(max_length=16, blank=True, help_text="What was difficult: « 2,4 ».")
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "month", "degree", "steps"], name="one_count_per_opinion"),
            models.CheckConstraint(condition=Q(degree__in=DEGREES), name="opinion_degree"),
            models.CheckConstraint(condition=Q(month__day=1), name="opinion_month"),
        ]


class Answered(models.Model):
    """The question was answered for this case: once. Neither when nor how."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
