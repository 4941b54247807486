"""The room: opened and closed at its provider; presence, and what the two browsers tell each other through us.

Messages carry a number, and a reader asks for those « after n »: none is lost to a request that died. They are sealed,
and destroyed when the room closes. Nothing of picture or sound passes here, and nothing is recorded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import Actor
from escale.people.models import Agent
from escale.ports import directory
from escale.ports.errors import PartnerError, PartnerRefused, PartnerUnavailable
from escale.ports.webconference import Room as ProviderRoom
from escale.steps.step4_interview import queries, queries_room, rules, service_still
from escale.steps.step4_interview.access import require_agent
from escale.steps.step4_interview.models import Booking, BookingState, Challenge, Room, Signal, Still
from escale.steps.step4_interview.service import release
from escale.steps.step4_interview.service_interview import under_way
from escale.vault import keys, sealing

KINDS = frozenset({"hello", "ready", "offer", "answer", "candidate", "chat", "state", "bye"})
# Before the applicant is let in, words alone pass.
BEFORE_ADMISSION = frozenset({"chat", "hello", "ready", "state", "bye"})
EMBEDDED = "embedded"
LONGEST = 24_000
MOST = 6_000
PRESENCE = timedelta(seconds=5)
FORGOTTEN = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class RoomView:
    """What one side sees. ``phase``: early, waiting, called, over; ``messages`` are the other side's."""

    phase: str
    present: bool
    last: int
    messages: list[dict[str, Any]]
    challenge: Challenge | None
    still: Still | None
    taken: Still | None
    wait: queries_room.Wait | None


def open_room(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect: a new room for one booking. An interview that has begun in ours meanwhile, since the provider was out of
    reach, is not torn out of it. Raises PartnerUnavailable."""
    slot = getattr(event, "slot", "")
    booking = (
        Booking.objects.select_related("agent").filter(pk=slot, case_id=case_id).first() if slot.isdigit() else None
    )
    if booking is None or booking.state != BookingState.ACTIVE or queries.room(booking) is not None:
        return
    if ledger.get(case_id).interview != "booked":
        return
    made = directory.webconference().open_room(
        reference=key, starts_at=booking.starts_at, ends_at=booking.ends_at, agent_email=booking.agent.email
    )
    Room.objects.get_or_create(
        booking=booking,
        defaults={
            "reference": key,
            "provider": made.provider,
            "name": made.name,
            "url": made.url,
            "kept_by": booking.agent,
            "opened_at": now,
        },
    )


def close_room(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect: rooms that no longer serve close. After a decision the room stays a quarter of an hour, to hand the
    security number over; a booking that no longer stands gives its slot back."""
    case = ledger.get(case_id)
    gone = case.interview in {"locked", "bookable"} or (not case.is_open and case.interview == "booked")
    if gone:
        release(case_id, now=now)
    decided = isinstance(event, e.InterviewApproved | e.InterviewRefused | e.InterviewDirectedInPerson)
    closing = now + rules.HAND_OVER if decided else now
    rooms = Room.objects.filter(booking__case_id=case_id, closes_at__isnull=True)
    rooms.exclude(booking__state=BookingState.ACTIVE).update(closes_at=closing)


def sweep_rooms(*, now: datetime, limit: int = 20) -> None:
    """Poll: destroy what passed through rooms that are closed, and close them at their provider."""
    over = Q(closes_at__lte=now) | Q(booking__ends_at__lte=now - FORGOTTEN)
    for room in Room.objects.filter(over, swept_at__isnull=True).order_by("pk")[:limit]:
        try:
            directory.webconference().close_room(ProviderRoom(room.provider, room.name, room.url))
        except PartnerError:
            continue  # the next round tries again
        with transaction.atomic():
            Signal.objects.filter(booking_id=room.booking_id).delete()
            Room.objects.filter(pk=room.pk).update(swept_at=now, closes_at=room.closes_at or now)


def side_of(actor: Actor) -> str:
    return "applicant" if actor.kind == "applicant" else "agent"


def booking_of(case: Case, now: datetime) -> Booking:
    """The booking whose room is open now. Raises RuleRefused(``nothing_booked``, ``doors_closed``)."""
    booking = queries.last_booking(case.id)
    if booking is None or booking.state not in {BookingState.ACTIVE, BookingState.HELD}:
        raise RuleRefused("nothing_booked")
    if not rules.doors_open(booking.starts_at, booking.ends_at, now):
        raise RuleRefused("doors_closed")
    return booking


def phase(case: Case, booking: Booking, now: datetime) -> str:
    """``early`` before the doors open, ``waiting`` until the agent lets the applicant in, ``called``, then ``over``."""
    room = queries.room(booking)
    if now < booking.starts_at - rules.DOORS_BEFORE:
        return "early"
    if room is not None and room.closes_at is not None and room.closes_at <= now:
        return "over"
    if not rules.doors_open(booking.starts_at, booking.ends_at, now) or booking.state in {
        BookingState.CANCELLED,
        BookingState.MISSED,
        BookingState.FAILED,
        BookingState.MOVED,
        BookingState.RELEASED,
    }:
        return "over"
    return "waiting" if case.interview == "booked" else "called"


def say(*, case: Case, kind: str, body: dict[str, Any], actor: Actor, now: datetime) -> int:
    """Leave a message for the other side; returns its number. Raises RuleRefused."""
    booking = booking_of(case, now)
    where = phase(case, booking, now)
    if kind not in KINDS or where == "over" or (where == "waiting" and kind not in BEFORE_ADMISSION):
        raise RuleRefused("message_refused")
    plain = json.dumps(body, ensure_ascii=False).encode()
    if len(plain) > LONGEST or booking.last_message >= MOST:
        raise RuleRefused("message_too_long")
    with transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(last_message=F("last_message") + 1)
        number = Booking.objects.values_list("last_message", flat=True).get(pk=booking.pk)
        sealed = sealing.seal(case.id, f"signal|{booking.pk}|{number}", plain)
        Signal.objects.create(booking=booking, seq=number, sender=side_of(actor), kind=kind, body=sealed, at=now)
    return int(number)


def look(*, case: Case, after: int, actor: Actor, now: datetime) -> RoomView:
    """What happened since message ``after``; being here is noted. Raises RuleRefused."""
    booking = booking_of(case, now)
    side = side_of(actor)
    _note_presence(booking, side, now)
    if side == "applicant":
        service_still.told(booking, now)
    where = phase(case, booking, now)
    called = where == "called"
    other = booking.agent_seen_at if side == "applicant" else booking.applicant_seen_at
    rows = Signal.objects.filter(booking=booking, seq__gt=after).exclude(sender=side).order_by("seq")[:200]
    return RoomView(
        phase=where,
        present=other is not None and now - other <= rules.PRESENT,
        last=booking.last_message,
        messages=_opened(case.id, booking.pk, list(rows)),
        challenge=queries.challenge_shown(booking, now) if called else None,
        still=queries_room.still_asked(booking, now) if called else None,
        taken=queries_room.last_still(booking, now) if called else None,
        wait=queries_room.wait(booking, now) if where == "waiting" else None,
    )


def _note_presence(booking: Booking, side: str, now: datetime) -> None:
    name = f"{side}_seen_at"
    seen = getattr(booking, name)
    if seen is None or now - seen >= PRESENCE:
        noted = {name: now}
        if side == "applicant" and (seen is None or now - seen > rules.CAME_BACK):
            noted["waiting_since"] = now
        Booking.objects.filter(pk=booking.pk).update(**noted)


def _opened(case_id: UUID, booking_id: int, rows: list[Signal]) -> list[dict[str, Any]]:
    if not rows:
        return []
    key = keys.of_case(case_id)
    return [
        {
            "n": row.seq,
            "from": row.sender,
            "kind": row.kind,
            "body": json.loads(sealing.open_with(key, case_id, f"signal|{booking_id}|{row.seq}", row.body)),
        }
        for row in rows
    ]


def conversation(case: Case, booking: Booking) -> list[dict[str, Any]]:
    """What was written so far, for somebody who comes back."""
    rows = Signal.objects.filter(booking=booking, kind="chat").order_by("seq")
    return _opened(case.id, booking.pk, list(rows))


def provider_of(booking: Booking) -> str:
    """Whose room a booking has; ours until the worker has opened one."""
    room = queries.room(booking)
    return room.provider if room is not None else EMBEDDED


def in_anothers_name(booking: Booking, agent_id: str) -> Agent | None:
    """Who keeps the room of another provider, when it is not this agent: some providers obey its keeper alone."""
    room = queries.room(booking)
    if room is None or room.provider == EMBEDDED or room.kept_by is None or str(room.kept_by_id) == agent_id:
        return None
    return room.kept_by


def backups(booking: Booking, agent_id: str) -> tuple[str, ...]:
    """The providers that can take over when the picture does not pass, or when the room is in another's name."""
    used = provider_of(booking)
    others = directory.webconference().others(used)
    return (used, *others) if in_anothers_name(booking, agent_id) else others


def open_backup(*, case_id: UUID, actor: Actor, now: datetime) -> str:
    """The agent goes on in another provider's room, when the picture does not pass here, or in one in their own name:
    both sides are given its address, and the chat stays. Returns the provider. Raises AccessDenied,
    RuleRefused(``no_backup``, ``backup_silent``, ``backup_refused``)."""
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        booking = under_way(change).booking
    left, keeper = backups(booking, actor.id), Agent.objects.get(pk=actor.id)
    used = provider_of(booking)
    reference = f"{change.case.reference}-{booking.pk}-by-{actor.id}-instead-of-{used}"
    if not left:
        raise RuleRefused("no_backup")
    try:
        made = directory.webconference().open_room(
            reference=reference,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            agent_email=keeper.email,
            without=frozenset({used, EMBEDDED} - set(left)),
        )
    except PartnerUnavailable as error:
        said_no = isinstance(error.__cause__, PartnerRefused)
        raise RuleRefused("backup_refused" if said_no else "backup_silent") from None
    made_now = {"provider": made.provider, "name": made.name, "url": made.url, "kept_by": keeper}
    Room.objects.update_or_create(
        booking=booking,
        defaults=made_now,
        create_defaults={"reference": reference, "opened_at": now, **made_now},
    )
    return made.provider


def address(*, case: Case, actor: Actor, display_name: str, now: datetime) -> str:
    """Where to go when the room is another provider's; empty when it is ours. Raises RuleRefused, PartnerRefused."""
    booking = booking_of(case, now)
    room = queries.room(booking)
    if room is None or room.provider == EMBEDDED:
        return ""
    return directory.webconference().join_url(
        ProviderRoom(room.provider, room.name, room.url),
        person=keys.index("room", actor.label)[:16],
        display_name=display_name,
        moderator=actor.kind == "agent",
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
    )
