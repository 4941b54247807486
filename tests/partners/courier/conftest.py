"""The real adapter on the simulator, two addresses, and the buttons of the parcels' page."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from escale.case.values import Waybill
from escale.partners.courier.adapter import ADAPTER, DhlAdapter
from escale.partners.courier.settings import options
from escale.ports.courier import Label, Party
from tests.partners.conftest import Simulators

POST = Party(
    name="Consulat général de France à Toronto",
    company="Consulat général de France à Toronto",
    line1="2 Bloor Street East, suite 2200",
    line2="",
    postcode="M4W 1A8",
    city="Toronto",
    country="CA",
    phone="+1 416 555 0100",
    email="passeports@example.org",
)
CITIZEN = Party(
    name="Joëlle Françoise DUBINÔRE",
    company="",
    line1="1234 rue de l’Église",
    line2="App. 12",
    postcode="V6B 1A1",
    city="Vancouver",
    country="CA",
    phone="+1 604 555 0199",
    email="joelle@example.org",
)
SPANIARD = replace(CITIZEN, line1="Calle Mayor, 3", line2="", postcode="28013", city="Madrid", country="ES")


@pytest.fixture
def courier(simulators: Simulators) -> Iterator[DhlAdapter]:
    adapter = ADAPTER(
        **options(
            {},
            data_dir=simulators.data_dir,
            simulators_url=simulators.url,
            portal_url=simulators.portal_url,
            desk_url=simulators.desk_url,
            reception_url=simulators.reception_url,
        )
    )
    yield adapter
    simulators.fault("dhl", "", 0)
    adapter.close()


@pytest.fixture
def reference() -> str:
    return f"ESC-{secrets.token_hex(6).upper()}-L1"


@pytest.fixture
def make(courier: DhlAdapter, simulators: Simulators, reference: str) -> Callable[..., Label]:
    def made(sender: Party = POST, receiver: Party = CITIZEN, reference: str = reference) -> Label:
        return courier.create_label(
            reference=reference,
            sender=sender,
            receiver=receiver,
            ready_at=simulators.now() + timedelta(days=1),
            language="fr",
        )

    return made


@pytest.fixture
def play(simulators: Simulators) -> Callable[[Waybill, str], httpx.Response]:
    """Press a button of the parcel's page."""

    def played(waybill: Waybill, code: str) -> httpx.Response:
        url = f"{simulators.url}/dhl/colis/{waybill.text}/evenement"
        return httpx.post(url, data={"code": code}, trust_env=False)

    return played


@pytest.fixture
def choose(simulators: Simulators) -> Callable[[Waybill, str], httpx.Response]:
    def chosen(waybill: Waybill, scenario: str) -> httpx.Response:
        url = f"{simulators.url}/dhl/colis/{waybill.text}/scenario"
        return httpx.post(url, data={"scenario": scenario}, trust_env=False)

    return chosen
