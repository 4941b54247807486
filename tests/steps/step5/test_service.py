"""Order, follow, check in, dispatch, send again, destroy."""

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import RuleRefused
from escale.case.mrz import Mrz
from escale.case.values import PassportNumber, Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.search import find
from escale.people.access import AccessDenied
from escale.people.actors import Actor, applicant
from escale.ports.errors import PartnerUnavailable
from escale.ports.issuance import IssuanceEvent, OrderState
from escale.steps.step2_application import queries as step2
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step5_dispatch import handlers, queries, service_bench, service_production
from escale.steps.step5_dispatch.models import ProductionOrder
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.steps.step3.fakes import FakeCourier
from tests.steps.step5.builders import LABEL, STARTED, at_post, dispatched, ordered, produced
from tests.steps.step5.fakes import FakeIssuance, a_title

pytestmark = pytest.mark.django_db
NEW_LABEL = Waybill.dhl(109925599)


@pytest.fixture
def agent() -> Actor:
    return acting(an_agent())


def holder(case: Case, item: str = "new_passport") -> str:
    return {line.item: line.holder for line in step3.custody(case.id)}[item]


def application(**values: object) -> step2.Application:
    """What step 2 would hold of a paid request."""
    given = {
        "motive": "expiring",
        "usage_name": "MARTIN",
        "height_cm": 168,
        "eye_colour": "brown",
        "passport_number": PassportNumber("12AB34567"),
        "free": False,
        "keeps_expiry": False,
        "stamp_receipt": "Q-1",
        **values,
    }
    missing = {name: None for name in step2.Application.__dataclass_fields__ if name not in given}
    return step2.Application(**{**missing, **given})  # type: ignore[arg-type]  # only what the order reads


@pytest.fixture
def step2_holds(monkeypatch: pytest.MonkeyPatch):
    def hold(**values: object) -> None:
        monkeypatch.setattr(service_production.step2, "application", lambda case_id: application(**values))
        monkeypatch.setattr(service_production.step2, "photo", lambda case_id: b"jpeg")

    return hold


def order(case: Case, key: str = "k1") -> None:
    service_production.order_passport(case_id=case.id, event=e.PassportOrdered(), key=key, now=STARTED)


def test_an_order_holds_what_steps_1_and_2_know_and_is_made_once(issuance: FakeIssuance, step2_holds):
    case = a_case("approved")
    step2_holds()

    order(case)
    order(case)

    (sent,) = issuance.orders.values()
    assert (sent.case_reference, sent.height_cm, sent.stamp_receipt) == (case.reference, 168, "Q-1")
    assert (sent.civil_status["family_name"], sent.civil_status["birthplace"]) == ("DURAND", "75107")
    assert sent.previous_number.text == "12AB34567"
    assert sent.agent_id.startswith("applicant:")  # the factory let its applicant approve
    assert ProductionOrder.objects.get().number == "N-1"


def test_the_order_waits_for_the_stamp_of_a_paid_request(issuance: FakeIssuance, step2_holds):
    case = a_case("approved")
    step2_holds(stamp_receipt="")

    with pytest.raises(PartnerUnavailable, match="not_consumed_yet"):
        order(case)
    assert issuance.orders == {}

    step2_holds(stamp_receipt="", free=True)
    order(case)
    assert len(issuance.orders) == 1


def test_an_order_refused_for_good_is_a_rejection_agents_can_repair(issuance: FakeIssuance, step2_holds, agent: Actor):
    case = a_case("approved")
    step2_holds()
    issuance.refuses = "422 photo"

    order(case)

    case.refresh_from_db()
    assert case.dispatch == "production_rejected"
    assert queries.last_rejection(case.id) == "422 photo"
    issuance.refuses = ""
    service_production.order_again(case_id=case.id, actor=agent, now=STARTED)
    case.refresh_from_db()
    assert case.dispatch == "ordered"
    order(case, "k2")
    assert set(issuance.orders) == {"k2"}


def test_a_rejected_order_of_before_does_not_reject_the_new_one(issuance: FakeIssuance, agent: Actor):
    case = ordered()
    issuance.states[case.reference] = OrderState("rejected", code="PHOTO")
    service_production.poll_orders(now=STARTED)
    service_production.order_again(case_id=case.id, actor=agent, now=STARTED)

    service_production.poll_orders(now=STARTED + timedelta(days=1))

    case.refresh_from_db()
    assert case.dispatch == "ordered"


def test_production_is_followed_to_its_title_sealed_and_findable(issuance: FakeIssuance):
    case = ordered()
    issuance.states[case.reference] = OrderState("in_production")
    service_production.poll_orders(now=STARTED)
    case.refresh_from_db()
    assert case.dispatch == "in_production"

    made = a_title()
    issuance.states[case.reference] = OrderState("sent_to_post", title=made)
    service_production.poll_orders(now=STARTED + timedelta(minutes=1))  # its turn has not come
    case.refresh_from_db()
    assert case.dispatch == "in_production"
    service_production.poll_orders(now=STARTED + timedelta(hours=1))

    case.refresh_from_db()
    assert (case.dispatch, case.title, holder(case)) == ("produced", "issued", "producer")
    kept = queries.title(case.id)
    assert kept is not None
    assert (kept.number, kept.mrz, kept.expires_on) == (made.number, made.mrz, made.expires_on)
    assert queries.find_by_passport_number(made.number) == case.id
    assert queries.find_by_passport_number(PassportNumber("26FR99999")) is None
    assert find("26 fr 48213") == {case.id}
    row = case.produced_title
    assert made.number.text.encode() not in bytes(row.sealed)


def test_a_pushed_event_only_brings_the_question_forward_and_counts_once(issuance: FakeIssuance):
    case = ordered()
    ProductionOrder.objects.update(next_poll_at=STARTED + timedelta(hours=1))
    issuance.states[case.reference] = OrderState("in_production")
    event = IssuanceEvent("evt-1", case.reference, OrderState("produced", title=a_title()))

    assert service_production.receive_event(event=event, now=STARTED) is True
    assert service_production.receive_event(event=event, now=STARTED) is False
    service_production.poll_orders(now=STARTED)

    case.refresh_from_db()
    assert case.dispatch == "in_production"  # what issuance says when asked, not what was pushed


def test_an_issuance_out_of_reach_is_asked_again_later(issuance: FakeIssuance):
    case = ordered()
    issuance.down = True

    service_production.poll_orders(now=STARTED)
    service_production.poll_orders(now=STARTED)

    assert issuance.asked == 1
    case.refresh_from_db()
    assert case.dispatch == "ordered"


def test_a_passport_is_checked_in_then_leaves_with_its_own_label(issuance: FakeIssuance, agent: Actor):
    case = at_post(issuance, agent)
    assert (case.dispatch, holder(case)) == ("at_post", "post")

    service_bench.dispatch(number=a_title().number, waybill_typed=LABEL.text, actor=agent, now=STARTED)

    case.refresh_from_db()
    assert (case.dispatch, case.delivery, case.receipt, case.old_passport) == (
        "dispatched",
        "in_transit",
        "awaited",
        "due",
    )
    assert (holder(case), holder(case, "label")) == ("courier", "courier")
    sent = queries.dispatch(case.id)
    assert sent is not None
    assert (sent.waybill, sent.attempt) == (LABEL, 1)
    assert sent.due_on is not None
    assert (sent.due_on - STARTED.date()).days == 40
    assert find(LABEL.text) == {case.id}


def test_a_label_of_another_case_sends_nothing(issuance: FakeIssuance, agent: Actor):
    case = at_post(issuance, agent)

    with pytest.raises(RuleRefused, match="label_of_another_case"):
        service_bench.dispatch(number=a_title().number, waybill_typed=NEW_LABEL.text, actor=agent, now=STARTED)

    case.refresh_from_db()
    assert (case.dispatch, holder(case)) == ("at_post", "post")


def test_a_passport_of_another_post_reads_as_unknown(issuance: FakeIssuance):
    produced(issuance)
    elsewhere = acting(an_agent(post="ES-MADRID"))
    line1, line2 = a_title().mrz.splitlines()

    with pytest.raises(RuleRefused, match="unknown_passport"):
        service_bench.arrive(number=a_title().number, zone=Mrz(line1, line2), actor=elsewhere, now=STARTED)


def test_issuance_is_told_the_date_everyone_is_shown(issuance: FakeIssuance, agent: Actor):
    case = dispatched(issuance, agent)

    handlers.expect_receipt(case_id=case.id, event=e.PassportDispatched(), key="k", now=STARTED)

    ((number, sent_at, due_at),) = issuance.expected
    end = ledger.open_deadlines(case.id)[DeadlineKind.DUTY_END]
    assert (number, sent_at, due_at) == (a_title().number, STARTED, end - timedelta(seconds=1))


def came_back(issuance: FakeIssuance, agent: Actor, sub: str) -> Case:
    case = dispatched(issuance, agent, sub=sub)
    line1, line2 = a_title().mrz.splitlines()
    done = service_bench.arrive(
        number=a_title().number, zone=Mrz(line1, line2), actor=agent, now=STARTED + timedelta(days=9)
    )
    assert done.came_back
    case.refresh_from_db()
    return case


def test_a_parcel_that_came_back_leaves_again_with_a_new_label_only(
    issuance: FakeIssuance, courier: FakeCourier, agent: Actor, sub: str
):
    case = came_back(issuance, agent, sub)
    assert (case.dispatch, case.delivery, holder(case)) == ("at_post", "returned", "post")
    end = queries.duty_end(case.id)
    with pytest.raises(RuleRefused, match="no_label"):
        service_bench.dispatch(number=a_title().number, waybill_typed=LABEL.text, actor=agent, now=STARTED)

    courier.lose_replies = 1
    with pytest.raises(PartnerUnavailable):
        service_bench.generate_label(case_id=case.id, actor=applicant(sub), now=STARTED)
    service_bench.generate_label(case_id=case.id, actor=applicant(sub), now=STARTED)
    service_bench.generate_label(case_id=case.id, actor=applicant(sub), now=STARTED)

    assert len(courier.shipments) == 1
    new = queries.expected_label(case.id)
    assert new is not None
    service_bench.dispatch(
        number=a_title().number, waybill_typed=new.text, actor=agent, now=STARTED + timedelta(days=12)
    )
    case.refresh_from_db()
    assert (case.dispatch, case.delivery) == ("dispatched", "in_transit")
    assert queries.duty_end(case.id) == end  # the forty days run from the first sending


def test_a_label_that_served_does_not_serve_again(issuance: FakeIssuance, agent: Actor, sub: str):
    case = came_back(issuance, agent, sub)

    with pytest.raises(RuleRefused, match="label_used"):
        service_bench.type_label(case_id=case.id, carrier="dhl", typed=LABEL.text, actor=applicant(sub), now=STARTED)
    with pytest.raises(AccessDenied):
        service_bench.type_label(
            case_id=case.id, carrier="dhl", typed=NEW_LABEL.text, actor=applicant("somebody"), now=STARTED
        )
    service_bench.type_label(case_id=case.id, carrier="dhl", typed=NEW_LABEL.text, actor=applicant(sub), now=STARTED)
    assert queries.expected_label(case.id) == NEW_LABEL


def test_an_unclaimed_passport_is_destroyed_after_three_months(issuance: FakeIssuance, agent: Actor, sub: str):
    case = came_back(issuance, agent, sub)
    back = STARTED + timedelta(days=9)

    with pytest.raises(RuleRefused, match="kept_three_months"):
        service_bench.destroy(case_id=case.id, actor=agent, now=back + timedelta(days=80))
    with pytest.raises(AccessDenied):
        service_bench.destroy(case_id=case.id, actor=applicant(sub), now=back + timedelta(days=91))
    service_bench.destroy(case_id=case.id, actor=agent, now=back + timedelta(days=91))

    case.refresh_from_db()
    assert (case.dispatch, case.title, holder(case)) == ("destroyed", "invalidating", "destroyed")


def test_nobody_asks_for_a_new_label_before_the_parcel_came_back(issuance: FakeIssuance, agent: Actor, sub: str):
    case = dispatched(issuance, agent, sub=sub)

    with pytest.raises(RuleRefused, match="no_new_label_needed"):
        service_bench.generate_label(case_id=case.id, actor=applicant(sub), now=NOON)
