"""What step 5 keeps: orders at issuance, the title produced, parcels sent, new labels for parcels that came back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from escale.ledger.models import Case


class ProductionOrder(models.Model):
    """One attempt to have a passport made. ``key`` is the effect's: a new key is a new attempt after a rejection."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="production_orders")
    key = models.CharField(max_length=90, unique=True)
    number = models.CharField(max_length=60, help_text="Issuance's own number of the order.")
    state = models.CharField(max_length=10, default="open")
    code = models.CharField(max_length=40, blank=True)
    ordered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_poll_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="open"), name="one_open_order_per_case"),
            models.CheckConstraint(condition=Q(state__in=("open", "rejected", "made")), name="production_order_state"),
        ]
        indexes = [models.Index(fields=["next_poll_at"], condition=Q(state="open"), name="production_order_due")]


class ProducedTitle(models.Model):
    """The new passport. One per case, for ever: never two valid new passports for one request."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="produced_title")
    number_index = models.CharField(max_length=64, unique=True, help_text="Keyed digest, to find it by its number.")
    sealed = models.BinaryField(help_text="Sealed: number and machine readable zone.")
    issued_on = models.DateField()
    expires_on = models.DateField()
    produced_at = models.DateTimeField()


class PushedEvent(models.Model):
    """An event pushed by issuance: its id is kept so that a replay counts once."""

    event_id = models.CharField(max_length=120, unique=True)
    received_at = models.DateTimeField()


class ChangesRead(models.Model):
    """How far the changes told by issuance were read: one row, for every worker."""

    only = models.BooleanField(default=True, unique=True)
    cursor = models.CharField(max_length=120, blank=True)
    next_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)


class Dispatch(models.Model):
    """A parcel handed to the carrier: the passport and the applicant's label, both scanned."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="dispatches")
    attempt = models.PositiveSmallIntegerField()
    carrier = models.CharField(max_length=30)
    waybill_index = models.CharField(max_length=64, unique=True, help_text="Keyed digest: a label serves once.")
    sealed = models.BinaryField(help_text="Sealed: the waybill.")
    dispatched_at = models.DateTimeField()
    came_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "attempt"], name="one_dispatch_per_attempt")]


class FreshLabel(models.Model):
    """A new prepaid label for a parcel that came back. Written before the carrier is asked, found by its reference."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="fresh_labels")
    attempt = models.PositiveSmallIntegerField(help_text="The parcel this label is for; the first one had step 3's.")
    reference = models.CharField(max_length=35, unique=True)
    source = models.CharField(max_length=10)
    carrier = models.CharField(max_length=30)
    sealed = models.BinaryField(null=True, help_text="Sealed: the waybill, once known.")
    document_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "attempt"], name="one_fresh_label_per_attempt"),
            models.CheckConstraint(condition=Q(source__in=("generated", "typed")), name="fresh_label_source"),
        ]
