"""What step 2 keeps: answers, documents, stamp, payment, corrections and the reasons of a decision. All sealed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from escale.ledger.models import Case


class Application(models.Model):
    """The answers of one case, saved page after page. ``revision`` grows with every change of content."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="application_form")
    answers = models.BinaryField()
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)


class Document(models.Model):
    """One kind of document: all its pages, from one file or several, made anew. ``findings``: what was read on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="application_documents")
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    findings = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        indexes = [models.Index(fields=["case", "kind"])]
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="one_document_per_kind")]


class Page(models.Model):
    """One page of a document, a JPEG sealed in the vault. ``upload``: the file it came in."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    vault_id = models.UUIDField()
    upload = models.UUIDField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="application_page_place")]


class CheckState(models.TextChoices):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


WAITING = (CheckState.PENDING, CheckState.RUNNING)


class Check(models.Model):
    """The automatic check of one document, done by the worker. ``revision`` grows with its pages: the result of an
    earlier content is dropped. ``due_at``: when to try, or when the lease of the worker that holds it ends."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="reading")
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=CheckState.choices, default=CheckState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    source_quality = models.PositiveSmallIntegerField(null=True, help_text="JPEG quality of the file received.")
    framed = models.BooleanField(default=False, help_text="A photo already in the shape of 35 × 45 mm.")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=WAITING), name="check_to_do")]


class Original(models.Model):
    """A proof of address as it was received, sealed, until its seal is read: a day at most, then erased."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="originals")
    upload = models.UUIDField()
    vault_id = models.UUIDField()
    added_at = models.DateTimeField()


class Contest(models.Model):
    """The applicant says that the automatic check of a document is wrong. It goes away with the document."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="contest")
    at = models.DateTimeField()


class Opinion(models.Model):
    """What an agent said of a document after the machine: counted for publication, kept without any content.

    ``machine``: compliant, to_check, not_compliant or failed. ``reasons``: sealed, when the agent overruled it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    document_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    machine = models.CharField(max_length=15)
    accepted = models.BooleanField()
    contested = models.BooleanField(default=False)
    reasons = models.BinaryField(null=True)
    at = models.DateTimeField()


class StampState(models.TextChoices):
    CHOSEN = "chosen"
    RESERVING = "reserving"
    RESERVED = "reserved"
    CONSUMED = "consumed"
    RELEASING = "releasing"
    RELEASED = "released"
    SPARE = "spare"


USED = (StampState.CHOSEN, StampState.RESERVING, StampState.RESERVED, StampState.CONSUMED)


class Stamp(models.Model):
    """An electronic stamp of a case. One stamp is current at most; the same stamp serves one case only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stamps")
    number = models.BinaryField(help_text="Sealed: a bearer value.")
    number_key = models.CharField(max_length=64, help_text="Keyed digest, so that one stamp serves one case.")
    cents = models.PositiveIntegerField()
    bought_on = models.DateField()
    valid_until = models.DateField()
    bought_here = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=StampState.choices, default=StampState.CHOSEN)
    receipt = models.BinaryField(null=True, help_text="Sealed: number of the receipt, once consumed.")
    chosen_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state__in=USED), name="one_stamp_in_use_per_case"),
            models.UniqueConstraint(fields=["number_key"], condition=Q(state__in=USED), name="one_case_per_stamp"),
        ]


class PaymentState(models.TextChoices):
    INTENT = "intent"
    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ABANDONED = "abandoned"


UNSETTLED = (PaymentState.INTENT, PaymentState.PENDING)
# Left by the applicant, and still asked about: it may have been paid all the same.
UNKNOWN = (*UNSETTLED, PaymentState.ABANDONED)


class Payment(models.Model):
    """A payment intent: written before the partner is called, found again by its reference."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=30, unique=True)
    operation_id = models.CharField(max_length=80, blank=True, db_index=True)
    page_url = models.CharField(max_length=300, blank=True)
    cents = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=PaymentState.choices, default=PaymentState.INTENT)
    raw = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    next_check_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=UNSETTLED), name="one_unsettled_payment_per_case"
            )
        ]
        indexes = [models.Index(fields=["next_check_at"], condition=Q(state__in=UNKNOWN), name="payment_to_check")]


class Correction(models.Model):
    """One item sent back by an agent, with the agent's words; open until the applicant has changed it. ``words`` are
    French; ``words_en`` the same in English where they were written."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    item = models.CharField(max_length=40)
    words = models.BinaryField()
    words_en = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "item"], condition=Q(answered_at__isnull=True), name="one_open_correction_per_item"
            )
        ]


class Ruling(models.Model):
    """Why an agent refused the application or directed the person to an appointment: rule and reasons, in French and,
    where they were written, in English."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="ruling")
    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=10)
    reasons = models.BinaryField()
    reasons_en = models.BinaryField(null=True)
    at = models.DateTimeField()
