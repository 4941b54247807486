"""What the adapter asks and what the simulator answers hold to an OpenAPI description of the operations used."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from escale.case.values import Waybill
from escale.partners.courier.adapter import DhlAdapter
from escale.ports.courier import Label
from escale.ports.errors import PartnerUnavailable
from tests.partners.conftest import Simulators
from tests.partners.courier.conftest import CITIZEN, POST, SPANIARD
from tests.partners.openapi import Description

Make = Callable[..., Label]
Play = Callable[[Waybill, str], httpx.Response]
LONG = replace(
    CITIZEN,
    name="Anne-Laure Œdipe de la Très Longue Maison " * 4,
    line1="1234, avenue de l’Église-Saint-Jean-Baptiste-de-La-Salle, bâtiment C",
    email="n" * 80 + "@example.org",
)


@pytest.fixture
def contract(simulators: Simulators) -> Description:
    return Description(Path(__file__).with_name("mydhl.yaml"), f"{simulators.url}/dhl/mydhlapi")


@pytest.fixture
def exchanges(monkeypatch: pytest.MonkeyPatch) -> list[tuple[httpx.Request, httpx.Response]]:
    """Everything said between the adapter and the carrier, as it went over the wire."""
    heard: list[tuple[httpx.Request, httpx.Response]] = []
    real = httpx.Client.send

    def send(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        response = real(client, request, **options)
        if "/mydhlapi/" in request.url.path:
            heard.append((request, response))
        return response

    monkeypatch.setattr(httpx.Client, "send", send)
    return heard


def read_too_often(courier: DhlAdapter, waybill: Waybill) -> None:
    for _ in range(11):
        courier.track(waybill)


def test_a_whole_life_of_labels_and_parcels(
    contract: Description,
    exchanges: list[tuple[httpx.Request, httpx.Response]],
    courier: DhlAdapter,
    make: Make,
    play: Play,
    simulators: Simulators,
    reference: str,
) -> None:
    label = make()
    assert make().waybill == label.waybill  # found by its reference, printed again
    for rank, receiver in enumerate((SPANIARD, LONG)):
        make(receiver=receiver, reference=f"{reference[:-3]}-X{rank}")
    make(sender=CITIZEN, receiver=POST, reference=f"{reference[:-3]}-R1")
    assert courier.track(label.waybill) == ()
    for code in ("PU", "DF", "WC", "NH", "WC", "OK"):
        play(label.waybill, code)
        simulators.advance(minutes=1)
    assert len(courier.track(label.waybill)) == 6
    with pytest.raises(PartnerUnavailable):
        read_too_often(courier, label.waybill)

    assert [fault for exchange in exchanges for fault in contract.faults(*exchange)] == []
    assert contract.seen == {
        ("createShipment", 201),
        ("trackMany", 200),
        ("trackMany", 404),
        ("getImage", 200),
        ("trackShipment", 200),
        ("trackShipment", 404),
        ("trackShipment", 429),
    }


def test_refusals_and_the_proof_of_delivery(
    contract: Description,
    exchanges: list[tuple[httpx.Request, httpx.Response]],
    make: Make,
    play: Play,
    simulators: Simulators,
) -> None:
    waybill = make().waybill
    [created] = [request for request, response in exchanges if response.status_code == 201]
    base, body = f"{simulators.url}/dhl/mydhlapi", json.loads(created.content)
    with httpx.Client(auth=("escale", "simulateur-dhl"), headers={"x-version": "3.3.2"}, trust_env=False) as client:
        exchanges.clear()
        client.post(f"{base}/shipments", json={**body, "valueAddedServices": [{"serviceCode": "XX"}]})
        client.get(f"{base}/shipments/{waybill.text}/proof-of-delivery")
        for code in ("PU", "OK"):
            play(waybill, code)
        client.get(f"{base}/shipments/{waybill.text}/proof-of-delivery", params={"content": "epod-detail"})
        assert [fault for exchange in exchanges for fault in contract.faults(*exchange)] == []
        assert contract.seen == {("createShipment", 400), ("proofOfDelivery", 404), ("proofOfDelivery", 200)}

        exchanges.clear()
        client.post(f"{base}/shipments", json={**body, "surprise": 1, "productCode": "p"})
    assert set(contract.faults(*exchanges[0])) == {"request #/productCode: pattern", "request #: additionalProperties"}
    assert exchanges[0][1].status_code == 422


def test_the_description_tells_a_wrong_exchange(
    contract: Description, exchanges: list[tuple[httpx.Request, httpx.Response]], make: Make, simulators: Simulators
) -> None:
    """What the two tests above rely on: each kind of fault is seen."""
    make()
    [(request, response)] = [exchange for exchange in exchanges if exchange[1].status_code == 201]
    body, reply = json.loads(request.content), response.json()

    def faults(asked: dict[str, Any], answered: dict[str, Any], **headers: str) -> list[str]:
        given = {"Authorization": "Basic x", **(headers or {"x-version": "3.3.2"})}
        again = httpx.Request("POST", request.url, json=asked, headers=given)
        return contract.faults(again, httpx.Response(201, json=answered))

    assert faults(body, reply) == []
    assert faults(body, reply, other="1") == ["header x-version is missing"]
    late = {**body, "plannedShippingDateAndTime": (simulators.now() + timedelta(days=1)).isoformat()}
    assert "request #/plannedShippingDateAndTime: maxLength" in faults(late, reply)
    heavy = copy.deepcopy(body)
    heavy["content"]["packages"][0]["weight"] = True
    assert faults(heavy, reply) == ["request #/content/packages/0/weight: type"]
    assert faults(body, {**reply, "documents": []}) == ["reply 201 #/documents: minItems"]
    assert faults(body, {**reply, "shipmentTrackingNumber": "12"}) == ["reply 201 #/shipmentTrackingNumber: pattern"]
    assert contract.faults(request, httpx.Response(500, json={})) == ["reply 500 is not described"]
