"""What step 3 keeps: the label, the envelope, the gate's checks, and who holds the four objects."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from escale.steps.step3_posted_items.rules import HOLDERS, OBJECTS


class LabelSource(models.TextChoices):
    NONE = "", "–"
    GENERATED = "generated", "generated"
    IMPORTED = "imported", "imported"
    TYPED = "typed", "typed"


class Posting(models.Model):
    """The envelope of a case. Waybills are sealed; ``*_index`` is the keyed digest by which they are found."""

    case = models.OneToOneField("ledger.Case", models.PROTECT, primary_key=True, related_name="+")
    carrier = models.CharField(max_length=30, default="dhl")
    label_round = models.PositiveSmallIntegerField(default=1)
    label_source = models.CharField(max_length=10, choices=LabelSource, blank=True, default="")
    label_waybill = models.BinaryField(null=True)
    label_waybill_index = models.CharField(max_length=64, blank=True, default="")
    label_document_id = models.UUIDField(null=True)
    label_findings = models.JSONField(default=list, help_text="[[check, verdict, why], …]: codes alone.")
    label_made_at = models.DateTimeField(null=True)
    label_poll_at = models.DateTimeField(null=True)
    outbound_carrier = models.CharField(max_length=30, blank=True, default="")
    outbound_waybill = models.BinaryField(null=True)
    outbound_waybill_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    announced_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.CharField(max_length=90, blank=True, default="")
    label_scanned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["label_waybill_index"], condition=~Q(label_waybill_index=""), name="one_case_per_label"
            ),
            models.CheckConstraint(condition=Q(label_source__in=LabelSource.values), name="posting_label_source"),
        ]
        indexes = [
            models.Index(fields=["label_poll_at"], condition=Q(label_poll_at__isnull=False), name="label_poll_due"),
            models.Index(fields=["received_at"], name="posting_received"),
        ]


class LabelIntent(models.Model):
    """Written before the carrier is asked for a label: a lost reply is recovered by ``reference``, never repeated."""

    case = models.ForeignKey("ledger.Case", models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=35, unique=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="one_label_per_round")]


class GateCheck(models.Model):
    """One decision of an agent at gate 2. ``words`` are sealed: what the applicant is told, French and English.

    ``reasons``: object → why it is asked again; where all is verified, check → why it needed no tick.
    """

    case = models.ForeignKey("ledger.Case", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=90)
    verdict = models.CharField(max_length=12)
    ticked = models.JSONField(default=list)
    reasons = models.JSONField(default=dict, help_text="object → code of the reason")
    words = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=("verified", "replacement")), name="gate_check_verdict")
        ]
        indexes = [models.Index(fields=["case", "-at"])]


class PrintCheck(models.Model):
    """The last measure of the paper photo on the ruler: one by the applicant, one at the desk. ``findings`` are sealed.

    ``document_id`` is the print seen straight on; ``drawn_fr`` and ``drawn_en`` the same with its marks, without a face
    None.
    """

    case = models.ForeignKey("ledger.Case", models.PROTECT, related_name="+")
    at_desk = models.BooleanField()
    at = models.DateTimeField()
    findings = models.BinaryField()
    document_id = models.UUIDField(null=True)
    drawn_fr = models.UUIDField(null=True)
    drawn_en = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "at_desk"], name="one_print_check_each")]


class PrintAsked(models.Model):
    """A measure of the print that the worker has still to do, and how far it is, in hundredths.

    ``document_id`` is the telephone's picture, sealed, erased with the row. ``due_at``: when to try, or when the lease
    of the worker that holds it ends.
    """

    case = models.ForeignKey("ledger.Case", models.PROTECT, related_name="+")
    at_desk = models.BooleanField()
    document_id = models.UUIDField()
    line_mm = models.FloatField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    share = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "at_desk"], name="one_print_asked_each")]


class Custody(models.Model):
    """Who holds one of the four objects now; each hand-over is also an entry of the ledger."""

    case = models.ForeignKey("ledger.Case", models.PROTECT, related_name="+")
    item = models.CharField(max_length=14)
    holder = models.CharField(max_length=12)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "item"], name="one_holder_per_object"),
            models.CheckConstraint(condition=Q(item__in=OBJECTS), name="custody_item"),
            models.CheckConstraint(condition=Q(holder__in=HOLDERS), name="custody_holder"),
        ]
