"""The stamp and its payment: nothing paid twice, nothing consumed too early, everything given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.ledger import queries as ledger
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.tax_stamp import Payment as Answer, PaymentState as Said
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import Payment, Stamp
from escale.steps.step2_application.service import payment, stamp, submission
from tests.factories.cases import NOON
from tests.steps.step2.building import a_draft, me, submitted, with_stamp
from tests.steps.step2.fakes import FRENCH, GOOD, OTHER, FakePayments, FakeStamps

pytestmark = pytest.mark.django_db
APPROVED = e.InterviewApproved()
WITHDRAWN = e.ApplicationWithdrawn()


def open_page(case, *, now=NOON) -> str:
    return payment.start(
        case=case, return_url="https://p.example/r", notify_url="https://p.example/n", actor=me(case), now=now
    )


def traces(case) -> list[str]:
    return [line.event.name for line in ledger.history(case.id) if line.event.name.startswith("Stamp")]


def test_an_entered_stamp_is_checked_and_not_reserved_yet(stamps: FakeStamps):
    with_stamp(a_draft())

    assert stamps.calls == ["look_up"]
    assert stamps.reserved == {}


@pytest.mark.parametrize(
    ("number", "code"), [(FRENCH, "wrong_product"), (OTHER, "unknown")], ids=["sold in France", "unknown"]
)
def test_a_stamp_that_cannot_serve_is_refused_with_its_reason(stamps: FakeStamps, number, code: str):
    stamps.sell(FRENCH, product="PASSEPORT_MAJEUR_FRANCE", cents=8600)

    with pytest.raises(RuleRefused) as refused:
        with_stamp(a_draft(), number)

    assert refused.value.code == code


def test_one_stamp_serves_one_case(stamps: FakeStamps):
    with_stamp(a_draft())

    with pytest.raises(RuleRefused) as refused:
        with_stamp(a_draft())

    assert refused.value.code == "reserved_elsewhere"


def test_a_stamp_is_consumed_once_and_its_receipt_kept(stamps: FakeStamps):
    case = submitted()

    for _ in range(2):
        stamp.consume(case_id=case.id, event=APPROVED, key="k", now=NOON)

    assert stamps.calls.count("consume") == 1
    assert queries.application(case.id).stamp_receipt == "Q-3456"
    assert traces(case) == ["StampReserved", "StampConsumed"]


def test_consuming_a_lost_stamp_is_told_to_the_desk(stamps: FakeStamps):
    case = submitted()
    stamps.reserved.clear()

    with pytest.raises(PartnerRefused) as refused:
        stamp.consume(case_id=case.id, event=APPROVED, key="k", now=NOON)

    assert refused.value.code == "reserved_elsewhere"
    assert GOOD.text not in str(refused.value)


def test_a_withdrawal_gives_the_stamp_back_once(stamps: FakeStamps):
    case = submitted()
    submission.withdraw(case=case, actor=me(case), now=NOON)

    for _ in range(2):
        stamp.release(case_id=case.id, event=WITHDRAWN, key="k", now=NOON)

    assert stamps.released == [GOOD.text]
    assert traces(case) == ["StampReserved", "StampReleased"]


def test_a_stamp_never_reserved_is_not_released(stamps: FakeStamps):
    case = with_stamp(a_draft())
    submission.withdraw(case=case, actor=me(case), now=NOON)

    stamp.release(case_id=case.id, event=WITHDRAWN, key="k", now=NOON)

    assert stamps.released == []
    assert queries.spare_stamps(case.id) == [GOOD.masked]


def test_a_reservation_whose_answer_was_lost_is_released_too(stamps: FakeStamps):
    case = with_stamp(a_draft())
    Stamp.objects.update(state="reserving")
    submission.withdraw(case=case, actor=me(case), now=NOON)

    stamp.release(case_id=case.id, event=WITHDRAWN, key="k", now=NOON)

    assert stamps.released == [GOOD.text]


def test_a_stamp_replaced_during_a_correction_goes_back(stamps: FakeStamps):
    case = submitted()
    stamp.put_aside(case.id, now=NOON)
    stamps.down = True
    stamp.release_what_was_put_aside(now=NOON)
    stamps.down = False

    stamp.release_what_was_put_aside(now=NOON + timedelta(minutes=1))
    assert stamps.released == []
    stamp.release_what_was_put_aside(now=NOON + timedelta(minutes=6))

    assert stamps.released == [GOOD.text]


def test_two_clicks_open_one_payment(payments: FakePayments):
    case = a_draft()

    assert open_page(case) == open_page(case)
    assert len(payments.opened) == 1


def test_the_intent_is_written_before_the_call_and_reused_after_a_lost_reply(payments: FakePayments):
    case = a_draft()
    payments.down = True
    with pytest.raises(PartnerUnavailable):
        open_page(case)
    reference = Payment.objects.get().reference
    payments.down = False

    open_page(case)

    assert payments.opened == [reference]


def test_a_paid_stamp_joins_the_case(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    open_page(case)
    payments.pays(GOOD)

    assert payment.settle_of(case=case, actor=me(case), now=NOON) == "paid"

    assert queries.stamp_in_use(case.id).bought_here
    assert payment.settle_of(case=case, actor=me(case), now=NOON) == "paid"
    assert Stamp.objects.count() == 1


def test_return_and_notification_count_once(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    open_page(case)
    payments.pays(GOOD)

    for _ in range(3):
        assert payment.notified(operation_id="op-1", now=NOON)
    payment.settle_of(case=case, actor=me(case), now=NOON)

    assert Stamp.objects.count() == 1


def test_a_notification_about_nothing_is_ignored(payments: FakePayments):
    assert not payment.notified(operation_id="op-unknown", now=NOON)
    assert not payment.notified(operation_id="", now=NOON)


def test_paid_without_a_number_yet_stays_pending(payments: FakePayments):
    case = a_draft()
    open_page(case)
    payments.answer = Answer(Said.PAID, "P", None)

    assert payment.settle_of(case=case, actor=me(case), now=NOON) == "pending"


@pytest.mark.parametrize("said", [Said.REFUSED, Said.CANCELLED, Said.EXPIRED])
def test_a_payment_that_failed_leaves_the_way_open(payments: FakePayments, said: Said):
    case = a_draft()
    open_page(case)
    payments.answer = Answer(said, "R")

    assert payment.settle_of(case=case, actor=me(case), now=NOON) == said.value

    open_page(case)
    assert len(set(payments.opened)) == 2


def test_a_payment_whose_notification_never_came_is_found(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    open_page(case)
    payments.pays(GOOD)

    payment.reconcile(now=NOON + timedelta(minutes=1))
    assert queries.stamp_in_use(case.id) is None
    payment.reconcile(now=NOON + timedelta(minutes=6))

    assert queries.stamp_in_use(case.id) is not None


def test_nobody_pays_again_while_an_old_payment_is_unknown(payments: FakePayments):
    case = a_draft()
    open_page(case)

    with pytest.raises(RuleRefused) as refused:
        open_page(case, now=NOON + timedelta(minutes=20))

    assert refused.value.code == "payment_pending"
    assert len(payments.opened) == 1


def test_a_stamp_paid_although_one_was_entered_stays_refundable(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    open_page(case)
    with_stamp(case)
    payments.pays(OTHER)

    payment.reconcile(now=NOON + timedelta(minutes=6))

    assert queries.stamp_number(queries.stamp_in_use(case.id)) == GOOD
    assert queries.spare_stamps(case.id) == [OTHER.masked]


def test_a_stamp_paid_after_the_end_stays_refundable(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    open_page(case)
    submission.withdraw(case=case, actor=me(case), now=NOON)
    payments.pays(OTHER)

    payment.reconcile(now=NOON + timedelta(minutes=6))

    assert queries.stamp_in_use(case.id) is None
    assert queries.spare_stamps(case.id) == [OTHER.masked]


def test_a_payment_is_looked_for_during_seven_days(payments: FakePayments):
    case = a_draft()
    open_page(case)

    payment.reconcile(now=NOON + timedelta(days=8))

    assert Payment.objects.get().state == "expired"
