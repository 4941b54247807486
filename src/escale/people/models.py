"""Posts and agents. Applicants are known by their cases alone: nothing of them is kept outside."""

from __future__ import annotations

from django.db import models


class Post(models.Model):
    """A consular post. ``competent`` for passports, or else ``designated`` takes its applicants (rule P1)."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    city = models.CharField(max_length=80)
    tz = models.CharField(max_length=60)
    address = models.JSONField(default=list, help_text="Lines of the postal address, the country last.")
    postal = models.JSONField(default=dict, help_text="line1, line2, postcode, city, country for labels.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    competent = models.BooleanField(default=True)
    designated = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    carrier = models.CharField(max_length=30, default="dhl")
    posting_asked_at = models.CharField(max_length=12, default="acceptance")
    opening_hours = models.JSONField(default=dict, help_text='{"0": [["09:00", "12:00"]]}, Monday is 0.')

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(posting_asked_at__in=("submission", "acceptance")), name="post_posting_asked_at"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    SUPPORT = "support"
    ADMINISTRATOR = "administrator"


class Agent(models.Model):
    """A consular agent, keyed on what ProConnect says (identity provider and subject). No role: no right."""

    idp_id = models.CharField(max_length=60)
    sub = models.CharField(max_length=200)
    email = models.EmailField()
    given_name = models.CharField(max_length=80)
    usual_name = models.CharField(max_length=80)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idp_id", "sub"], name="agent_identity")]

    def __str__(self) -> str:
        return f"{self.given_name} {self.usual_name}"
