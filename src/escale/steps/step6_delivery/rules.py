"""Pure rules of step 6: what a carrier's scans mean, when it may be asked again, when a parcel has gone silent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from escale.case import events as e
from escale.case.deadlines import Frame, start_of_day
from escale.case.decision import RuleRefused
from escale.case.policy import number as policy_number
from escale.case.tracks import Track
from escale.case.transitions import MOVES
from escale.ports.courier import Scan, ScanKind

# MyDHL's fair use is ten readings of a shipment a day (partners.md §3); we stay below.
READINGS_A_DAY = 8
ASK_EVERY = timedelta(hours=3)
TYPED = "AGENT"  # in place of the carrier's code, when a person typed the scan
TYPED_AT_MOST_BEFORE = timedelta(days=60)
ENDED = frozenset({ScanKind.DELIVERED, ScanKind.RETURNED})
IN_THE_AIR = frozenset({"in_transit", "out_for_delivery", "exception"})


def _meaning(state: str, scan: Scan) -> tuple[e.Event, ...]:
    """What one scan says of a parcel in this state; nothing when it says nothing new."""
    if scan.kind is ScanKind.DELIVERED:
        return (e.Delivered(source="carrier"),)
    if scan.kind is ScanKind.RETURNED:
        return (e.ReturnedToSender(),)
    if scan.kind is ScanKind.OUT_FOR_DELIVERY:
        found_again = (e.TransitResumed(),) if state == "inquiry" else ()
        return (*found_again, e.OutForDelivery())
    if scan.kind in {ScanKind.EXCEPTION, ScanKind.CANCELLED}:
        return (e.DeliveryException(code=scan.raw[:12]),)
    if scan.kind in {ScanKind.ACCEPTED, ScanKind.IN_TRANSIT} and state in {"exception", "inquiry"}:
        return (e.TransitResumed(),)
    return ()


def outbound_events(delivery: str, scans: Iterable[Scan]) -> tuple[e.Event, ...]:
    """Events of the delivery track that these new scans (oldest first) add, by the law alone.

    When several scans come at once only where they lead is told: an incident already over is not announced.
    """
    state, told = delivery, list[e.Event]()
    for scan in scans:
        for event in _meaning(state, scan):
            target = MOVES[Track.DELIVERY].get((state, type(event)))
            if target is not None:
                state = target
                told.append(event)
    return _shortest(delivery, told)


def _shortest(state: str, told: list[e.Event]) -> tuple[e.Event, ...]:
    """The end of ``told`` alone, when the law allows to go there at once; nothing when all is as before.

    A second failed attempt is told again, although it leads where the first one did.
    """
    if told and _leads(state, told) == state != "exception":
        return ()
    for start in range(len(told) - 1, 0, -1):
        if _leads(state, told[start:]) == _leads(state, told):
            return tuple(told[start:])
    return tuple(told)


def _leads(state: str, events: list[e.Event]) -> str | None:
    for event in events:
        target = MOVES[Track.DELIVERY].get((state, type(event)))
        if target is None:
            return None
        state = target
    return state


def accepted_at(scans: Iterable[Scan]) -> datetime | None:
    """The acceptance scan: when the carrier took the parcel. Any later movement proves it too."""
    moved = {
        ScanKind.ACCEPTED,
        ScanKind.IN_TRANSIT,
        ScanKind.OUT_FOR_DELIVERY,
        ScanKind.DELIVERED,
        ScanKind.RETURNED,
    }
    return min((scan.at for scan in scans if scan.kind in moved), default=None)


@dataclass(frozen=True, slots=True)
class Budget:
    """How many times a carrier was asked about a parcel on one day (UTC)."""

    day: date | None
    readings: int

    def after(self, now: datetime) -> Budget:
        """One more reading."""
        today = now.astimezone(UTC).date()
        return Budget(today, self.readings + 1 if self.day == today else 1)

    def allows(self, now: datetime) -> bool:
        return self.day != now.astimezone(UTC).date() or self.readings < READINGS_A_DAY


def next_reading(now: datetime, budget: Budget) -> datetime:
    """When to ask again: in three hours, or tomorrow when the day's readings are used up."""
    if budget.allows(now):
        return now + ASK_EVERY
    tomorrow = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return max(tomorrow, now + timedelta(minutes=1))


def silent_from(last_sign: datetime, tz: ZoneInfo) -> datetime:
    """When a parcel without any scan since ``last_sign`` calls for an inquiry."""
    return start_of_day(Frame(last_sign, tz), policy_number("transit_silence_days", last_sign.date()) + 1)


def inquiry(delivery: str, *, last_sign: datetime, tz: ZoneInfo, now: datetime) -> tuple[e.Event, ...]:
    """Open an inquiry when the carrier has been silent for ten days; nothing otherwise."""
    if delivery in IN_THE_AIR and now >= silent_from(last_sign, tz):
        return (e.InquiryOpened(),)
    return ()


def dispute(delivery: str, receipt: str) -> tuple[e.Event, ...]:
    """« Ce n’est pas moi qui l’ai reçu ». Raises RuleRefused."""
    if receipt == "confirmed":
        raise RuleRefused("receipt_confirmed")
    if delivery != "delivered":
        raise RuleRefused("not_delivered")
    return (e.DeliveryDisputed(),)


def found(delivery: str, where: str) -> tuple[e.Event, ...]:
    """An inquiry ends well: the parcel goes on (``moving``) or comes to the post (``back``). Raises RuleRefused."""
    if delivery != "inquiry":
        raise RuleRefused("no_inquiry")
    return {"moving": (e.TransitResumed(),), "back": (e.ReturnedToSender(),)}[where]


def lost(delivery: str, dispatch: str) -> tuple[e.Event, ...]:
    """The carrier will not find it: the passport is declared lost and its title invalidated. Raises RuleRefused."""
    if dispatch != "dispatched":
        raise RuleRefused("at_the_post")
    if delivery not in {"inquiry", "returned"}:
        raise RuleRefused("inquiry_first")
    return (e.DeclaredLost(),)


def typed_scan(kind: ScanKind, at: datetime, *, started_at: datetime, now: datetime) -> Scan:
    """What an agent read on the carrier's own page, or on a deposit receipt. Raises RuleRefused.

    A return may have been posted before its number was announced; nothing has been scanned in the future.
    """
    if at > now:
        raise RuleRefused("scan_in_the_future")
    if at < started_at - TYPED_AT_MOST_BEFORE:
        raise RuleRefused("scan_too_old")
    return Scan(at, kind, TYPED, "", "")


def suspect(delivery: str) -> tuple[e.Event, ...]:
    """An agent opens the inquiry before the ten days. Raises RuleRefused."""
    if delivery not in IN_THE_AIR:
        raise RuleRefused("not_travelling")
    return (e.InquiryOpened(),)
