"""Cases from the order of the passport on, with everything steps 3 to 5 keep."""

from __future__ import annotations

from datetime import datetime, timedelta

from escale.case.mrz import Mrz
from escale.case.values import Waybill
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.people.models import Post
from escale.ports.issuance import OrderState, Title
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step3_posted_items.models import Posting
from escale.steps.step5_dispatch import service_bench, service_production
from escale.steps.step5_dispatch.models import ProductionOrder
from escale.vault import sealing
from tests.factories.cases import NOON, a_case
from tests.steps.step5.fakes import FakeIssuance, a_title

LABEL = Waybill.dhl(331881002)
STARTED = NOON + timedelta(minutes=30)


def with_label(case: Case, waybill: Waybill = LABEL) -> None:
    """The label verified at step 3."""
    Posting.objects.create(
        case=case,
        carrier=waybill.carrier,
        label_source="typed",
        label_waybill=sealing.seal(case.id, "label_waybill", waybill.text.encode()),
        label_waybill_index=step3.waybill_index(waybill.text),
    )


def ordered(
    *, waybill: Waybill = LABEL, now: datetime = NOON, post: Post | None = None, sub: str | None = None
) -> Case:
    """A case whose order issuance has accepted."""
    case = a_case("approved", now=now, post=post, sub=sub)
    with_label(case, waybill)
    ProductionOrder.objects.create(
        case=case, key=f"{case.reference}-k1", number="N-1", ordered_at=now, next_poll_at=now
    )
    return case


def produced(issuance: FakeIssuance, title: Title | None = None, *, now: datetime = STARTED, **values: object) -> Case:
    """A case whose passport issuance has made."""
    case = ordered(now=now - timedelta(minutes=30), **values)  # type: ignore[arg-type]  # passed on as given
    issuance.states[case.reference] = OrderState("produced", title=title or a_title())
    service_production.poll_orders(now=now)
    case.refresh_from_db()
    return case


def at_post(issuance: FakeIssuance, agent: Actor, title: Title | None = None, **values: object) -> Case:
    """A case whose passport an agent has checked in."""
    made = title or a_title()
    now = values.get("now", STARTED)
    case = produced(issuance, made, **values)  # type: ignore[arg-type]  # passed on as given
    line1, line2 = made.mrz.splitlines()
    service_bench.arrive(number=made.number, zone=Mrz(line1, line2), actor=agent, now=now)  # type: ignore[arg-type]
    case.refresh_from_db()
    return case


def dispatched(
    issuance: FakeIssuance, agent: Actor, title: Title | None = None, waybill: Waybill = LABEL, **values: object
) -> Case:
    """A case whose passport has left the post."""
    made = title or a_title()
    now = values.get("now", STARTED)
    case = at_post(issuance, agent, made, waybill=waybill, **values)
    service_bench.dispatch(number=made.number, waybill_typed=waybill.text, actor=agent, now=now)  # type: ignore[arg-type]
    case.refresh_from_db()
    return case
