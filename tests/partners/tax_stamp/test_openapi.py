"""What is asked about stamps and answered holds to docs/partners/openapi/tax_stamp.yaml."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress

import httpx
import pytest

from escale.case.values import StampNumber
from escale.partners.tax_stamp.adapter import ADAPTER, TaxStampAdapter
from escale.partners.tax_stamp.settings import SIMULATOR_CLIENT, SIMULATOR_SECRET, SIMULATOR_TELESERVICE
from escale.partners.tax_stamp.simulator.stamps import MAGIC, OUT_OF_ORDER, TOO_MANY_TRIES
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.tax_stamp import StampRefused
from tests.partners.conftest import Simulators
from tests.partners.test_descriptions import read

type Heard = list[tuple[httpx.Request, httpx.Response]]
Buy = Callable[..., StampNumber]


def _calls(adapter: TaxStampAdapter, number: StampNumber, case: str) -> list[Callable[[], object]]:
    return [
        lambda: adapter.look_up(number),
        lambda: adapter.reserve(number, case_reference=case, cents=9600),
        lambda: adapter.consume(number, case_reference=case),
        lambda: adapter.release(number, case_reference=case),
    ]


def _api(heard: Heard) -> Heard:
    return [exchange for exchange in heard if "/boutique/" not in exchange[0].url.path]


def test_every_exchange_holds_to_the_description(
    simulators: Simulators, overheard: Heard, stamps: TaxStampAdapter, buy: Buy, case: str
) -> None:
    described = read("tax_stamp", f"{simulators.url}/timbre")
    bought = buy()
    stamps.reserve(bought, case_reference=case, cents=9600)
    stamps.release(bought, case_reference=case)
    for call in _calls(stamps, bought, case)[:3]:
        call()
    numbers = [*MAGIC, TOO_MANY_TRIES, OUT_OF_ORDER, "3999999999999999"]
    for rank, number in enumerate(numbers):
        for call in _calls(stamps, StampNumber.parse(number), f"{case}-{rank}"):
            stamps._apim._border.breaker.succeeded()
            with suppress(StampRefused, PartnerRefused, PartnerUnavailable):
                call()
    assert [fault for exchange in _api(overheard) for fault in described.faults(*exchange)] == []
    by_call = {name: {status for each, status in described.seen if each == name} for name, _ in described.seen}
    assert by_call == {
        "token": {200},
        "consult": {200, 404, 429, 503},
        "reserve": {200, 404, 409, 410, 422, 429, 503},
        "consume": {200, 404, 409, 410, 429, 503},
        "release": {200, 404, 409, 410, 429, 503},
    }


def test_the_door_of_the_gateway_holds_to_the_description(
    simulators: Simulators, overheard: Heard, stamps: TaxStampAdapter, buy: Buy, case: str
) -> None:
    described, number = read("tax_stamp", f"{simulators.url}/timbre"), buy()
    address, names = f"{simulators.url}/timbre", {"client_id": SIMULATOR_CLIENT, "teleservice": SIMULATOR_TELESERVICE}
    wrong_secret = ADAPTER(base_url=address, client_secret="wrong", **names)
    wrong_service = ADAPTER(base_url=address, client_secret=SIMULATOR_SECRET, **{**names, "teleservice": "other"})
    for adapter, calls in ((wrong_secret, 1), (wrong_service, 4)):
        for call in _calls(adapter, number, case)[:calls]:
            with pytest.raises(PartnerRefused):
                call()
        adapter.close()
    expired = {
        "Authorization": "Bearer old",
        "ID_Teleservice": SIMULATOR_TELESERVICE,
        "X-Correlation-ID": str(uuid.uuid4()),
    }
    httpx.get(f"{address}/timbres/1.0/achats/ESC0123456789", headers=expired, trust_env=False)
    assert [fault for exchange in _api(overheard) for fault in described.faults(*exchange)] == []
    assert described.seen >= {("token", 401), ("consult", 403), ("consume", 403), ("purchase", 401)}

    overheard.clear()
    headers = {"Authorization": f"Bearer {stamps._apim._bearer(renew=False)}", "ID_Teleservice": SIMULATOR_TELESERVICE}
    httpx.get(f"{address}/timbres/1.0/achats/ESC0123456789", headers=headers, trust_env=False)
    headers["X-Correlation-ID"] = str(uuid.uuid4())
    httpx.get(f"{address}/timbres/1.0/achats/ESC0123456789", headers=headers, trust_env=False)
    httpx.post(f"{address}/timbres/1.0/consultation", json={"numero": "12"}, headers=headers, trust_env=False)
    faults = [described.faults(*exchange) for exchange in overheard[-3:]]
    assert [response.status_code for _, response in overheard[-3:]] == [400, 404, 400]
    assert faults[1] == []
    assert faults[0] == ["header X-Correlation-ID is missing", "reply 400 is not described"]
    assert faults[2] == ["request #/numero: pattern"]


def test_no_number_ever_stands_in_an_address(overheard: Heard, stamps: TaxStampAdapter, buy: Buy, case: str) -> None:
    number = buy()
    for call in _calls(stamps, number, case):
        with suppress(StampRefused):
            call()
    assert len(_api(overheard)) >= 4
    assert not [request.url for request, _ in _api(overheard) if number.text in str(request.url)]
