"""What is said to issuance, answered and pushed holds to docs/partners/openapi/issuance.yaml."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from escale.case.values import PassportNumber
from escale.partners.issuance.adapter import ADAPTER, IssuanceAdapter
from escale.partners.issuance.settings import DEMO_EVENT_SECRET, DEMO_TOKEN
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.issuance import Order
from tests.partners.conftest import Simulators
from tests.partners.issuance.conftest import photo
from tests.partners.listener import Listener
from tests.partners.test_descriptions import read

type Heard = list[tuple[httpx.Request, httpx.Response]]
type MakeOrder = Callable[..., Order]
UNKNOWN = PassportNumber("00ZZ00000")


def _calls(adapter: IssuanceAdapter, order: Order, number: PassportNumber, simulators: Simulators) -> list[Callable]:
    now = simulators.now()
    return [
        lambda: adapter.order(order, key="k1"),
        lambda: adapter.state(order.case_reference),
        lambda: adapter.expect_receipt(number, dispatched_at=now, due_at=now + timedelta(days=40)),
        lambda: adapter.confirm_receipt(number, confirmed_at=now),
        lambda: adapter.invalidate(number, reason="lost", effective_on=now.date(), agents=("one", "two")),
        lambda: adapter.validity(number),
        lambda: adapter.previous(number),
        lambda: adapter.changes(""),
    ]


def test_every_exchange_and_every_event_hold_to_the_description(
    simulators: Simulators, overheard: Heard, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    described = read("issuance", f"{simulators.url}/titres")
    overheard.clear()
    order, rejected = make_order(), make_order(photo=photo(199, 256))
    for each in (order, rejected):
        issuance.order(each, key="k1")
    for hours in (2, 24, 96, 48):
        issuance.state(order.case_reference)
        simulators.advance(hours=hours)
        issuance.state(rejected.case_reference)
    title = issuance.state(order.case_reference).title
    assert title is not None
    for call in _calls(issuance, order, title.number, simulators):
        call()
    simulators.advance(minutes=2)
    with pytest.raises(PartnerRefused, match="409"):
        issuance.confirm_receipt(title.number, confirmed_at=simulators.now())
    with pytest.raises(PartnerRefused, match="409"):
        issuance.order(make_order(case_reference=order.case_reference, height_cm=170), key="k1")
    for call in _calls(issuance, make_order(), UNKNOWN, simulators)[1:6]:
        with pytest.raises(PartnerRefused, match="404"):
            call()
    assert issuance.previous(UNKNOWN) is None
    with pytest.raises(PartnerRefused, match="410"):
        issuance.changes("nowhere")

    assert [fault for exchange in overheard for fault in described.faults(*exchange)] == []
    pushed = product.wait(order.case_reference, 4) + product.wait(rejected.case_reference, 2)
    assert [event.json["data"]["etat"] for event in pushed[-2:]] == ["EN_CONTROLE", "REJETEE"]
    assert [
        fault for event in pushed for fault in described.push_faults("stateChanged", event.headers, event.body)
    ] == []
    assert {status for _, status in described.seen} == {200, 202, 204, 404, 409, 410}
    assert {name for name, status in described.seen if status < 300} == {name for name, _ in described.described()}


def test_refusals_hold_to_the_description(
    simulators: Simulators, overheard: Heard, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    described = read("issuance", f"{simulators.url}/titres")
    stranger = ADAPTER(base_url=f"{simulators.url}/titres", token="wrong", event_secret=DEMO_EVENT_SECRET)
    order = make_order()
    for adapter, mode in ((stranger, ""), (issuance, "error")):
        simulators.fault("titres", mode, 20)
        for call in _calls(adapter, order, UNKNOWN, simulators):
            adapter._border.breaker.succeeded()
            with pytest.raises((PartnerRefused, PartnerUnavailable)):
                call()
        simulators.fault("titres", "", 0)
    stranger.close()
    assert [fault for exchange in overheard for fault in described.faults(*exchange)] == []
    assert described.seen == {(name, status) for name, _ in described.described() for status in (401, 503)}


def test_what_issuance_refuses_is_refused_by_the_description_too(
    simulators: Simulators, overheard: Heard, make_order: MakeOrder
) -> None:
    described = read("issuance", f"{simulators.url}/titres")
    base, reference = f"{simulators.url}/titres", make_order().case_reference
    headers = {"x-titres-auth-token": DEMO_TOKEN, "content-type": "application/json"}
    with httpx.Client(base_url=base, headers=headers, trust_env=False) as client:
        client.put(f"/demandes/{reference}", content="{}")
        client.put(f"/demandes/{reference}", content="{}", headers={"Idempotency-Key": "k"})
        client.post("/titres/receptions", json={"numeroPasseport": "17FR42486", "dateConfirmation": "hier"})
        client.post("/titres/etat", content="[]")
    faults = [described.faults(*exchange) for exchange in overheard]
    assert [response.status_code for _, response in overheard] == [400, 422, 422, 400]
    assert faults[0][0] == "header Idempotency-Key is missing"
    assert set(faults[1]) == {"request #: required"}
    assert faults[2:] == [["request #/dateConfirmation: format"], ["request #: type"]]


def test_reading_what_was_read_before(
    simulators: Simulators, overheard: Heard, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    described = read("issuance", f"{simulators.url}/titres")
    order = make_order()
    issuance.order(order, key="k1")
    url = f"{simulators.url}/titres/demandes/{order.case_reference}"
    headers = {"x-titres-auth-token": DEMO_TOKEN}
    etag = httpx.get(url, headers=headers, trust_env=False).headers["ETag"]
    httpx.get(url, headers={**headers, "If-None-Match": etag}, trust_env=False)
    assert [fault for exchange in overheard for fault in described.faults(*exchange)] == []
    assert ("state", 304) in described.seen
