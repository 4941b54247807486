"""The prepaid label: its waybill by barcode and by text, its receiver, and the option that is forbidden."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from escale.inspection.labels import adult_signature_words, interpret, read_label, receiver_block, waybill_candidates
from escale.inspection.refusals import UploadRefused
from tests.inspection.making.labels import label_pdf

WAYBILL = "3318810025"
LINES = [
    "EXPRESS WORLDWIDE",
    "From: Ana Exemple, Madrid",
    "To: Consulat général de France",
    "Service des titres",
    "28001 Madrid",
    "Contact: +34 600 000 000",
    "WAYBILL 33 1881 0025",
]


def test_a_label_is_read_by_its_barcode_and_by_its_text():
    reading = read_label(label_pdf(WAYBILL, LINES))
    assert reading.waybills == (WAYBILL,)
    assert reading.from_barcode
    assert reading.receiver == ("Consulat général de France", "Service des titres", "28001 Madrid")
    assert (reading.adult_signature, reading.revealing) == ("no", ())


def test_the_barcode_comes_before_a_number_that_is_only_printed():
    reading = read_label(label_pdf("8487135506", LINES))
    assert reading.waybills == ("8487135506", WAYBILL)


def test_a_label_with_the_adult_option_is_recognised():
    reading = read_label(label_pdf(WAYBILL, [*LINES, "Services: SD, DTP"]))
    assert (reading.adult_signature, reading.revealing) == ("yes", ("SD",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Adult  signature\nrequired", "yes"),
        ("Signature d’un adulte", "yes"),
        ("Option : SD", "yes"),
        ("DTP SD AA", "yes"),
        ("Sioux Falls, SD 57104", "maybe"),
        ("Direct Signature SF", "no"),
        ("USD 12.00 — SDK", "no"),
    ],
)
def test_words_that_reveal_the_option(text: str, found: str):
    assert adult_signature_words(text)[0] == found


def test_a_scanned_label_leaves_the_option_to_the_agent():
    out = io.BytesIO()
    Image.new("L", (600, 400), 255).save(out, "PNG")
    reading = read_label(out.getvalue())
    assert (reading.adult_signature, reading.waybills, reading.text_readable) == ("unreadable", (), False)


def test_only_numbers_whose_check_digit_holds_are_candidates():
    assert waybill_candidates("3318810025 3318810010 33 1881 0025 JD014600003889482921") == [WAYBILL]


def test_a_receiver_that_is_not_announced_is_not_guessed():
    assert receiver_block("Consulat\nMadrid") == ()
    assert interpret([{"text": "", "codes": []}]).receiver == ()


def test_a_file_that_is_no_label_is_refused():
    with pytest.raises(UploadRefused) as refused:
        read_label(b"GIF89a" + bytes(50))
    assert refused.value.code == "unknown_type"
