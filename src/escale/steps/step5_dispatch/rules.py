"""Pure rules of step 5: what issuance's word means, what a parcel must hold, when a passport is destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from escale.case import events as e
from escale.case.deadlines import Frame, at_hour
from escale.case.decision import RuleRefused
from escale.case.mrz import Mrz
from escale.case.policy import number as policy_number
from escale.case.values import PassportNumber, Waybill
from escale.ports.issuance import OrderState, Title

MADE = frozenset({"produced", "sent_to_post"})


def production_events(dispatch: str, state: OrderState) -> tuple[e.Event, ...]:
    """What issuance's state adds to what we know. Production only moves forward: an older state says nothing."""
    started = (e.ProductionStarted(),) if dispatch == "ordered" else ()
    if dispatch not in {"ordered", "in_production"}:
        return ()
    if state.state == "rejected":
        return (e.ProductionRejected(code=state.code[:40]),)
    if state.state in MADE and state.title is not None:
        return (*started, e.PassportProduced())
    if state.state in MADE | {"in_production"}:
        return started
    return ()


@dataclass(frozen=True, slots=True)
class Bench:
    """What the dispatch bench knows of the case whose passport was scanned."""

    dispatch: str
    delivery: str
    closed: bool


def check_zone(number: PassportNumber, zone: Mrz, made: Title | None) -> None:
    """The number printed, the zone printed and what issuance says must agree. Raises RuleRefused."""
    if zone.number != number.text:
        raise RuleRefused("zone_of_another_number")
    if made is not None and made.mrz and made.mrz != zone.text:
        raise RuleRefused("zone_differs")


def arrival(bench: Bench) -> tuple[e.Event, ...]:
    """A passport lies on the bench: it comes from the producer, or a parcel came back. Raises RuleRefused."""
    if bench.dispatch == "produced":
        return (e.PassportArrivedAtPost(),)
    if bench.dispatch == "dispatched" and bench.delivery == "delivered":
        raise RuleRefused("delivered_already")
    if bench.dispatch == "dispatched" and bench.delivery in {"returned", "lost"}:
        return (e.PassportCameBack(),)
    if bench.dispatch == "dispatched":  # the carrier brought it back without saying so
        return (e.ReturnedToSender(), e.PassportCameBack())
    raise RuleRefused("here_already" if bench.dispatch == "at_post" else "not_produced")


def dispatching(bench: Bench, *, scanned: Waybill, expected: Waybill | None, used: bool) -> tuple[e.Event, ...]:
    """One parcel: this passport with this applicant's own label, a label that never served. Raises RuleRefused."""
    if bench.closed:
        raise RuleRefused("case_closed")
    if bench.dispatch != "at_post":
        raise RuleRefused("sent_already" if bench.dispatch == "dispatched" else "not_at_post")
    if expected is None:
        raise RuleRefused("no_label")
    if used:
        raise RuleRefused("label_used")
    if scanned != expected:
        raise RuleRefused("label_of_another_case")
    return (e.PassportDispatched(carrier=scanned.carrier),)


def destroyed_from(came_back_at: datetime, tz: ZoneInfo) -> datetime:
    """When an undeliverable passport may be destroyed: three months kept (décret n° 2005-1726, art. 10)."""
    return at_hour(Frame(came_back_at, tz), policy_number("returned_kept_days", came_back_at.date()), 9)


def destroying(dispatch: str, came_back_at: datetime | None, *, tz: ZoneInfo, now: datetime) -> tuple[e.Event, ...]:
    """Raises RuleRefused: not at the post, never sent, or kept for less than three months."""
    if dispatch != "at_post" or came_back_at is None:
        raise RuleRefused("not_come_back")
    if now < destroyed_from(came_back_at, tz):
        raise RuleRefused("kept_three_months", rule="décret n° 2005-1726, art. 10")
    return (e.PassportDestroyed(),)
