"""What step 1 keeps beside the case: sealed, but for the codes of the rules that said no."""

from __future__ import annotations

from django.db import models

from escale.ledger.models import Case


class Eligibility(models.Model):
    """The proof of who signed in, and what was declared about the current passport.

    ``evidence``: the sign-in's level and the userinfo signed by FranceConnect+. ``declared``: dates of the passport and
    the answers to X1–X5, kept page after page until the rules have spoken.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="eligibility")
    evidence = models.BinaryField()
    declared = models.BinaryField()
    register_facts = models.BinaryField(help_text="Sealed: dates of registration and residence on the day of matching.")


class RefusedRule(models.Model):
    """A rule that said no to a case: its code alone, for the figures of the evaluation report, which outlive the key.

    ``late``: an agent found it once the application had been sent.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=10)
    late = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "rule", "late"], name="one_line_per_refused_rule")]
        indexes = [models.Index(fields=["at"])]
