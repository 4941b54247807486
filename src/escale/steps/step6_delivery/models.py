"""What step 6 keeps: parcels that travel, in both directions, and every scan as the carrier gave it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from escale.ledger.models import Case
from escale.steps.step5_dispatch.models import Dispatch


class Parcel(models.Model):
    """A parcel with a carrier. ``outbound``: the new passport; ``return``: the old one.

    ``next_poll_at`` is null when the carrier need not be asked any more, or cannot be asked by us (``tracked`` false).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parcels")
    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, null=True, related_name="parcel")
    direction = models.CharField(max_length=8)
    carrier = models.CharField(max_length=30)
    waybill_index = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField(help_text="Sealed: the waybill.")
    started_at = models.DateTimeField()
    last_sign_at = models.DateTimeField(help_text="The last scan, or the start when there is none.")
    accepted_at = models.DateTimeField(null=True, help_text="The carrier's acceptance scan.")
    ended_at = models.DateTimeField(null=True)
    tracked = models.BooleanField(default=True)
    next_poll_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True)
    polled_on = models.DateField(null=True)
    readings = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=("outbound", "return")), name="parcel_direction"),
            models.UniqueConstraint(
                fields=["case", "direction"],
                condition=Q(ended_at__isnull=True),
                name="one_parcel_under_way",
            ),
            models.UniqueConstraint(fields=["waybill_index", "direction"], name="one_parcel_per_waybill"),
        ]
        indexes = [
            models.Index(fields=["next_poll_at"], condition=Q(next_poll_at__isnull=False), name="parcel_poll_due"),
            models.Index(
                fields=["last_sign_at"],
                condition=Q(ended_at__isnull=True, direction="outbound"),
                name="parcel_silent",
            ),
        ]


class ParcelScan(models.Model):
    """One scan. ``raw`` is the carrier's own code, an open set; words and signature are sealed with the case's key."""

    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="scans")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    raw = models.CharField(max_length=12)
    sealed = models.BinaryField(help_text="Sealed: description, place, who signed.")
    learnt_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["parcel", "at", "raw"], name="one_line_per_scan")]
