"""What step 1 keeps beside the case, all of it sealed."""

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
