"""Cases on their way through the interview, by the step's own services."""

from __future__ import annotations

from datetime import datetime, timedelta

from escale.case.mrz import Mrz
from escale.ledger.models import Case
from escale.people.actors import Actor, applicant
from escale.people.models import Agent
from escale.steps.step4_interview import (
    queries,
    queries_slots,
    rules,
    service,
    service_challenge,
    service_decision,
    service_interview,
)
from escale.steps.step4_interview.models import Booking, Offer
from escale.steps.step4_interview.rules_slots import Slot
from escale.ui.said import Said
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent

GOOD = {"passport_shown": "ok", "face_photo": "ok", "face_previous": "ok", "answers": "ok"}
ZONE = Mrz.build(
    surname="DURAND", given_names="Jeanne Marie", number="12AB34567", birth="1962-08-24", sex="F",
    expiry=NOON.date().replace(year=2028),
).text  # fmt: skip


def first_slot(case: Case, now: datetime = NOON) -> Slot:
    """The soonest free slot of the case's post."""
    return queries_slots.free_slots(case.post, now=now, case_id=case.id)[0]


def booked(sub: str, *, agents: int = 1, now: datetime = NOON) -> tuple[Case, list[Agent], Booking]:
    """A validated case with the soonest slot booked, and the agents of its post."""
    a_post()
    staff = [an_agent() for _ in range(agents)]
    case = a_case("bookable", sub=sub, now=now)
    slot = first_slot(case, now)
    booking = service.book(case_id=case.id, starts_at=slot.starts_at, actor=applicant(sub), now=now)
    case.refresh_from_db()
    return case, staff, booking


def an_offer(case: Case) -> Offer:
    """A slot in two days, held for the applicant for four hours."""
    later = NOON + timedelta(days=2)
    values = {"starts_at": later, "ends_at": later + timedelta(minutes=20), "until": NOON + timedelta(hours=4)}
    return Offer.objects.create(case=case, agent=an_agent(), offered_at=NOON, **values)


def started(sub: str, *, agents: int = 1) -> tuple[Case, list[Actor], Booking]:
    """The interview has begun, held by the agent of the booking, who comes first in the list."""
    case, staff, booking = booked(sub, agents=agents)
    holder = acting(booking.agent)
    service_interview.start(case_id=case.id, no_conflict=True, actor=holder, now=booking.starts_at)
    case.refresh_from_db()
    others = [acting(agent) for agent in staff if str(agent.pk) != holder.id]
    return case, [holder, *others], booking


def controlled(case: Case, actor: Actor, now: datetime, *, own_doubt: bool = False, **changed: str) -> None:
    """Every control filled, all good unless told."""
    service_interview.fill(
        case_id=case.id, controls={**GOOD, **changed}, own_doubt=own_doubt, remarks="", actor=actor, now=now
    )
    service_interview.read_mrz(case_id=case.id, typed=ZONE, actor=actor, now=now)
    challenge = service_challenge.draw_challenge(case_id=case.id, actor=actor, now=now)
    service_challenge.judge_challenge(case_id=case.id, challenge_id=challenge.pk, passed=True, actor=actor, now=now)


def held(sub: str, *, agents: int = 1, own_doubt: bool = False, **changed: str) -> tuple[Case, list[Actor], datetime]:
    """The interview is over, ready for a decision."""
    case, actors, booking = started(sub, agents=agents)
    now = booking.starts_at + timedelta(minutes=15)
    controlled(case, actors[0], now, own_doubt=own_doubt, **changed)
    service_interview.hold(case_id=case.id, actor=actors[0], now=now)
    case.refresh_from_db()
    return case, actors, now


def decide(case: Case, actor: Actor, now: datetime, decision: str = "approve", **values: object) -> str:
    """A decision by an agent who has just proved who they are."""
    reasons = Said(str(values.pop("reasons", "")), str(values.pop("reasons_en", "")))
    given = {"ground": "", "reasons": reasons, "reauthenticated_at": now, **values}
    happened = service_decision.decide(case_id=case.id, decision=decision, actor=actor, now=now, **given)  # type: ignore[arg-type]  # built from names
    case.refresh_from_db()
    return happened


__all__ = [
    "GOOD",
    "ZONE",
    "an_offer",
    "booked",
    "controlled",
    "decide",
    "first_slot",
    "held",
    "queries",
    "rules",
    "started",
]
