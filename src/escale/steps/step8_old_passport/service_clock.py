"""What the clock does by itself: the end of the forty days, the daily run, the notice to the borders."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Deadline
from escale.ledger.record import changing
from escale.people.actors import job, partner
from escale.ports import directory
from escale.ports.errors import PartnerError, PartnerRefused, PartnerUnavailable
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step5_dispatch.rules import destroyed_from
from escale.steps.step6_delivery import queries as step6, service as parcels
from escale.steps.step6_delivery.models import Parcel
from escale.steps.step8_old_passport import queries, rules
from escale.steps.step8_old_passport.models import Invalidation
from escale.vault.keys import KeyDestroyed

LOG = logging.getLogger("escale.step8")
CLOCK = job("clock")
ASK_EVERY = timedelta(minutes=1)
LOOK_AGAIN = timedelta(hours=1)


def note_hand_over(parcel: Parcel, *, now: datetime) -> None:
    """The carrier has taken the old passport: it counts if the scan was in time."""
    if parcel.accepted_at is None:
        return
    with changing(parcel.case_id, actor=partner("courier"), now=now) as change:
        decision = rules.handed_over(queries.duties(change.case), parcel.accepted_at)
        if decision.events:
            change.record(decision)
            hand_over(change, "old_passport", "courier")


def poll_returns(*, now: datetime) -> None:
    """Returns that step 6 has seen accepted and the law does not know yet."""
    in_time = Deadline.objects.filter(
        case=OuterRef("case"), kind=DeadlineKind.DUTY_END.value, due_at__gt=OuterRef("accepted_at")
    )
    rows = Parcel.objects.filter(
        Exists(in_time),  # late ones would stay here for ever and keep the others waiting
        direction="return",
        accepted_at__isnull=False,
        case__old_passport__in=("due", "announced", "late"),
    ).exclude(case__title__in=("invalidating", "invalidated", "reported", "withdrawn"))
    for parcel in rows.order_by("accepted_at")[:20]:
        note_hand_over(parcel, now=now)


def _ask_once_more(case_id: UUID, now: datetime) -> bool:
    """Ask the carrier about the return before deciding. False when it could not be asked."""
    parcel = step6.current(case_id, "return")
    if parcel is None or not parcel.tracked or parcel.accepted_at is not None:
        return True
    try:
        parcels.ask(parcel=parcel, now=now)
    except PartnerUnavailable as error:
        return error.code == "readings_used_up"
    except PartnerRefused:
        return True
    parcel.refresh_from_db()
    note_hand_over(parcel, now=now)
    return True


REMINDERS = (
    DeadlineKind.DUTY_REMINDER_1,
    DeadlineKind.DUTY_REMINDER_2,
    DeadlineKind.DUTY_REMINDER_3,
    DeadlineKind.DUTY_REMINDER_4,
    DeadlineKind.DUTY_REMINDER_5,
)


def duty_reminder(*, case_id: UUID, now: datetime) -> None:
    """The hour of a reminder has come. Several due at once, after a pause of the worker, are one message."""
    with changing(case_id, actor=CLOCK, now=now) as change:
        waiting = ledger.open_deadlines(case_id)
        due = [kind for kind in REMINDERS if kind in waiting and waiting[kind] <= now]
        decision = rules.remind(queries.duties(change.case), tuple(kind.value for kind in due), now)
        if decision.events:
            change.record(decision)
        for kind in due:
            change.close_deadline(kind)


def duty_end(*, case_id: UUID, now: datetime) -> None:
    """Day 41 has begun: what is missing puts the case on the list."""
    _ask_once_more(case_id, now)
    with changing(case_id, actor=CLOCK, now=now) as change:
        if DeadlineKind.DUTY_END in ledger.open_deadlines(case_id):
            change.record(rules.at_day_forty_one(queries.duties(change.case)))


def invalidation_run(*, case_id: UUID, now: datetime) -> None:
    """The daily run: what is still on the list and not suspended is invalidated. A carrier that cannot be asked about a
    return on its way puts the run off: nobody loses a passport because a partner is silent."""
    asked = _ask_once_more(case_id, now)
    with changing(case_id, actor=job("daily-run"), now=now) as change:
        due = ledger.open_deadlines(case_id).get(DeadlineKind.INVALIDATION_RUN)
        if due is None or due > now:
            return
        if not asked and change.case.old_passport == "late" and change.case.receipt == "confirmed":
            change.postpone(DeadlineKind.INVALIDATION_RUN, now + LOOK_AGAIN)
            return
        change.record(rules.at_the_run(queries.duties(change.case), kept_until=_kept_until(change.case, now)))


def _kept_until(case: Case, now: datetime) -> datetime | None:
    """Until when the post keeps a new passport that came back; None when it holds none, or no longer has to."""
    back = step5.came_back_at(case.id) if case.dispatch == "at_post" else None
    until = destroyed_from(back, step5.zone_of(case)) if back else None
    return until if until is not None and until > now else None


def hold_end(*, case_id: UUID, now: datetime) -> None:
    """A suspension has run out."""
    with changing(case_id, actor=CLOCK, now=now) as change:
        if change.case.title == "held":
            change.record(Decision.of(e.HoldEnded()))


def visa_end(*, case_id: UUID, now: datetime) -> None:
    """The visa has ended: the return is owed again, in forty new days.

    Nothing is owed before the new passport has been sent: until then the question is asked again each day.
    """
    with changing(case_id, actor=CLOCK, now=now) as change:
        if change.case.old_passport != "kept_for_visa":
            return
        if change.case.receipt != "waiting":
            change.record(Decision.of(e.VisaEnded()))
        elif change.case.is_open:
            change.postpone(DeadlineKind.VISA_END, now + timedelta(days=1))


def _reason(event: e.Event) -> str:
    if isinstance(event, e.InvalidationOrdered):
        return event.reason
    if isinstance(event, e.PassportDeclaredLostOrStolen):
        return event.kind
    return "destroyed"


def invalidate_title(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect: order the invalidation. Irreversible and idempotent at issuance; its confirmation is asked for later."""
    made = step5.title(case_id)
    if made is None:
        raise PartnerUnavailable("issuance", "title_not_recorded")
    reason = _reason(event)
    agents = [
        f"{line.actor_kind}:{line.actor_id}"
        for kind in (e.InvalidationOrdered, e.PassportDeclaredLostOrStolen, e.PassportDestroyed)
        if (line := ledger.latest(case_id, kind)) is not None
    ]
    directory.issuance().invalidate(made.number, reason=reason, effective_on=now.date(), agents=tuple(agents))
    Invalidation.objects.get_or_create(
        case_id=case_id, defaults={"reason": reason, "ordered_at": now, "next_poll_at": now}
    )


def poll_invalidations(*, now: datetime) -> None:
    """Ask issuance whether a title is invalid now; only then may the borders be told."""
    for row in Invalidation.objects.filter(confirmed_at__isnull=True, next_poll_at__lte=now)[:20]:
        Invalidation.objects.filter(pk=row.pk).update(next_poll_at=now + ASK_EVERY)
        try:
            made = step5.title(row.case_id)
            if made is None or directory.issuance().validity(made.number) != "invalid":
                continue
        except (PartnerError, KeyDestroyed) as error:
            LOG.warning("the validity of a title is not known: %s", type(error).__name__)
            continue
        with changing(row.case_id, actor=partner("issuance"), now=now) as change:
            if change.case.title == "invalidating":
                change.record(Decision.of(e.InvalidationConfirmed()))
            Invalidation.objects.filter(pk=row.pk).update(confirmed_at=now, next_poll_at=None)


STATUS = {"lost": "lost", "stolen": "stolen"}


def report_to_borders(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect: tell the relay of the national central bureau, once, and only after issuance has confirmed."""
    case = ledger.get(case_id)
    made = step5.title(case_id)
    row = Invalidation.objects.get(case_id=case_id)
    if case.title != "invalidated" or made is None:
        return
    receipt = directory.border_alert().report(
        made.number, status=STATUS.get(row.reason, "invalid"), reason=row.reason, on=now.date(), key=key
    )
    with changing(case_id, actor=partner("border_alert"), now=now) as change:
        if change.case.title == "invalidated":
            change.record(Decision.of(e.BorderAlertRecorded()))
        Invalidation.objects.filter(pk=row.pk).update(item_id=receipt.item_id, recorded_at=now)
