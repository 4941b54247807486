"""A payment page that was closed: the applicant starts again, and nothing is paid twice without being told."""

from __future__ import annotations

from datetime import datetime

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.ledger.models import Case, Effect
from escale.ports.errors import PartnerUnavailable
from escale.ports.tax_stamp import Payment as Answer, PaymentState as Said
from escale.steps.step2_application import handlers, queries
from escale.steps.step2_application.service import payment
from tests.factories.cases import NOON
from tests.factories.web import as_applicant
from tests.steps.step2.building import a_draft, me
from tests.steps.step2.fakes import GOOD, OTHER, FakePayments, FakeStamps

pytestmark = pytest.mark.django_db


def abandon(case: Case, *, now: datetime = NOON) -> str:
    return payment.leave(case=case, actor=me(case), now=now)


def buy(case: Case, *, now: datetime = NOON) -> str:
    return payment.start(case=case, return_url="r", notify_url="n", actor=me(case), now=now)


def test_whoever_closed_the_page_starts_again_at_once(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    first = buy(case)

    assert abandon(case) == "abandoned"
    second = buy(case)

    assert first != second
    assert len(payments.opened) == 2
    assert abandon(a_draft()) == "none"


def test_a_payment_made_is_kept_when_it_is_left(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    buy(case)
    payments.pays(GOOD)

    assert abandon(case) == "paid"
    assert queries.stamp_in_use(case.id) is not None
    with pytest.raises(RuleRefused, match="already_have_stamp"):
        buy(case)


def test_a_payment_whose_stamp_is_not_issued_yet_is_not_left(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    buy(case)
    payments.answer = Answer(Said.PAID, "P")

    with pytest.raises(RuleRefused, match="paid_awaiting_stamp"):
        abandon(case)
    with pytest.raises(RuleRefused, match="paid_awaiting_stamp"):
        buy(case)
    assert len(payments.opened) == 1


def test_two_payments_that_end_up_paid_leave_one_stamp_refundable_and_told(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    buy(case)
    abandon(case)
    buy(case)
    payments.pays(GOOD)
    payment.settle_of(case=case, actor=me(case), now=NOON)
    payments.pays(OTHER)

    payment.reconcile(now=NOON + payment.CHECK_EVERY)
    payment.reconcile(now=NOON + 2 * payment.CHECK_EVERY)

    assert queries.stamp_number(queries.stamp_in_use(case.id)) == GOOD
    assert queries.spare_stamps(case.id) == [OTHER.masked]
    (told,) = Effect.objects.filter(case=case, entry__event="StampReleased")
    case.refresh_from_db()
    words = handlers.MESSAGES["stamp_released"](case=case, event=e.StampReleased(), now=NOON)
    assert told.kind == "send_message"
    assert words["second"]


def test_the_bank_that_does_not_answer_lets_nothing_be_left(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    buy(case)
    payments.down = True

    with pytest.raises(PartnerUnavailable):
        abandon(case)
    assert queries.unsettled_payment(case.id) is not None


def test_payments_are_not_left_without_end(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    for _ in range(payment.MOST_LEFT):
        buy(case)
        abandon(case)
    buy(case)

    with pytest.raises(RuleRefused, match="too_many_payments"):
        abandon(case)


def test_a_payment_left_is_asked_about_until_it_ends(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    buy(case)
    abandon(case)
    payments.answer = Answer(Said.EXPIRED, "P5")

    payment.reconcile(now=NOON + payment.CHECK_EVERY)

    assert queries.left_payments(case.id) == 0
    assert queries.last_payment(case.id).state == "expired"


def test_the_page_asks_where_one_was_and_leads_on(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    client, base = as_applicant(case.applicant_sub), f"/demande/{case.reference}/timbre/"
    client.post(base + "acheter")

    page = client.get(base).content.decode()
    assert "Où en étiez-vous\u00a0?" in page
    assert "Payer 96" not in page
    said = client.post(base + "recommencer", follow=True).content.decode()

    assert "Vous pouvez recommencer" in said
    assert "Payer 96" in said
    assert "encore surveillé" in said
