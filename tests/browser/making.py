"""Cases at the points that pages tell apart, each made through the product's own services."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from uuid import uuid4

from escale.case import events as e
from escale.case.decision import Decision
from escale.case.mrz import Mrz
from escale.case.values import Waybill
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import Actor, applicant, job
from escale.people.models import Agent
from escale.ports.courier import Scan, ScanKind as K
from escale.ports.tax_stamp import Payment, PaymentState
from escale.steps.step2_application import queries as step2
from escale.steps.step2_application.service import payment, review
from escale.steps.step3_posted_items import service as posting, service_label
from escale.steps.step4_interview import service as booking, service_decision, service_interview, service_security
from escale.steps.step5_dispatch import service_bench
from escale.steps.step6_delivery import service as parcels
from escale.steps.step8_old_passport import service as returns
from escale.ui.said import Said
from tests.browser.house import HOUR, House
from tests.factories.cases import NOON, a_case, acting
from tests.steps.step2 import building
from tests.steps.step4.scenes import controlled, first_slot
from tests.steps.step5 import builders
from tests.steps.step5.fakes import a_title

DAY = timedelta(days=1)
_numbers = itertools.count(1)


def after(case: Case, *events: e.Event, now: datetime = HOUR) -> Case:
    """The case once these events have happened."""
    with changing(case.id, actor=job("clock"), now=now) as change:
        change.record(Decision(events))
    case.refresh_from_db()
    return case


def me(case: Case) -> Actor:
    return applicant(case.applicant_sub)


def a_waybill() -> Waybill:
    return Waybill.dhl(331881100 + next(_numbers))


def sent_in(house: House, **answers: object) -> Case:
    """An application with the post. Its stamp is its own."""
    number = type(building.GOOD)(f"{4_000_000_000_000_000 + next(_numbers)}")
    house.tax_stamp.sell(number)
    case = building.with_stamp(building.a_draft(**answers), number)
    building.submission.submit(case=case, actor=me(case), now=NOON)
    case.refresh_from_db()
    return case


def to_correct(house: House, agent: Agent, **words: str) -> Case:
    """Sent back with the agent's words."""
    case = sent_in(house)
    said = {item: Said(text) for item, text in words.items()}
    review.ask_correction(case=case, words=said, revision=step2.revision(case.id), actor=acting(agent), now=NOON)
    case.refresh_from_db()
    return case


def paying(house: House, state: PaymentState) -> Case:
    """Back from the payment page with this answer to come."""
    case = building.a_draft()
    house.payment.answer = Payment(state, "P")
    payment.start(case=case, return_url="x", notify_url="y", actor=me(case), now=HOUR)
    return case


def with_label(sub: str | None = None) -> Case:
    """A label made here, nothing posted yet."""
    case = a_case("accepted", sub=sub)
    service_label.generate_label(case_id=case.id, actor=me(case), now=HOUR)
    return case


def posted() -> Case:
    """The envelope is on its way."""
    case = with_label()
    posting.announce(case_id=case.id, carrier="dhl", waybill="", actor=me(case), now=HOUR)
    case.refresh_from_db()
    return case


def opened(agent: Agent) -> Case:
    """The envelope is on the agent's table."""
    case = posted()
    posting.receive(case_id=case.id, actor=acting(agent), now=HOUR)
    case.refresh_from_db()
    return case


def to_replace(agent: Agent) -> Case:
    """A photo that will not do."""
    case = opened(agent)
    posting.ask_again(
        case_id=case.id,
        reasons={"photo": "photo_not_conform", "label": "adult_signature"},
        words={"photo": "Le fond est blanc."},
        actor=acting(agent),
        now=HOUR,
    )
    case.refresh_from_db()
    return case


def booked(now: datetime = HOUR) -> tuple[Case, booking.Booking]:
    """The soonest slot, taken."""
    case = a_case("bookable", now=now - timedelta(minutes=30))
    held = booking.book(case_id=case.id, starts_at=first_slot(case, now).starts_at, actor=me(case), now=now)
    case.refresh_from_db()
    return case, held


def begun() -> tuple[Case, booking.Booking, Actor]:
    """In the middle of the interview."""
    case, held = booked()
    holder = acting(held.agent)
    service_interview.start(case_id=case.id, no_conflict=True, actor=holder, now=held.starts_at)
    case.refresh_from_db()
    return case, held, holder


def held_interview(*, own_doubt: bool = False) -> tuple[Case, Actor, datetime]:
    """Over, ready for a decision."""
    case, booking_, holder = begun()
    now = booking_.starts_at + timedelta(minutes=15)
    controlled(case, holder, now, own_doubt=own_doubt)
    service_interview.hold(case_id=case.id, actor=holder, now=now)
    case.refresh_from_db()
    return case, holder, now


def approved() -> tuple[Case, datetime]:
    case, holder, now = held_interview()
    service_decision.decide(
        case_id=case.id, decision="approve", ground="", reasons=Said(""), reauthenticated_at=now, actor=holder, now=now
    )
    case.refresh_from_db()
    return case, now


def sent_out(house: House, agent: Agent, *, now: datetime = HOUR - DAY) -> tuple[Case, Waybill, str]:
    """The new passport has left the post. Returns the case, its label and the number of the passport."""
    waybill, number = a_waybill(), f"26FR{40000 + next(_numbers)}"
    case = builders.dispatched(house.issuance, acting(agent), a_title(number), waybill, sub=uuid4().hex, now=now)
    return case, waybill, number


def on_the_bench(house: House, agent: Agent, *, now: datetime = HOUR) -> Case:
    number = f"26FR{40000 + next(_numbers)}"
    return builders.at_post(
        house.issuance, acting(agent), a_title(number), waybill=a_waybill(), sub=uuid4().hex, now=now
    )


def scanned(house: House, waybill: Waybill, *kinds: K, now: datetime = HOUR) -> None:
    """What the carrier tells, an hour apart."""
    start = now - timedelta(hours=len(kinds) + 1)
    house.courier.scans[waybill.text] = tuple(
        Scan(start + timedelta(hours=place), kind, "XX", f"Shipment: {kind.value}", "TORONTO - CA")
        for place, kind in enumerate(kinds)
    )
    parcels._last_round.clear()
    parcels.poll_parcels(now=now)


def came_back(house: House, agent: Agent) -> Case:
    """Returned to the post."""
    case, _waybill, number = sent_out(house, agent, now=HOUR - 9 * DAY)
    line1, line2 = a_title(number).mrz.splitlines()
    service_bench.arrive(number=a_title(number).number, zone=Mrz(line1, line2), actor=acting(agent), now=HOUR)
    case.refresh_from_db()
    return case


def with_security(case: Case) -> str:
    """The number the interview gave, as people read it."""
    with changing(case.id, actor=job("test"), now=NOON) as change:
        return service_security.draw(change).grouped


def return_announced(house: House, agent: Agent) -> Case:
    case, _waybill, _number = sent_out(house, agent)
    returns.announce(case_id=case.id, carrier="dhl", typed=a_waybill().text, actor=me(case), now=HOUR)
    case.refresh_from_db()
    return case


def visa_asked(house: House, agent: Agent) -> Case:
    case, _waybill, _number = sent_out(house, agent)
    returns.ask_to_keep(
        case_id=case.id,
        content=building.a_jpeg(),
        filename="visa.jpg",
        until=date(2027, 6, 30),
        actor=me(case),
        now=HOUR,
    )
    return case
