"""What step 4 keeps: who receives when, bookings, rooms and what passes through them, the sheet, the decision."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

CASE = "ledger.Case"
AGENT = "people.Agent"


class Opening(models.Model):
    """Hours when an agent holds interviews, on the clock of the agent's post. Without any, the post's opening hours."""

    agent = models.ForeignKey(AGENT, models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(help_text="Monday is 0.")
    start = models.TimeField()
    end = models.TimeField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="opening_forwards"),
        ]


class DayOff(models.Model):
    """A day without interviews: of one agent, or of the whole post when ``agent`` is null.

    ``worked``: the contrary, for a public holiday of the host country on which the post receives all the same.
    """

    post = models.ForeignKey("people.Post", models.CASCADE, related_name="+")
    agent = models.ForeignKey(AGENT, models.CASCADE, null=True, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=80, blank=True, default="")
    worked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "agent", "day"], name="one_day_off_of_an_agent"),
            models.UniqueConstraint(fields=["post", "day"], condition=Q(agent=None), name="one_day_off_of_a_post"),
        ]


class Pooling(models.Model):
    """An agent of one post who also holds the interviews of another. ``proposed``: lent, and not accepted yet.

    ``until``: the last day, on the agent's own clock, on which slots are given. The row stays when that day is over:
    what was booked before is still the agent's to hold.
    """

    agent = models.ForeignKey(AGENT, models.CASCADE, related_name="+")
    post = models.ForeignKey("people.Post", models.CASCADE, related_name="+")
    proposed = models.BooleanField(default=False)
    until = models.DateField(null=True)
    asked_by = models.ForeignKey(AGENT, models.PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey(AGENT, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "post"], name="pooled_once")]


class BookingState(models.TextChoices):
    ACTIVE = "active"
    MOVED = "moved"
    CANCELLED = "cancelled"
    MISSED = "missed"
    FAILED = "failed"
    RELEASED = "released"
    HELD = "held"


class Booking(models.Model):
    """One appointment. ``uid`` and ``sequence`` are those of its calendar file: a move keeps the first."""

    case = models.ForeignKey(CASE, models.PROTECT, related_name="+")
    agent = models.ForeignKey(AGENT, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=BookingState, default=BookingState.ACTIVE)
    uid = models.CharField(max_length=60)
    sequence = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    applicant_seen_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True, help_text="When the applicant came to the room.")
    agent_seen_at = models.DateTimeField(null=True)
    failure_reported_at = models.DateTimeField(null=True)
    last_message = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "starts_at"], condition=Q(state__in=("active", "held")), name="one_booking_per_slot"
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(state="active"), name="one_booking_per_case"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_forwards"),
        ]
        indexes = [models.Index(fields=["agent", "starts_at"]), models.Index(fields=["case", "-made_at"])]


class Waiting(models.Model):
    """An applicant who asked to be told of a sooner slot, or of any. ``looked_at``: when a new one was last sought."""

    case = models.OneToOneField(CASE, models.PROTECT, primary_key=True, related_name="+")
    asked_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)


class Offer(models.Model):
    """A slot held for one applicant until ``until``. Kept when it is over: the same slot is not offered twice."""

    case = models.ForeignKey(CASE, models.PROTECT, related_name="+")
    agent = models.ForeignKey(AGENT, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    offered_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_offer_per_case"),
            models.UniqueConstraint(
                fields=["agent", "starts_at"], condition=Q(ended_at=None), name="one_offer_per_slot"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("offered_at")), name="offer_lasts"),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at=None), name="offer_to_end")]


class Freed(models.Model):
    """A slot given back, kept from everybody for the moment it takes to look at the waiting list."""

    agent = models.ForeignKey(AGENT, models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    freed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["freed_at"], condition=Q(settled_at=None), name="slot_to_pass_on")]


class Room(models.Model):
    """The video room of one booking. ``reference`` is our key at the provider; ``kept_by`` the agent in whose name it
    was opened, whom some providers alone obey; ``closes_at`` when it is known."""

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="room")
    reference = models.CharField(max_length=80, unique=True)
    provider = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=300)
    kept_by = models.ForeignKey("people.Agent", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["closes_at"], condition=Q(swept_at__isnull=True), name="room_to_sweep")]


class Signal(models.Model):
    """What the two browsers tell each other through us, sealed, and destroyed when the room closes."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="+")
    seq = models.PositiveIntegerField()
    sender = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)
    body = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["booking", "seq"], name="signal_place")]


class Interview(models.Model):
    """One interview held in a booking. ``sheet`` and ``remarks`` are sealed; ``flags`` are codes."""

    booking = models.OneToOneField(Booking, models.PROTECT, related_name="interview")
    case = models.ForeignKey(CASE, models.PROTECT, related_name="+")
    agent = models.ForeignKey(AGENT, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    sheet = models.BinaryField()
    remarks = models.BinaryField(null=True)
    flags = models.JSONField(default=list)


class Challenge(models.Model):
    """What is asked of the applicant; used once, within seconds. ``why``: the reason for another kind than drawn.

    That of the second device also has ``secret`` (its code and its answer, sealed) and ``lookup`` (the code's digest).
    """

    interview = models.ForeignKey(Interview, models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    why = models.CharField(max_length=20, blank=True, default="")
    drawn_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    passed = models.BooleanField(null=True)
    secret = models.BinaryField(null=True)
    lookup = models.CharField(max_length=64, null=True, unique=True)
    opened_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)


class Still(models.Model):
    """One still picture of the applicant's video: asked by the agent, told to the applicant, then taken and sealed.

    ``document`` is the vault's; ``sha256`` that of the picture kept, also in the chained entry. ``reading``: what the
    machine-readable zone on it said (``match``, ``differs``, ``unread``), empty for a face."""

    interview = models.ForeignKey(Interview, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    document = models.UUIDField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    reading = models.CharField(max_length=10, blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["taken_at"], condition=Q(removed_at__isnull=True), name="still_to_remove")]


class Opinion(models.Model):
    """What an agent decided, or proposed to a second one. ``reasons`` are sealed: French, and English where they were
    written."""

    interview = models.ForeignKey(Interview, models.PROTECT, related_name="+")
    agent = models.ForeignKey(AGENT, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10)
    ground = models.CharField(max_length=30, blank=True, default="")
    reasons = models.BinaryField(null=True)
    reasons_en = models.BinaryField(null=True)
    second = models.BooleanField(default=False)
    at = models.DateTimeField()


class Conflict(models.Model):
    """An agent who declared knowing the applicant: they neither hold the interview nor decide."""

    case = models.ForeignKey(CASE, models.PROTECT, related_name="+")
    agent = models.ForeignKey(AGENT, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "agent"], name="conflict_once")]


class KeptNumber(models.Model):
    """The security number: an argon2id hash to verify it, and a copy sealed with the case's key until confirmation."""

    case = models.OneToOneField(CASE, models.PROTECT, primary_key=True, related_name="+")
    hash = models.CharField(max_length=200)
    sealed = models.BinaryField(null=True)
    drawn_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)


class Readiness(models.Model):
    """The applicant's own settings: the clock they read, the language they speak in the interview (empty: that of
    their case), and the last rehearsal of their equipment."""

    case = models.OneToOneField(CASE, models.PROTECT, primary_key=True, related_name="+")
    tz = models.CharField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=2, blank=True, default="")
    rehearsed_at = models.DateTimeField(null=True)
    camera = models.BooleanField(null=True)
    microphone = models.BooleanField(null=True)
    network = models.BooleanField(null=True)
