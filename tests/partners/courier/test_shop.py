"""The public shop, where a person may choose the option that must not be chosen."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from escale.case.values import Waybill
from escale.inspection.labels import read_label
from escale.partners.courier.adapter import DhlAdapter
from escale.ports.courier import ScanKind
from tests.partners.conftest import Simulators

ORDER = {
    "from_name": "Consulat général de France",
    "from_line1": "2 Bloor Street East",
    "from_postcode": "M4W 1A8",
    "from_city": "Toronto",
    "from_phone": "4165550100",
    "from_country": "CA",
    "to_name": "Jeanne Durand",
    "to_line1": "12, rue de l’Érable",
    "to_postcode": "M5V 2T6",
    "to_city": "Toronto",
    "to_phone": "4165550199",
    "to_country": "CA",
}


@pytest.fixture
def buy(simulators: Simulators) -> Callable[[str], tuple[Waybill, bytes]]:
    def bought(option: str) -> tuple[Waybill, bytes]:
        with httpx.Client(base_url=simulators.url, trust_env=False, follow_redirects=True, timeout=20) as client:
            page = client.post("/dhl/etiquettes/", data={**ORDER, "option": option})
            found = re.search(r'data-waybill="(\d{10})"', page.text)
            assert found is not None
            return Waybill.parse(found[1], carrier="dhl"), client.get(f"{page.url}etiquette.pdf").content

    return bought


@pytest.mark.parametrize(
    ("option", "found", "words"), [("", "no", ()), ("SF", "no", ()), ("SD", "yes", ("ADULT SIGNATURE",))]
)
def test_a_bought_label_shows_its_option(
    buy: Callable[[str], tuple[Waybill, bytes]], option: str, found: str, words: tuple[str, ...]
):
    waybill, pdf = buy(option)

    reading = read_label(pdf)

    assert reading.waybills == (waybill.text,)
    assert (reading.adult_signature, reading.revealing) == (found, words)
    assert reading.receiver[:2] == ("Jeanne Durand", "12, rue de l'Erable")


def test_adult_signature_is_cancelled_by_the_carrier_a_day_later(
    buy: Callable[[str], tuple[Waybill, bytes]], courier: DhlAdapter, simulators: Simulators
):
    waybill, _ = buy("SD")
    assert courier.track(waybill) == ()
    simulators.advance(days=1, minutes=1)

    assert [(scan.kind, scan.raw) for scan in courier.track(waybill)] == [(ScanKind.CANCELLED, "CS")]


def test_adult_signature_is_never_accepted(
    buy: Callable[[str], tuple[Waybill, bytes]],
    play: Callable[[Waybill, str], httpx.Response],
    courier: DhlAdapter,
):
    waybill, _ = buy("SD")
    play(waybill, "PU")

    assert [scan.kind for scan in courier.track(waybill)] == [ScanKind.CANCELLED]


def test_an_incomplete_order_is_explained_and_kept(simulators: Simulators):
    page = httpx.post(f"{simulators.url}/dhl/etiquettes/", data={**ORDER, "to_city": ""}, trust_env=False)

    assert page.status_code == 400
    assert "Destinataire (vous) : indiquez « Ville »." in page.text
    assert 'value="Jeanne Durand"' in page.text


def test_letters_that_no_label_can_bear_are_explained(simulators: Simulators):
    page = httpx.post(f"{simulators.url}/dhl/etiquettes/", data={**ORDER, "to_city": "Αθήνα"}, trust_env=False)

    assert page.status_code == 400
    assert "en lettres latines" in page.text


@pytest.mark.parametrize("path", ["/dhl/colis/", "/dhl/etiquettes/", "/dhl/colis/?q=ESC"])
def test_pages_answer(simulators: Simulators, path: str):
    page = httpx.get(f"{simulators.url}{path}", trust_env=False)

    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
