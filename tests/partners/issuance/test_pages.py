"""The workshop's pages, and the passport page an agent reads when the passport arrives."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import httpx
import pypdfium2
import pytest
from PIL import Image

from escale.inspection.mrz import read_mrz
from escale.partners.issuance.adapter import IssuanceAdapter
from escale.partners.kit.templatetags.moments import moment
from escale.ports.issuance import Order
from tests.partners.conftest import Simulators

type MakeOrder = Callable[..., Order]


@pytest.fixture
def page(simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder) -> str:
    order = make_order()
    issuance.order(order, key="k1")
    return f"{simulators.url}/titres/demandes/{order.case_reference}"


def _get(address: str) -> httpx.Response:
    return httpx.get(address, trust_env=False, follow_redirects=True)


def test_buttons_take_an_order_to_its_post(issuance: IssuanceAdapter, page: str) -> None:
    reference = page.rpartition("/")[2]
    assert reference in _get(page.rpartition("/")[0] + "/").text
    states = []
    for _ in range(5):
        answer = httpx.post(f"{page}/avancer", trust_env=False, follow_redirects=True)
        assert answer.status_code == 200
        states.append(issuance.state(reference).state)
    assert states == ["checking", "in_production", "produced", "sent_to_post", "sent_to_post"]
    httpx.post(f"{page}/rejeter", data={"motif": "PHOTO_NON_CONFORME"}, trust_env=False)
    assert issuance.state(reference).state == "sent_to_post"


def test_an_order_advanced_by_hand_keeps_the_distance_to_what_follows(
    simulators: Simulators, issuance: IssuanceAdapter, page: str
) -> None:
    reference = page.rpartition("/")[2]
    for _ in range(2):
        httpx.post(f"{page}/avancer", trust_env=False)
    simulators.advance(days=3)
    assert issuance.state(reference).state == "in_production"
    simulators.advance(days=1, hours=1)
    assert issuance.state(reference).state == "produced"


def test_the_passport_page_can_be_scanned_or_typed(issuance: IssuanceAdapter, page: str) -> None:
    reference = page.rpartition("/")[2]
    assert _get(f"{page}/page.png").status_code == 404
    for _ in range(3):
        httpx.post(f"{page}/avancer", trust_env=False)
    title = issuance.state(reference).title
    assert title is not None
    printed = _get(f"{page}/page.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    text = (
        "".join(leaf.get_textpage().get_text_bounded() for leaf in pypdfium2.PdfDocument(printed.content))
        .replace("\r\n", "")
        .replace("\n", "")
    )
    assert title.number.text in text
    assert title.mrz.splitlines()[1] in text.replace(" ", "")
    with Image.open(io.BytesIO(_get(f"{page}/page.png").content)) as picture:
        assert picture.width == pytest.approx(125 / 25.4 * 300, abs=2)
    assert title.number.text in _get(f"{page}/").text


def test_the_page_follows_the_passport_after_it_left(
    simulators: Simulators, issuance: IssuanceAdapter, page: str
) -> None:
    for _ in range(4):
        httpx.post(f"{page}/avancer", trust_env=False)
    title = issuance.state(page.rpartition("/")[2]).title
    assert title is not None
    now = simulators.now()
    issuance.expect_receipt(title.number, dispatched_at=now, due_at=now + timedelta(days=40))
    last_day = moment((now + timedelta(days=40)).isoformat()).partition(" à ")[0]
    assert f"à confirmer avant le {last_day} à " in _get(f"{page}/").text
    issuance.invalidate(title.number, reason="lost", effective_on=now.date(), agents=("agent-1", "agent-2"))
    assert "PERTE, demandée le" in _get(f"{page}/").text
    simulators.advance(minutes=2)
    assert "invalidé" in _get(f"{page}/").text


def test_the_zone_of_the_printed_page_is_read_back(issuance: IssuanceAdapter, page: str) -> None:
    """What the workshop prints, the product's own reader reads, whichever of the two fonts is installed."""
    for _ in range(3):
        httpx.post(f"{page}/avancer", trust_env=False)
    title = issuance.state(page.rpartition("/")[2]).title
    assert title is not None
    reading = read_mrz(_get(f"{page}/page.png").content)
    assert reading is not None
    assert reading.valid
    assert reading.mrz is not None
    assert reading.mrz.text == title.mrz


def test_current_passports_can_be_downloaded(simulators: Simulators) -> None:
    listing = _get(f"{simulators.url}/titres/specimens/")
    assert "17FR42486" in listing.text
    assert _get(f"{simulators.url}/titres/specimens/jeanne.png").content.startswith(b"\x89PNG")
    assert _get(f"{simulators.url}/titres/specimens/nobody.png").status_code == 404
    assert _get(f"{simulators.url}/titres/specimens/jeanne.gif").status_code == 404


def test_unknown_orders_and_reasons_are_not_found(simulators: Simulators, page: str) -> None:
    assert _get(f"{simulators.url}/titres/demandes/ESC-0000-0000-0000/").status_code == 404
    assert httpx.post(f"{page}/rejeter", data={"motif": "CAPRICE"}, trust_env=False).status_code == 404
