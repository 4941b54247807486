"""The simulator is as strict as DHL: what it refuses, and with which words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from escale.case.values import Waybill
from escale.partners.courier import shipment
from escale.ports.courier import Label
from tests.partners.conftest import Simulators
from tests.partners.courier.conftest import CITIZEN, POST, SPANIARD

Send = Callable[[dict[str, Any]], httpx.Response]


@pytest.fixture
def body(simulators: Simulators, reference: str) -> dict[str, Any]:
    ready = simulators.now() + timedelta(days=1)
    return shipment.body(account="960123456", reference=reference, sender=POST, receiver=CITIZEN, ready_at=ready)


@pytest.fixture
def send(simulators: Simulators) -> Send:
    def sent(body: dict[str, Any]) -> httpx.Response:
        return httpx.post(
            f"{simulators.url}/dhl/mydhlapi/shipments",
            json=body,
            auth=("escale", "simulateur-dhl"),
            headers={"x-version": "3.3.2"},
            trust_env=False,
            timeout=20,
        )

    return sent


def test_a_parcel_says_when_it_should_arrive_and_speaks_french_when_asked(
    make: Callable[..., Label], play: Callable[[Waybill, str], httpx.Response], simulators: Simulators
):
    waybill = make().waybill
    play(waybill, "PU")
    address = f"{simulators.url}/dhl/mydhlapi/shipments/{waybill.text}/tracking"
    headers = {"x-version": "3.3.2"}

    def told(language: str, view: str = "all-checkpoints") -> dict[str, Any]:
        answer = httpx.get(
            address,
            params={"trackingView": view},
            headers={**headers, "Accept-Language": language},
            auth=("escale", "simulateur-dhl"),
            trust_env=False,
        )
        return dict(answer.json()["shipments"][0])

    assert told("fre")["events"][0]["description"] == "Prise en charge"
    assert told("eng")["events"][0]["description"] == "Shipment picked up"
    assert told("eng", "shipment-details-only")["events"] == []
    assert told("eng")["estimatedDeliveryDate"] > f"{simulators.now():%Y-%m-%d}"
    play(waybill, "OK")
    assert "estimatedDeliveryDate" not in told("eng")


def test_the_reply_names_everything(send: Send, body: dict[str, Any]):
    answer = send(body)

    assert answer.status_code == 201
    created = answer.json()
    assert {document["typeCode"] for document in created["documents"]} == {"label", "receipt"}
    assert created["shipmentDetails"][0]["dhlRoutingDataId"] == "2L"
    assert created["packages"][0]["trackingNumber"].startswith("JD")


def test_the_same_reference_twice_makes_two_shipments_as_at_dhl(send: Send, body: dict[str, Any]):
    assert send(body).json()["shipmentTrackingNumber"] != send(body).json()["shipmentTrackingNumber"]


def set_at(body: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    changed: Any = copy.deepcopy(body)
    *way, last = path.split("/")
    here = changed
    for step in way:
        here = here[int(step)] if step.isdigit() else here[step]
    if value is None:
        del here[last]
    else:
        here[last] = value
    return dict(changed)


@pytest.mark.parametrize(
    ("path", "value", "detail"),
    [
        ("content/packages/0/colour", "red", "#/content/packages/0: extraneous key [colour] is not permitted"),
        ("content/incoterms", "DAP", "#/content: extraneous key [incoterms] is not permitted"),
        ("content/description", None, "#/content: required key [description] not found"),
        ("content/packages", [], "#/content/packages: expected minimum item count: 1, found: 0"),
        ("content/packages/0/weight", "0.3", "#/content/packages/0/weight: expected type: Number, found: str"),
        ("pickup/isRequested", "no", "#/pickup/isRequested: expected type: Boolean, found: str"),
        ("content/unitOfMeasurement", "metre", "#/content/unitOfMeasurement: not a valid enum value"),
        (
            "customerDetails/receiverDetails/postalAddress/cityName",
            "V" * 46,
            "#/customerDetails/receiverDetails/postalAddress/cityName: expected maxLength: 45, actual: 46",
        ),
        (
            "customerDetails/receiverDetails/contactInformation/companyName",
            None,
            "#/customerDetails/receiverDetails/contactInformation: required key [companyName] not found",
        ),
    ],
)
def test_json_is_read_strictly(send: Send, body: dict[str, Any], path: str, value: object, detail: str):
    answer = send(set_at(body, path, value))

    assert answer.status_code == 422
    said = answer.json()
    assert (said["detail"], said["status"], said["title"]) == (detail, "422", "Validation error")
    assert "type" not in said
    assert said["instance"] == "/expressapi/shipments"


def test_several_faults_are_all_told(send: Send, body: dict[str, Any]):
    said = send(set_at(set_at(body, "content/description", None), "content/colour", "red")).json()

    assert len(said["additionalDetails"]) == 1


@pytest.mark.parametrize("hour", ["2026-12-01T10:00:00Z", "2026-12-01", "2026-12-01T10:00:00+01:00"])
def test_hours_have_dhl_s_own_form(send: Send, body: dict[str, Any], hour: str):
    answer = send(set_at(body, "plannedShippingDateAndTime", hour))

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("998: ShipTimeStamp is not well formatted")


def test_adult_signature_depends_on_the_lane(send: Send, body: dict[str, Any], simulators: Simulators):
    with_sd = {**body, "valueAddedServices": [{"serviceCode": "SD"}]}
    assert send(with_sd).status_code == 201

    spain = shipment.body(
        account="960123456",
        reference="SD-SPAIN",
        sender=SPANIARD,
        receiver=SPANIARD,
        ready_at=simulators.now() + timedelta(days=1),
    )
    answer = send({**spain, "valueAddedServices": [{"serviceCode": "SF"}, {"serviceCode": "SD"}]})

    assert answer.status_code == 400
    detail = "7008: The requested Special Service Code #/valueAddedServices/1/serviceCode 'SD' is not available between"
    assert answer.json()["detail"].startswith(detail)


def test_a_reference_is_searched_with_dates_and_an_account(simulators: Simulators):
    def ask(**params: str) -> httpx.Response:
        return httpx.get(
            f"{simulators.url}/dhl/mydhlapi/tracking",
            params=params,
            auth=("escale", "simulateur-dhl"),
            headers={"x-version": "3.3.2"},
            trust_env=False,
        )

    dates = {"dateRangeFrom": "2026-01-01", "dateRangeTo": "2046-01-01"}
    assert ask(shipmentReference="X").json()["detail"].startswith("8002")
    assert ask(shipmentReference="X", **dates).json()["detail"].startswith("8003")
    assert ask(shipmentReference="X", shipperAccountNumber="960123456", **dates).status_code == 404
    assert ask().json()["detail"].startswith("8001")
