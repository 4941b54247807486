"""What step 8 keeps: the return of the old passport, visas, suspensions, invalidations, withdrawals, daily counts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from escale.ledger.models import Case
from escale.people.models import Agent


class Return(models.Model):
    """How the old passport comes back. ``reference`` is ours, written before the carrier is asked for a label."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=35, unique=True)
    carrier = models.CharField(max_length=30)
    source = models.CharField(max_length=10, blank=True, help_text="generated or typed; empty while only intended.")
    sealed = models.BinaryField(null=True, help_text="Sealed: the waybill.")
    document_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)


class VisaRequest(models.Model):
    """A request to keep the old passport for its visa."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    document_id = models.UUIDField()
    until = models.DateField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="pending")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="pending"), name="one_pending_visa_request"),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "accepted", "refused")), name="visa_request_state"
            ),
        ]


class Hold(models.Model):
    """A suspension: who, why (sealed), until when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT)
    reason = models.BinaryField()
    at = models.DateTimeField()
    until = models.DateTimeField()


class Invalidation(models.Model):
    """One invalidation of the new passport, from our order to the relay's acknowledgement."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20)
    ordered_at = models.DateTimeField()
    next_poll_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    item_id = models.CharField(max_length=80, blank=True, help_text="The record's id at the border relay.")
    recorded_at = models.DateTimeField(null=True)


class Withdrawal(models.Model):
    """A wrong entry taken back at the relay: one person asks, another confirms."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    reason = models.BinaryField()
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("asked_by")), name="withdrawal_by_two"
            )
        ]


class RelayCount(models.Model):
    """One comparison a day: records in force at the border relay by status, against ours. Numbers of records only."""

    day = models.DateField(unique=True)
    next_try_at = models.DateTimeField()
    compared_at = models.DateTimeField(null=True)
    ours = models.JSONField(default=dict)
    theirs = models.JSONField(default=dict)
    cases_to_look_at = models.PositiveIntegerField(default=0)
    differing = models.JSONField(default=list, help_text="[[case id, kind of alert], …] of the cases to look at.")
