"""The contract of stamps: reserved once, consumed at the decision, released otherwise."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from escale.case.values import StampNumber
from escale.partners.tax_stamp.adapter import ADAPTER, TaxStampAdapter
from escale.partners.tax_stamp.settings import SIMULATOR_CLIENT, SIMULATOR_SECRET, SIMULATOR_TELESERVICE
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.tax_stamp import StampRefused
from tests.partners.conftest import Simulators
from tests.partners.tax_stamp.conftest import ABROAD, FRANCE

Buy = Callable[..., StampNumber]
PRICE = 9600
PARIS = ZoneInfo("Europe/Paris")


def test_a_stamp_bought_in_the_shop_is_looked_up(stamps: TaxStampAdapter, buy: Buy, simulators: Simulators):
    stamp = stamps.look_up(buy())

    assert (stamp.product, stamp.cents, stamp.state) == (ABROAD, PRICE, "issued")
    assert stamp.bought_on - simulators.now().date() in (timedelta(0), timedelta(1))
    assert timedelta(364) < stamp.valid_until - stamp.bought_on < timedelta(367)


def test_reserving_again_for_the_same_case_changes_nothing(stamps: TaxStampAdapter, buy: Buy, case: str):
    number = buy()

    first = stamps.reserve(number, case_reference=case, cents=PRICE)

    assert first.state == "reserved"
    assert stamps.reserve(number, case_reference=case, cents=PRICE) == first


def test_two_cases_race_for_one_stamp_and_one_wins(stamps: TaxStampAdapter, buy: Buy, case: str):
    number = buy()

    def reserve(rank: int) -> str:
        try:
            return stamps.reserve(number, case_reference=f"{case}-{rank}", cents=PRICE).state
        except StampRefused as refusal:
            return refusal.reason

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(reserve, range(8)))

    assert sorted(outcomes) == ["reserved"] + ["reserved_elsewhere"] * 7


def test_consuming_gives_one_receipt_for_ever(stamps: TaxStampAdapter, buy: Buy, case: str):
    number = buy()
    stamps.reserve(number, case_reference=case, cents=PRICE)

    receipt = stamps.consume(number, case_reference=case)

    assert receipt
    assert stamps.consume(number, case_reference=case) == receipt
    assert stamps.look_up(number).state == "consumed"
    for other in (case, f"{case}-2"):
        with pytest.raises(StampRefused, match="consumed"):
            stamps.reserve(number, case_reference=other, cents=PRICE)
    with pytest.raises(StampRefused, match="consumed"):
        stamps.consume(number, case_reference=f"{case}-2")


def test_a_stamp_never_reserved_is_not_consumed(stamps: TaxStampAdapter, buy: Buy, case: str):
    number = buy()

    with pytest.raises(PartnerRefused) as refusal:
        stamps.consume(number, case_reference=case)

    assert refusal.value.code == "timbre-non-reserve"
    assert stamps.look_up(number).state == "issued"


def test_a_released_stamp_is_free_for_another_case(stamps: TaxStampAdapter, buy: Buy, case: str):
    number = buy()
    stamps.reserve(number, case_reference=case, cents=PRICE)

    stamps.release(number, case_reference=case)
    stamps.release(number, case_reference=case)

    assert stamps.look_up(number).state == "issued"
    assert stamps.reserve(number, case_reference=f"{case}-2", cents=PRICE).state == "reserved"
    stamps.release(number, case_reference=case)
    assert stamps.look_up(number).state == "reserved", "the reservation of another case is left alone"


def test_releasing_a_consumed_stamp_leaves_it_consumed(stamps: TaxStampAdapter, buy: Buy, case: str):
    number = buy()
    stamps.reserve(number, case_reference=case, cents=PRICE)
    stamps.consume(number, case_reference=case)

    stamps.release(number, case_reference=case)

    assert stamps.look_up(number).state == "consumed"


def test_validity_is_suspended_while_reserved(stamps: TaxStampAdapter, buy: Buy, case: str, simulators: Simulators):
    number = buy()
    reserved = simulators.now().astimezone(PARIS).date()
    before = stamps.reserve(number, case_reference=case, cents=PRICE).valid_until
    released = simulators.advance(days=40).astimezone(PARIS).date()

    stamps.release(number, case_reference=case)

    assert stamps.look_up(number).valid_until - before == released - reserved  # 41 days across a spring night


def test_a_stamp_expires_but_not_in_a_reservation(stamps: TaxStampAdapter, buy: Buy, case: str, simulators: Simulators):
    free, kept = buy(), buy()
    stamps.reserve(kept, case_reference=case, cents=PRICE)
    simulators.advance(days=368)

    assert stamps.look_up(free).state == "expired"
    with pytest.raises(StampRefused, match="expired"):
        stamps.reserve(free, case_reference=case, cents=PRICE)
    assert stamps.consume(kept, case_reference=case)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("1234567890123456", "unknown"),
        ("1000000000000089", "amount_too_low"),
        ("1000000000000086", "wrong_product"),
        ("2000000000000001", "reserved_elsewhere"),
        ("2000000000000002", "consumed"),
        ("2000000000000003", "expired"),
        ("2000000000000004", "refunded"),
        ("2000000000000005", "refunded"),
        ("4290000000000429", "too_many_tries"),
    ],
)
def test_magic_numbers_are_refused_each_for_its_reason(stamps: TaxStampAdapter, case: str, number: str, reason: str):
    with pytest.raises(StampRefused) as refusal:
        stamps.reserve(StampNumber.parse(number), case_reference=case, cents=PRICE)

    assert refusal.value.reason == reason
    assert number not in str(refusal.value)


def test_the_stamp_sold_in_france_is_another_product(stamps: TaxStampAdapter, buy: Buy, case: str):
    number = buy(FRANCE)

    assert (stamps.look_up(number).product, stamps.look_up(number).cents) == (FRANCE, 8600)
    with pytest.raises(StampRefused, match="wrong_product"):
        stamps.reserve(number, case_reference=case, cents=PRICE)


def test_an_outage_is_not_a_refusal(stamps: TaxStampAdapter, buy: Buy, case: str, simulators: Simulators):
    number = buy()
    with pytest.raises(PartnerUnavailable) as outage:
        stamps.look_up(StampNumber.parse("5030000000000503"))
    assert outage.value.retry_after == 60

    stamps.look_up(number)
    simulators.fault("timbre", "error", 1)
    with pytest.raises(PartnerUnavailable):
        stamps.reserve(number, case_reference=case, cents=PRICE)
    assert stamps.look_up(number).state == "issued"


def test_a_lost_reply_is_recovered_by_asking_again(
    stamps: TaxStampAdapter, buy: Buy, case: str, simulators: Simulators
):
    number = buy()
    stamps.look_up(number)
    simulators.fault("timbre", "lost_reply", 1)
    with pytest.raises(PartnerUnavailable):
        stamps.reserve(number, case_reference=case, cents=PRICE)
    assert stamps.reserve(number, case_reference=case, cents=PRICE).state == "reserved"

    simulators.fault("timbre", "lost_reply", 1)
    with pytest.raises(PartnerUnavailable):
        stamps.consume(number, case_reference=case)
    assert stamps.consume(number, case_reference=case).startswith("Q")


def test_a_token_that_died_is_renewed(stamps: TaxStampAdapter, buy: Buy, simulators: Simulators):
    number = buy()
    stamps.look_up(number)
    simulators.advance(hours=2)

    assert stamps.look_up(number).state == "issued"


def test_wrong_keys_are_refused_at_once(simulators: Simulators):
    wrong = ADAPTER(
        base_url=f"{simulators.url}/timbre",
        client_id="other",
        client_secret="other",
        teleservice="PASSEPORT-A-DISTANCE",
    )
    try:
        with pytest.raises(PartnerRefused, match="401"):
            wrong.look_up(StampNumber.parse("1000000000000096"))
    finally:
        wrong.close()


def test_numbers_stay_out_of_logs(stamps: TaxStampAdapter, buy: Buy, case: str, caplog: pytest.LogCaptureFixture):
    number = buy()
    with caplog.at_level(logging.DEBUG):
        stamps.reserve(number, case_reference=case, cents=PRICE)
        stamps.release(number, case_reference=case)

    assert "correlation" in caplog.text
    assert number.text not in caplog.text


@pytest.fixture
def bearer(simulators: Simulators) -> str:
    answer = httpx.post(
        f"{simulators.url}/timbre/token",
        data={"grant_type": "client_credentials"},
        auth=(SIMULATOR_CLIENT, SIMULATOR_SECRET),
        trust_env=False,
    )
    return str(answer.json()["access_token"])


@pytest.mark.parametrize(
    ("change", "status", "problem"),
    [
        ({"Authorization": "Bearer other"}, 401, "jeton-invalide"),
        ({"ID_Teleservice": "AUTRE"}, 403, "teleservice-inconnu"),
        ({"X-Correlation-ID": "12"}, 400, "correlation-absente"),
    ],
)
def test_the_gateway_wants_its_headers(
    simulators: Simulators, bearer: str, change: dict[str, str], status: int, problem: str
):
    headers = {
        "Authorization": f"Bearer {bearer}",
        "ID_Teleservice": SIMULATOR_TELESERVICE,
        "X-Correlation-ID": "8e8c1f9a-57c5-4ba0-a2a3-5f0a2a3c1d77",
    }
    url = f"{simulators.url}/timbre/timbres/1.0/consultation"

    answer = httpx.post(url, json={"numero": "1" * 16}, headers={**headers, **change}, trust_env=False)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith(f"/{problem}")
    assert answer.json()["status"] == status
