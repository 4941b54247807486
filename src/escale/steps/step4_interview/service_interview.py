"""The interview itself: who holds it, the sheet, a failure, its end."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.mrz import Mrz
from escale.case.values import InvalidValue
from escale.ledger.record import Change, changing
from escale.people.actors import Actor
from escale.steps.step3_posted_items.service import opened
from escale.steps.step4_interview import queries, queries_doubts, queries_slots, rules, rules_slots
from escale.steps.step4_interview.access import require, require_agent
from escale.steps.step4_interview.models import Booking, BookingState, Conflict, Interview
from escale.steps.step4_interview.queries import Sheet
from escale.vault import sealing


def open_sheet(*, case_id: UUID, part: str, actor: Actor, now: datetime) -> None:
    """An agent opened the interview's sheet or the photo: the applicant sees it. Raises AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        opened(change, part)


def start(*, case_id: UUID, no_conflict: bool, actor: Actor, now: datetime) -> Interview:
    """Let the applicant in. ``no_conflict``: the agent declares not to know them.

    Raises RuleRefused (``conflict_unsaid``, ``conflict_of_interest``, ``nothing_booked``, ``doors_closed``),
    MoveRefused, AccessDenied.
    """
    if not no_conflict:
        raise RuleRefused("conflict_unsaid")
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        _without_conflict(case_id, actor)
        booking = queries.booking_in_force(case_id)
        if booking is None:
            raise RuleRefused("nothing_booked")
        if not rules.doors_open(booking.starts_at, booking.ends_at, now):
            raise RuleRefused("doors_closed")
        change.record(Decision.of(e.InterviewStarted()))
        drawn = rules.draw_questions(tuple(queries.answers(change.case)), secrets.choice)
        row = Interview(booking=booking, case_id=case_id, agent_id=int(actor.id), started_at=now, sheet=b"")
        row.save()
        write(change, row, Sheet(questions=list(drawn)))
        return row


def _without_conflict(case_id: UUID, actor: Actor) -> None:
    if queries.in_conflict(case_id, actor.id):
        raise RuleRefused("conflict_of_interest")


def write(change: Change, row: Interview, sheet: Sheet) -> None:
    """Seal the sheet."""
    plain = json.dumps(asdict(sheet)).encode()
    row.sheet = sealing.seal_with(change.key, change.case.id, f"sheet|{row.pk}", plain)
    row.save(update_fields=["sheet"])


def under_way(change: Change) -> Interview:
    """The interview this agent is holding. Raises RuleRefused."""
    row = queries.interview(change.case.id)
    if change.case.interview != "in_progress" or row is None:
        raise RuleRefused("not_under_way")
    if str(row.agent_id) != change.actor.id:
        raise RuleRefused("other_agent_holds")
    return row


def fill(
    *, case_id: UUID, controls: Mapping[str, str], own_doubt: bool, remarks: str, actor: Actor, now: datetime
) -> None:
    """Write the verdicts given so far; ``mrz`` and ``challenge`` have their own ways.

    Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = under_way(change)
        sheet = queries.sheet(row)
        for control in ("passport_shown", "face_photo", "face_previous", "answers"):
            if controls.get(control) in rules.VERDICTS:
                sheet.controls[control] = controls[control]
        sheet.own_doubt = own_doubt
        write(change, row, sheet)
        text = remarks.strip().encode()
        row.remarks = sealing.seal_with(change.key, case_id, f"remarks|{row.pk}", text) if text else None
        row.save(update_fields=["remarks"])


def read_mrz(*, case_id: UUID, typed: str, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Compare the two lines of the passport shown with the file; only the fields that differ are kept.

    Raises RuleRefused(``mrz_shape``, ``mrz_check``: typed wrong, or no such passport), AccessDenied.
    """
    try:
        zone = Mrz.parse(typed)
    except InvalidValue as error:
        raise RuleRefused(error.code) from None
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = under_way(change)
        today = now.astimezone(ZoneInfo(change.case.post.tz)).date()
        differing = rules.compare_mrz(zone, queries.on_file(change.case), today=today)
        note_zone(change, row, differing)
        return differing


def note_zone(change: Change, row: Interview, differing: tuple[str, ...]) -> None:
    """Write on the sheet what a zone, typed or read from a still, says against the file."""
    sheet = queries.sheet(row)
    sheet.mrz = list(differing)
    sheet.controls["mrz"] = "doubt" if differing else "ok"
    write(change, row, sheet)


def mrz_unreadable(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """The zone cannot be read on the screen: that is a doubt, not a way around. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = under_way(change)
        sheet = queries.sheet(row)
        sheet.mrz, sheet.controls["mrz"] = ["unreadable"], "doubt"
        write(change, row, sheet)


def report_failure(*, case_id: UUID, side: str, actor: Actor, now: datetime) -> None:
    """Camera, sound or network failed: never a no-show. Under way, the interview stops and may be booked again; before
    it starts, the report is kept and the desk is called. Raises RuleRefused, MoveRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        require(change)
        booking = queries.booking_in_force(case_id)
        if booking is None:
            raise RuleRefused("nothing_booked")
        if change.case.interview == "booked":
            if not rules.doors_open(booking.starts_at, booking.ends_at, now):
                raise RuleRefused("doors_closed")
            booking.failure_reported_at = now
            booking.save(update_fields=["failure_reported_at"])
            change.record(Decision.of(e.AlertRaised(kind="technical_failure")))
            return
        change.record(Decision.of(e.InterviewFailedTechnically(side=side)))
        Interview.objects.filter(booking=booking).update(failed_at=now)
        booking.state = BookingState.FAILED
        booking.save(update_fields=["state"])


def hold(*, case_id: UUID, actor: Actor, now: datetime) -> tuple[str, ...]:
    """The interview is over. Returns the flags that stand. Raises RuleRefused(``controls_missing``), AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = under_way(change)
        sheet = queries.sheet(row)
        change.record(rules.hold(sheet.controls))
        row.held_at = now
        motive, noted = queries.motive(case_id), queries_doubts.noted(row)
        row.flags = list(rules.flags(sheet.controls, motive=motive, own_doubt=sheet.own_doubt, noted=noted))
        row.save(update_fields=["held_at", "flags"])
        Booking.objects.filter(pk=row.booking_id).update(state=BookingState.HELD)
        return tuple(row.flags)


def declare_conflict(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """The agent knows the applicant: another one receives at the same hour, or the slot is given back.

    Raises RuleRefused(``interrupt_first``), AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        if change.case.interview == "in_progress":
            raise RuleRefused("interrupt_first")
        Conflict.objects.get_or_create(case_id=case_id, agent_id=int(actor.id), defaults={"declared_at": now})
        booking = queries.booking_in_force(case_id)
        if booking is None or str(booking.agent_id) != actor.id or change.case.interview != "booked":
            return
        replacement = _free_then(change, booking)
        if replacement is not None:
            booking.agent_id = replacement
            booking.save(update_fields=["agent"])
            return
        change.record(Decision.of(e.InterviewCancelled(by="post")))
        booking.state = BookingState.CANCELLED
        booking.save(update_fields=["state"])


def _free_then(change: Change, booking: Booking) -> int | None:
    for one in queries_slots.receivers(change.case.post, case_id=change.case.id):
        day = booking.starts_at.astimezone(one.tz).date()
        offered = any(slot.starts_at == booking.starts_at for slot in one.slots(day))
        taken = queries_slots.taken_by([one], booking.starts_at, booking.ends_at)[one.agent.pk]
        if offered and not rules_slots.collides(booking.starts_at, booking.ends_at, taken):
            return int(one.agent.pk)
    return None
