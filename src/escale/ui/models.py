"""Attempts counted for rate limits."""

from django.db import models


class Attempt(models.Model):
    """One attempt at something limited; ``key`` is a keyed digest, never the value tried."""

    key = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"])]
