"""The contract of payments: a notification proves nothing, reading again does, and the stamp follows."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from escale.partners.tax_stamp.adapter import TaxStampAdapter
from escale.partners.tax_stamp.payment import PayFip, plain_label
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.tax_stamp import Payment, PaymentState
from tests.partners.conftest import Simulators
from tests.partners.tax_stamp.conftest import ABROAD, Listener

PRICE = 9600
Open = Callable[..., tuple[str, str]]


@pytest.fixture
def opened(payments: PayFip, reference: str, listener: Listener) -> Open:
    def do(**changes: object) -> tuple[str, str]:
        given = {
            "reference": reference,
            "cents": PRICE,
            "email": "jeanne@example.org",
            "label": "Timbre fiscal — passeport n° 1, l’étranger",
            "return_url": "http://127.0.0.1:1/demande/paiement/retour",
            "notify_url": listener.url,
        }
        return payments.open(**{**given, **changes})  # type: ignore[arg-type]  # one dict for fields of two types

    return do


def pay(page: str, result: str, notification: str = "normale") -> httpx.Response:
    return httpx.post(page, data={"resultat": result, "notification": notification}, trust_env=False)


def read(payments: PayFip, operation: str, reference: str, seconds: float = 180.0) -> Payment:
    return payments.result(operation_id=operation, reference=reference, opened_seconds_ago=seconds)


@pytest.mark.parametrize("raw", ["P", "V"])
def test_a_payment_brings_its_stamp(
    payments: PayFip, stamps: TaxStampAdapter, opened: Open, reference: str, listener: Listener, raw: str
):
    operation, page = opened()
    assert read(payments, operation, reference) == Payment(PaymentState.PENDING, "P5")

    answer = pay(page, raw)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"http://127.0.0.1:1/demande/paiement/retour?idop={operation}"
    assert listener.wait(1) == [{"idOp": [operation]}]
    payment = read(payments, operation, reference)
    assert (payment.state, payment.raw) == (PaymentState.PAID, raw)
    assert payment.stamp is not None
    stamp = stamps.look_up(payment.stamp)
    assert (stamp.product, stamp.cents, stamp.state) == (ABROAD, PRICE, "issued")
    assert read(payments, operation, reference) == payment


@pytest.mark.parametrize(("raw", "state"), [("R", PaymentState.REFUSED), ("Z", PaymentState.REFUSED)])
def test_a_refused_payment(payments: PayFip, opened: Open, reference: str, raw: str, state: PaymentState):
    operation, page = opened()
    pay(page, raw)

    assert read(payments, operation, reference) == Payment(state, raw)


def test_a_fresh_cancellation_is_still_pending(payments: PayFip, opened: Open, reference: str):
    operation, page = opened()
    pay(page, "A")

    assert read(payments, operation, reference, 119) == Payment(PaymentState.PENDING, "A")
    assert read(payments, operation, reference, 121) == Payment(PaymentState.CANCELLED, "A")


def test_an_abandoned_page_expires_then_is_purged(
    payments: PayFip, opened: Open, reference: str, simulators: Simulators
):
    operation, page = opened()
    assert httpx.get(page, trust_env=False).status_code == 200

    simulators.advance(minutes=16)
    assert httpx.get(page, trust_env=False).status_code == 410
    assert pay(page, "P").status_code == 410
    assert read(payments, operation, reference, 7199) == Payment(PaymentState.PENDING, "P5")
    assert read(payments, operation, reference, 7201) == Payment(PaymentState.EXPIRED, "P5")

    simulators.advance(days=1)
    assert httpx.get(page, trust_env=False).status_code == 404
    assert read(payments, operation, reference, 60) == Payment(PaymentState.EXPIRED, "P1")


def test_a_result_stays_readable_for_a_year(payments: PayFip, opened: Open, reference: str, simulators: Simulators):
    operation, page = opened()
    pay(page, "R")
    simulators.advance(days=364)
    assert read(payments, operation, reference, 1e7).state is PaymentState.REFUSED

    simulators.advance(days=2)
    assert read(payments, operation, reference, 1e7) == Payment(PaymentState.EXPIRED, "P1")


def test_a_page_is_paid_once(payments: PayFip, opened: Open, reference: str):
    operation, page = opened()
    pay(page, "P")

    assert pay(page, "A").status_code == 410
    assert read(payments, operation, reference).state is PaymentState.PAID


def test_two_clicks_at_once_give_one_result(payments: PayFip, opened: Open, reference: str):
    operation, page = opened()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda result: pay(page, result).status_code, "PRVA"))

    assert sorted(answers) == [303, 410, 410, 410]
    winner = "PRVA"[answers.index(303)]
    assert read(payments, operation, reference).raw == winner


def test_a_lost_opening_is_unpaid_and_the_same_reference_opens_again(
    payments: PayFip, opened: Open, reference: str, simulators: Simulators
):
    simulators.fault("timbre", "lost_reply", 1)
    with pytest.raises(PartnerUnavailable):
        opened()
    simulators.advance(minutes=16)

    operation, page = opened()
    pay(page, "P")

    assert read(payments, operation, reference).state is PaymentState.PAID


def test_a_missing_notification_loses_nothing(payments: PayFip, opened: Open, reference: str, listener: Listener):
    operation, page = opened()
    pay(page, "P", "aucune")

    assert listener.wait(1, seconds=1.5) == []
    assert read(payments, operation, reference).state is PaymentState.PAID


def test_a_double_notification_pays_once(payments: PayFip, opened: Open, reference: str, listener: Listener):
    operation, page = opened()
    pay(page, "P", "double")

    assert listener.wait(2) == [{"idOp": [operation]}] * 2
    assert read(payments, operation, reference) == read(payments, operation, reference)


def test_a_late_notification_comes_ten_minutes_later(opened: Open, listener: Listener, simulators: Simulators):
    operation, page = opened()
    pay(page, "P", "tardive")
    assert listener.wait(1, seconds=1.5) == []

    simulators.advance(minutes=11)

    assert listener.wait(1) == [{"idOp": [operation]}]


def test_the_notifications_of_two_payments_change_places(opened: Open, listener: Listener, simulators: Simulators):
    (first, page), (second, other_page) = opened(), opened()
    simulators.fault("timbre", "reordered")
    pay(page, "P")
    pay(other_page, "P")

    assert listener.wait(2) == [{"idOp": [second]}, {"idOp": [first]}]


@pytest.mark.parametrize(("mode", "count"), [("silent", 0), ("duplicate", 2)])
def test_the_switch_decides_before_the_person(
    opened: Open, listener: Listener, simulators: Simulators, mode: str, count: int
):
    _, page = opened()
    simulators.fault("timbre", mode, 1)
    pay(page, "P", "normale")

    assert len(listener.wait(count or 1, seconds=8.0 if count else 1.5)) == count


def test_another_reference_is_not_believed(payments: PayFip, opened: Open):
    operation, page = opened()
    pay(page, "P")

    with pytest.raises(PartnerRefused) as refusal:
        read(payments, operation, "ESCAUTREREFERENCE")
    assert refusal.value.code == "reference_mismatch"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reference": "ABC"}, "R3"),
        ({"reference": "ABC-DEF-GHI"}, "R3"),
        ({"email": "nobody"}, "A2"),
        ({"email": "nobody@nowhere"}, "A2"),
        ({"cents": 99}, "amount"),
        ({"return_url": "javascript:alert(1)"}, "U1"),
    ],
)
def test_what_payfip_refuses(opened: Open, change: dict[str, object], code: str):
    with pytest.raises(PartnerRefused) as refusal:
        opened(**change)

    assert refusal.value.code == code


@pytest.mark.parametrize("kind", ["indisponible", "dysfonctionnement", "protocole"])
def test_technical_faults_may_pass(opened: Open, kind: str):
    with pytest.raises(PartnerUnavailable) as outage:
        opened(email=f"payfip.{kind}@example.org")

    assert outage.value.code.startswith("Tech")


@pytest.mark.parametrize("mode", ["error", "lost_reply"])
def test_outages_are_told_apart_from_refusals(
    payments: PayFip, opened: Open, reference: str, simulators: Simulators, mode: str
):
    operation, page = opened()
    pay(page, "R")
    simulators.fault("timbre", mode, 1)
    with pytest.raises(PartnerUnavailable):
        read(payments, operation, reference)

    assert read(payments, operation, reference).state is PaymentState.REFUSED


def test_a_stamp_whose_number_is_late_is_asked_again(
    payments: PayFip, opened: Open, reference: str, simulators: Simulators
):
    operation, page = opened()
    pay(page, "P")
    payments._bought(reference)  # the token is had: the next fault meets the purchase itself
    simulators.fault("timbre", "error", 3)
    with pytest.raises(PartnerUnavailable):
        read(payments, operation, reference)
    simulators.fault("timbre", "", 0)

    assert read(payments, operation, reference).stamp is not None


def test_an_unknown_purchase_is_no_stamp_yet(payments: PayFip):
    assert payments._bought("ESCNEVERBOUGHT") is None


def test_addresses_and_results_stay_out_of_logs(
    payments: PayFip, opened: Open, reference: str, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.DEBUG):
        operation, page = opened()
        pay(page, "P")
        stamp = read(payments, operation, reference).stamp

    assert stamp is not None
    assert stamp.text not in caplog.text
    assert "jeanne@example.org" not in caplog.text


def test_labels_are_made_plain():
    assert plain_label("Timbre fiscal — passeport n° 1, l’étranger") == "Timbre fiscal passeport n 1 letranger"
    assert plain_label("é" * 150) == "e" * 100
