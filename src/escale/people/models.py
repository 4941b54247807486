"""Posts and agents. Applicants are known by their cases alone: nothing of them is kept outside."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import get_language

HEADQUARTERS = "Europe/Paris"
# The language of the State, which every agent speaks, then those of the countries of the procedure.
FRENCH = "fr"
LANGUAGES = (FRENCH, "en", "es", "pt")


def french_alone() -> list[str]:
    return [FRENCH]


class Post(models.Model):
    """A consular post. ``competent`` for passports, or else ``designated`` takes its applicants (rule P1)."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=3, blank=True, default="", help_text="ISO 3166-2, for local holidays: ON.")
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
    words = models.JSONField(default=dict, help_text='{"welcome": {"fr": "…", "en": "…"}}: said to applicants.')

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(posting_asked_at__in=("submission", "acceptance")), name="post_posting_asked_at"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def said(self, kind: str) -> str:
        """The post's own words on something, in the language of the page; empty where it said nothing."""
        given: dict[str, str] = self.words.get(kind, {})
        return given.get("en" if get_language() == "en" else "fr", "")

    @property
    def welcome(self) -> str:
        return self.said("welcome")

    @property
    def how_to_reach(self) -> str:
        return self.said("contact")

    @property
    def about_hours(self) -> str:
        return self.said("opening")


class PostChange(models.Model):
    """One setting of a post, changed by somebody: what it was, and what it became. Never rewritten."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("Agent", on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=30)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["post", "-at"])]


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
    role_until = models.DateField(null=True, blank=True, help_text="The last day of the right, where the post is.")
    languages = models.JSONField(default=french_alone, help_text="Codes of LANGUAGES in which they hold interviews.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idp_id", "sub"], name="agent_identity")]

    def __str__(self) -> str:
        return f"{self.given_name} {self.usual_name}"

    def expired(self, now: datetime) -> bool:
        """Whether the last day of the right is past, where the agent works."""
        return self.role_until is not None and self.role_until < self.day(now)

    def day(self, instant: datetime) -> date:
        """The day where this person works; at headquarters without a post."""
        return instant.astimezone(ZoneInfo(self.post.tz if self.post else HEADQUARTERS)).date()

    def has_right(self, now: datetime) -> bool:
        """Whether this person may do anything at all at this instant."""
        return self.active and bool(self.role) and not self.expired(now)


class RightsChange(models.Model):
    """A right given, changed or ended: by whom, when, until when. Never rewritten."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="rights_changes")
    at = models.DateTimeField()
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agent", "-at"])]
