"""The real adapter on the simulator, and orders to give it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from escale.case.values import CaseReference, PassportNumber
from escale.partners.issuance.adapter import ADAPTER, IssuanceAdapter
from escale.partners.issuance.settings import options
from escale.ports.issuance import Order
from tests.partners.conftest import Simulators
from tests.partners.listener import Listener


@pytest.fixture
def issuance(simulators: Simulators) -> Iterator[IssuanceAdapter]:
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
    adapter.close()


@pytest.fixture
def product(simulators: Simulators) -> Iterator[Listener]:
    """Earlier orders first come to their end, so that a fault switched on meets the test's own order."""
    simulators.advance(days=8)
    httpx.get(f"{simulators.url}/titres/demandes/", trust_env=False).raise_for_status()
    with Listener(simulators.portal_port) as standing:
        yield standing


def photo(width: int = 413, height: int = 531) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (190, 200, 215)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def make_order() -> Callable[..., Order]:
    def make(**changes: Any) -> Order:
        facts: dict[str, Any] = {
            "case_reference": CaseReference.draw().text,
            "civil_status": {
                "family_name": "DURAND",
                "given_names": "Jeanne Marie",
                "birthdate": "1962-08-24",
                "birthplace": "75107",
                "birthcountry": "99100",
                "gender": "female",
            },
            "usage_name": "MARTIN",
            "height_cm": 168,
            "eye_colour": "marron",
            "address": {"line1": "301 rue King Ouest", "city": "Toronto ON", "country": "CA"},
            "numic": "24681373",
            "post_code": "CA-TORONTO",
            "motive": "expired",
            "previous_number": PassportNumber("17FR42486"),
            "keeps_expiry_of_previous": False,
            "photo": photo(),
            "stamp_receipt": "receipt-1",
            "agent_id": "agent-1",
            "evidence_digest": "0" * 64,
        }
        return Order(**{**facts, **changes})

    return make
