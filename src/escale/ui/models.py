"""Attempts counted for rate limits; the sessions that one person has open."""

from django.db import models


class Attempt(models.Model):
    """One attempt at something limited; ``key`` is a keyed digest, never the value tried."""

    key = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"])]


class OpenSession(models.Model):
    """A session that somebody has open on a site; ``who`` is a keyed digest of the site and the person."""

    who = models.CharField(max_length=64, db_index=True)
    session_key = models.CharField(max_length=40, unique=True)
