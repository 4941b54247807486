"""What the ledger keeps: cases, their chained entries, their deadlines, and what must be done outside."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from escale.case.tracks import STATES, Outcome, Track, Tracks
from escale.people.models import Post


def _track(track: Track) -> models.CharField:
    return models.CharField(max_length=24, default=next(iter(STATES[track])))


class Case(models.Model):
    """A case: nine tracks and an outcome. Written by the ledger alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    version = models.PositiveIntegerField(default=0)
    applicant_sub = models.CharField(max_length=80, db_index=True)
    person_key = models.CharField(max_length=64, help_text="Keyed digest of the NUMIC: one open case per person.")
    household_key = models.CharField(max_length=64, blank=True, db_index=True, help_text="Keyed digest of the address.")
    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    language = models.CharField(max_length=2, default="fr")
    summary = models.BinaryField(help_text="Sealed: names, date of birth, e-mail, address (see ledger.summary).")
    travel_on = models.DateField(null=True)
    identity = _track(Track.IDENTITY)
    application = _track(Track.APPLICATION)
    posted_items = _track(Track.POSTED_ITEMS)
    interview = _track(Track.INTERVIEW)
    dispatch = _track(Track.DISPATCH)
    delivery = _track(Track.DELIVERY)
    receipt = _track(Track.RECEIPT)
    old_passport = _track(Track.OLD_PASSPORT)
    title = _track(Track.TITLE)
    outcome = models.CharField(max_length=20, default=Outcome.OPEN.value)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    last_hash = models.CharField(max_length=64, default="")
    entries_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_key"], condition=Q(outcome="open"), name="one_open_case_per_person"
            ),
            *[
                models.CheckConstraint(condition=Q(**{f"{track.value}__in": list(states)}), name=f"case_{track.value}")
                for track, states in STATES.items()
            ],
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="case_outcome"),
        ]
        indexes = [models.Index(fields=["post", "outcome", "changed_at"])]

    def __str__(self) -> str:
        return self.reference

    @property
    def tracks(self) -> Tracks:
        return {track: getattr(self, track.value) for track in Track}

    @property
    def is_open(self) -> bool:
        return self.outcome == Outcome.OPEN.value


class SearchKey(models.Model):
    """A keyed digest by which a case is found from a sealed value: a name, a passport number, a waybill."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="search_keys")
    digest = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "digest"], name="one_search_key")]


class Entry(models.Model):
    """One event of a case, sealed and chained: its hash covers the one before."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=90)
    actor_role = models.CharField(max_length=20, blank=True)
    event = models.CharField(max_length=40, db_index=True)
    payload = models.BinaryField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="entry_place"),
            models.CheckConstraint(condition=~Q(actor_id=""), name="entry_has_actor"),
        ]


class Deadline(models.Model):
    """A due date of a case. Open while ``closed_at`` is null; re-opening moves the date of the open one."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=30)
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(closed_at__isnull=True), name="one_open_deadline"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="deadline_due")]


class EffectState(models.TextChoices):
    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


class Effect(models.Model):
    """Something to do outside, written with the event that causes it. ``key`` makes it happen once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="effects")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=8, choices=EffectState, default=EffectState.PENDING)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="effect_due")]
