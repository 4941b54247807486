"""The contract of labels: one per reference whatever is lost, and never adult signature."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from escale.case.values import Waybill
from escale.inspection.labels import read_label
from escale.partners.courier import shipment
from escale.partners.courier.adapter import ADAPTER, DhlAdapter
from escale.ports.courier import Label
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from tests.partners.conftest import Simulators
from tests.partners.courier.conftest import CITIZEN, POST, SPANIARD

Make = Callable[..., Label]


def test_a_label_has_a_number_a_piece_and_a_page_that_readers_read(make: Make):
    label = make()

    assert Waybill.parse(label.waybill.text, carrier="dhl") == label.waybill
    assert len(label.piece) == 20
    assert label.piece.startswith("JD")
    reading = read_label(label.pdf)
    codes = {code.text: code.symbology for code in reading.barcodes}
    assert codes[label.waybill.text] == "Code 128"
    assert f"J{label.piece}" in codes
    assert "2LCAV6B1A1+48500001" in codes
    assert (reading.waybills, reading.from_barcode, reading.pages) == ((label.waybill.text,), True, 1)
    assert reading.adult_signature == "no"
    assert reading.receiver == (
        "Joelle Francoise DUBINORE",
        "1234 rue de l'Eglise",
        "App. 12",
        "V6B 1A1 Vancouver CA",
        "Tel +160 455 501 99",
    )


def test_another_reader_of_barcodes_agrees(make: Make, tmp_path: Path):
    """ZBar shares no code with what draws the bars here, nor with what the product reads them with."""
    zbar = shutil.which("zbarimg")
    if zbar is None:
        pytest.skip("ZBar (Debian package zbar-tools) is not installed: no second reader of barcodes.")
    label = make()
    with pypdfium2.PdfDocument(label.pdf) as sheets:
        sheets[0].render(scale=3).to_pil().save(tmp_path / "label.png")
    command = [zbar, "--quiet", "-Sdisable", "-Scode128.enable", str(tmp_path / "label.png")]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.split()
    assert set(seen) == {f"CODE-128:{text}" for text in (label.waybill.text, f"J{label.piece}", "2LCAV6B1A1+48500001")}


def test_the_same_reference_finds_the_same_shipment(make: Make):
    first = make()
    second = make()

    assert (second.waybill, second.piece) == (first.waybill, first.piece)
    assert read_label(second.pdf).waybills == (first.waybill.text,)


def test_a_lost_reply_makes_no_second_label(
    make: Make, courier: DhlAdapter, simulators: Simulators, reference: str, monkeypatch: pytest.MonkeyPatch
):
    looked_up = courier._find(reference, simulators.now())
    assert looked_up is None
    simulators.fault("dhl", "lost_reply", 1)
    with monkeypatch.context() as patch:
        patch.setattr(courier, "_find", lambda *_: None)  # the fault must meet the creation, not the search
        with pytest.raises(PartnerUnavailable):
            make()
    created = courier._find(reference, simulators.now())
    assert created is not None

    assert make().waybill.text == created["shipmentTrackingNumber"]


def test_a_lost_reply_is_recovered_days_and_a_month_later(make: Make, simulators: Simulators):
    first = make()
    simulators.advance(days=35)

    assert make().waybill == first.waybill


def test_two_references_make_two_labels(make: Make, reference: str):
    assert make().waybill != make(reference=f"{reference}-2").waybill


@pytest.mark.parametrize("mode", ["error", "lost_reply"])
def test_an_outage_is_not_a_refusal(make: Make, simulators: Simulators, mode: str):
    simulators.fault("dhl", mode, 2)
    with pytest.raises(PartnerUnavailable):
        make()
    simulators.fault("dhl", "", 0)

    assert make().pdf.startswith(b"%PDF-")


def test_wrong_keys_are_refused_though_the_gateway_answers_in_html(simulators: Simulators):
    wrong = ADAPTER(base_url=f"{simulators.url}/dhl/mydhlapi", username="x", password="y", account="960123456")
    try:
        with pytest.raises(PartnerRefused, match="401"):
            wrong.track(Waybill.dhl(331881002))
    finally:
        wrong.close()


def test_an_unknown_version_is_refused(simulators: Simulators):
    old = ADAPTER(
        base_url=f"{simulators.url}/dhl/mydhlapi",
        username="escale",
        password="simulateur-dhl",
        account="960123456",
        version="1.0.0",
    )
    try:
        with pytest.raises(PartnerRefused) as refusal:
            old.track(Waybill.dhl(331881002))
        assert refusal.value.code == "9001"
    finally:
        old.close()


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "996"), (12, "997")], ids=["a day that is past", "more than ten days ahead"]
)
def test_the_day_must_be_near(courier: DhlAdapter, simulators: Simulators, reference: str, days: int, code: str):
    with pytest.raises(PartnerRefused) as refusal:
        courier.create_label(
            reference=reference,
            sender=POST,
            receiver=CITIZEN,
            ready_at=simulators.now() + timedelta(days=days),
            language="en",
        )
    assert refusal.value.code == code


def test_long_and_foreign_names_fit(make: Make):
    long = replace(
        CITIZEN,
        name="Maria-Łucja Œdipe ÇELIK " + "de la Très-Longue-Famille " * 14,
        line1="Résidence universitaire Maréchal-de-Lattre-de-Tassigny, bâtiment des étudiants étrangers",
        line2="Escalier B, 4ᵉ étage, boîte nº 12",
        city="Saint-Rémy-en-Bouzemont-Saint-Genest-et-Isson-sur-Mer",
        email="j" * 80 + "@example.org",
    )

    receiver = read_label(make(receiver=long).pdf).receiver

    assert receiver[0].startswith("Maria-Lucja OEdipe CELIK de la Tres-Longue-Famille")


def test_bodies_hold_what_dhl_asks_and_no_service():
    body = shipment.body(
        account="1",
        reference="ESC-1",
        sender=POST,
        receiver=replace(CITIZEN, line1="Résidence " + "très longue " * 8, line2="B", email="j" * 80 + "@e.org"),
        ready_at=datetime(2026, 12, 1, 15, 0, tzinfo=UTC),
    )

    assert "valueAddedServices" not in body
    assert body["plannedShippingDateAndTime"] == "2026-12-01T10:00:00GMT-05:00"
    assert body["customerReferences"] == [{"value": "ESC-1", "typeCode": "CU"}]
    address = body["customerDetails"]["receiverDetails"]["postalAddress"]
    assert address["addressLine1"] == "Residence tres longue tres longue tres longue"
    assert max(len(address[f"addressLine{line}"]) for line in (1, 2, 3)) <= 45
    contact = body["customerDetails"]["receiverDetails"]["contactInformation"]
    assert contact["companyName"] == contact["fullName"] == "Joelle Francoise DUBINORE"
    assert "email" not in contact


@pytest.mark.parametrize(
    ("origin", "destination", "product"), [("CA", "CA", "N"), ("ES", "PT", "U"), ("AU", "CA", "D"), ("ES", "CA", "D")]
)
def test_the_product_follows_the_lane(origin: str, destination: str, product: str):
    assert shipment.product(origin, destination) == product


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (replace(CITIZEN, name="王伟"), "empty_companyName"),
        (replace(CITIZEN, line1="", line2=""), "empty_addressLine1"),
        (replace(CITIZEN, city="Αθήνα"), "empty_cityName"),
    ],
)
def test_what_cannot_be_written_is_refused_before_leaving(make: Make, party: object, code: str):
    with pytest.raises(PartnerRefused) as refusal:
        make(receiver=party)
    assert refusal.value.code == code


def test_a_missing_phone_is_that_of_the_other_party(make: Make):
    assert "Tel +141 655 501 00" in read_label(make(receiver=replace(CITIZEN, phone="")).pdf).receiver


def test_a_reference_too_long_is_refused_before_leaving(make: Make):
    with pytest.raises(PartnerRefused, match="reference_length"):
        make(reference="E" * 36)


def test_a_label_inside_spain_is_local_to_spain(make: Make):
    assert "2LES28013+48500001" in {code.text for code in read_label(make(SPANIARD, SPANIARD).pdf).barcodes}
