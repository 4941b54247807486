"""Follow parcels at the carrier, note its scans, and let each move the case where the law says."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from escale.case import events as e
from escale.case.carriers import CARRIERS, Tracking
from escale.case.decision import Decision, RuleRefused
from escale.case.values import Waybill
from escale.ledger import queries as ledger
from escale.ledger.record import Change, changing
from escale.people.actors import Actor, job, partner
from escale.ports import directory
from escale.ports.courier import Scan
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step5_dispatch.models import Dispatch
from escale.steps.step6_delivery import queries, rules
from escale.steps.step6_delivery.models import Parcel, ParcelScan
from escale.vault import sealing
from escale.vault.keys import KeyDestroyed

LOG = logging.getLogger("escale.step6")
AT_ONCE = 20
KEPT_AFTER_THE_END = timedelta(days=30)  # the carrier's terms: tracking data leave 30 days after delivery
JUMP = timedelta(minutes=2)
COURIER = partner("courier")
OVERLAP = 200  # dispatches written at the same moment may appear out of order
_last_round: list[datetime] = []


def _tracked(carrier: str) -> bool:
    """Whether the carrier answers our questions; others are followed by people."""
    known = CARRIERS.get(carrier)
    return known is not None and known.tracking is Tracking.API


def adopt_dispatches(*, now: datetime) -> None:
    """Begin to follow parcels that step 5 has sent since the last round."""
    last = Parcel.objects.aggregate(last=Max("dispatch_id"))["last"] or 0
    recent = Dispatch.objects.select_related("case").filter(id__gt=last - OVERLAP, parcel__isnull=True)
    for sent in recent.order_by("id")[:AT_ONCE]:
        try:
            bill = step5.waybill_of(sent)
        except KeyDestroyed:
            continue
        with transaction.atomic():
            Parcel.objects.filter(case_id=sent.case_id, direction="outbound", ended_at__isnull=True).update(
                ended_at=sent.dispatched_at, next_poll_at=None
            )
            _begin(sent.case_id, bill, "outbound", sent.dispatched_at, now, dispatch=sent)


def _begin(
    case_id: UUID, bill: Waybill, direction: str, started_at: datetime, now: datetime, dispatch: Dispatch | None = None
) -> Parcel:
    tracked = _tracked(bill.carrier)
    return Parcel.objects.create(
        case_id=case_id,
        dispatch=dispatch,
        direction=direction,
        carrier=bill.carrier,
        waybill_index=step5.waybill_index(bill),
        sealed=sealing.seal(case_id, "parcel", bill.text.encode()),
        started_at=started_at,
        last_sign_at=started_at,
        tracked=tracked,
        next_poll_at=now if tracked else None,
    )


def follow_return(change: Change, bill: Waybill) -> Parcel:
    """Follow the old passport's parcel instead of any other return of the case. Within the caller's change.

    Raises RuleRefused(``waybill_used``): the number already belongs to another parcel.
    """
    case_id = change.case.id
    under_way = Parcel.objects.filter(case_id=case_id, direction="return", ended_at__isnull=True)
    digest = step5.waybill_index(bill)
    same = under_way.filter(waybill_index=digest).first()
    if same is not None:
        return same
    if Dispatch.objects.filter(waybill_index=digest).exists():
        raise RuleRefused("waybill_used")
    under_way.update(ended_at=change.now, next_poll_at=None)
    again = Parcel.objects.filter(case_id=case_id, direction="return", waybill_index=digest).first()
    if again is not None:
        Parcel.objects.filter(pk=again.pk).update(ended_at=None, next_poll_at=change.now if again.tracked else None)
        return again
    try:
        with transaction.atomic():
            return _begin(case_id, bill, "return", change.now, change.now)
    except IntegrityError:
        raise RuleRefused("waybill_used") from None


def stop_following(case_id: UUID, direction: str, *, now: datetime) -> None:
    """The parcel has arrived, or nobody cares any more."""
    Parcel.objects.filter(case_id=case_id, direction=direction, ended_at__isnull=True).update(
        ended_at=now, next_poll_at=None
    )


def follow_again(case_id: UUID, *, now: datetime) -> None:
    """A new passport's parcel has been found: its silence and its readings begin anew."""
    parcel = queries.current(case_id, "outbound")
    if parcel is not None:
        Parcel.objects.filter(pk=parcel.pk).update(
            ended_at=None, last_sign_at=now, next_poll_at=now if parcel.tracked else None
        )


def poll_parcels(*, now: datetime) -> None:
    """Ask the carrier about the parcels whose turn has come, within its fair use."""
    adopt_dispatches(now=now)
    due = Q(next_poll_at__lte=now)
    if _clock_jumped(now):
        due |= ~Q(polled_on=now.date()) | Q(readings__lt=rules.READINGS_A_DAY)
    rows = Parcel.objects.select_related("case__post").filter(due, next_poll_at__isnull=False)
    for parcel in rows.order_by("next_poll_at")[:AT_ONCE]:
        try:
            ask(parcel=parcel, now=now)
        except PartnerUnavailable as error:
            LOG.warning("the carrier is out of reach: %s", error.code)
            wait = max(timedelta(minutes=15), timedelta(seconds=error.retry_after or 0))
            Parcel.objects.filter(pk=parcel.pk).update(next_poll_at=now + wait)
            return
        except PartnerRefused as error:
            LOG.warning("the carrier refuses a question: %s", error.code)
            Parcel.objects.filter(pk=parcel.pk).update(next_poll_at=now + timedelta(days=1), polled_at=now)


def _clock_jumped(now: datetime) -> bool:
    """In demonstration the virtual clock has just been moved: parcels have scans to tell at once."""
    before = _last_round[-1] if _last_round else now
    _last_round[:] = [now]
    return not settings.PRODUCTION and now - before > JUMP


def ask(*, parcel: Parcel, now: datetime) -> None:
    """One reading. Raises PartnerUnavailable, PartnerRefused; a day's readings used up are said as the former."""
    budget = rules.Budget(parcel.polled_on, parcel.readings)
    if not budget.allows(now):
        raise PartnerUnavailable("courier", "readings_used_up", retry_after=rules.ASK_EVERY.total_seconds())
    spent = budget.after(now)
    Parcel.objects.filter(pk=parcel.pk).update(
        polled_on=spent.day, readings=spent.readings, next_poll_at=rules.next_reading(now, spent)
    )
    try:
        found = directory.courier().track(queries.waybill(parcel))
    except KeyDestroyed:
        stop_following(parcel.case_id, parcel.direction, now=now)
        return
    note(parcel=parcel, scans=found, now=now)
    Parcel.objects.filter(pk=parcel.pk).update(polled_at=now)


def note(*, parcel: Parcel, scans: Sequence[Scan], now: datetime, actor: Actor = COURIER) -> None:
    """Keep the scans not yet known; those of a new passport move its delivery track."""
    fresh = _unknown(parcel, scans)
    case = ledger.get(parcel.case_id)
    over = parcel.direction == "outbound" and (case.delivery in {"delivered", "lost"} or case.dispatch != "dispatched")
    if parcel.direction == "outbound" and not over and rules.outbound_events(case.delivery, fresh):
        with changing(parcel.case_id, actor=actor, now=now) as change:
            events = rules.outbound_events(change.case.delivery, _unknown(parcel, scans))
            change.record(Decision(events))
            if any(isinstance(event, e.Delivered) for event in events):
                hand_over(change, "new_passport", "applicant")
            _keep(parcel, fresh, now)
    else:
        with transaction.atomic():
            _keep(parcel, fresh, now)
    if over:
        Parcel.objects.filter(pk=parcel.pk, ended_at__isnull=True).update(ended_at=now, next_poll_at=None)


def _unknown(parcel: Parcel, scans: Iterable[Scan]) -> list[Scan]:
    known = {(scan.at, scan.raw) for scan in queries.kept_scans(parcel)}
    return [scan for scan in scans if (scan.at, scan.raw[:12]) not in known]


def _keep(parcel: Parcel, fresh: Sequence[Scan], now: datetime) -> None:
    for scan in fresh:
        words = "\x1f".join(text.replace("\x1f", " ") for text in (scan.description, scan.place, scan.signed_by))
        ParcelScan.objects.get_or_create(
            parcel=parcel,
            at=scan.at,
            raw=scan.raw[:12],
            defaults={
                "kind": scan.kind.value,
                "sealed": sealing.seal(parcel.case_id, "scan", words.encode()),
                "learnt_at": now,
            },
        )
    if not fresh:
        return
    ended = [scan.at for scan in fresh if scan.kind in rules.ENDED]
    taken = rules.accepted_at(fresh)
    values: dict[str, object] = {"last_sign_at": max(parcel.last_sign_at, *(scan.at for scan in fresh))}
    if taken is not None and (parcel.accepted_at is None or taken < parcel.accepted_at):
        values["accepted_at"] = taken
    if ended:
        values |= {"ended_at": max(ended), "next_poll_at": None}
    Parcel.objects.filter(pk=parcel.pk).update(**values)


def poll_silence(*, now: datetime) -> None:
    """Open an inquiry on new passports whose carrier has said nothing for ten days, once it was asked in vain."""
    earliest = now - timedelta(days=9)
    rows = Parcel.objects.select_related("case__post").filter(
        direction="outbound", ended_at__isnull=True, last_sign_at__lte=earliest, case__delivery__in=rules.IN_THE_AIR
    )
    for parcel in rows.order_by("last_sign_at")[:AT_ONCE]:
        silent = rules.silent_from(parcel.last_sign_at, ZoneInfo(parcel.case.post.tz))
        if now >= silent and (not parcel.tracked or (parcel.polled_at and parcel.polled_at >= silent)):
            open_inquiry_when_silent(parcel=parcel, now=now)


def open_inquiry_when_silent(*, parcel: Parcel, now: datetime) -> None:
    """Idempotent: an inquiry already open, or a scan since, leaves everything as it is."""
    parcel.refresh_from_db()
    with changing(parcel.case_id, actor=job("clock"), now=now) as change:
        zone = ZoneInfo(change.case.post.tz)
        change.record(Decision(rules.inquiry(change.case.delivery, last_sign=parcel.last_sign_at, tz=zone, now=now)))


def transit_silence(*, case_id: UUID, now: datetime) -> None:
    """The deadline of step 6: ask the carrier a last time, then open the inquiry if it has been silent.

    When it cannot be asked now, `poll_silence` opens the inquiry once it could.
    """
    parcel = queries.current(case_id, "outbound")
    if parcel is None or parcel.ended_at is not None:
        return
    if parcel.tracked:
        try:
            ask(parcel=parcel, now=now)
        except PartnerUnavailable as error:
            LOG.warning("the carrier does not answer about a silent parcel: %s", error.code)
            return
        except PartnerRefused as error:  # it knows nothing of this parcel: that is a silence too
            LOG.warning("the carrier refuses a question about a silent parcel: %s", error.code)
    parcel.refresh_from_db()
    zone = step5.zone_of(ledger.get(case_id))
    if parcel.ended_at is None and now >= rules.silent_from(parcel.last_sign_at, zone):
        open_inquiry_when_silent(parcel=parcel, now=now)


def forget_scans(*, now: datetime) -> None:
    """Delete the scans of parcels that ended more than thirty days ago; the dates that matter stay with the parcel."""
    old = Parcel.objects.filter(
        ended_at__lt=now - KEPT_AFTER_THE_END, scans__isnull=False, case__title__in=("active", "reported", "withdrawn")
    )
    ids = list(old.values_list("pk", flat=True).distinct()[:AT_ONCE])
    if ids:
        ParcelScan.objects.filter(parcel_id__in=ids).delete()
