"""2D-Doc: strictly verified at the date of signature; name and address compared as people write them."""

from __future__ import annotations

import io
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import cv2
import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image, ImageDraw

from escale.inspection import address_proof
from escale.inspection.address_match import Likeness, compare_addresses, compare_names
from escale.inspection.address_proof import Holder, PostalAddress, one_month_before, read_address_proof
from escale.inspection.confined import codes as confined
from escale.inspection.proof_texts import CODES, finding_text
from escale.inspection.sandbox import DEFAULT
from escale.inspection.trust_seal import TrustListError
from escale.inspection.two_d_doc import parse, verify
from tests.inspection.making.two_d_docs import TestAuthority, as_png, bill

TODAY = date(2026, 11, 20)
SIGNED = date(2026, 11, 5)
CAMILLE = Holder(("Quérou", "Exemple"), "Camille Zoé")
HOME = PostalAddress(("12 bis, rue de la Paix",), "75002", "Paris", "FR")


@pytest.fixture(scope="module")
def authority() -> TestAuthority:
    return TestAuthority()


def codes(reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def test_a_genuine_recent_bill_at_the_right_name_is_confirmed(authority):
    page = as_png(bill(authority.code(signed_on=SIGNED)))
    reading = read_address_proof(page, holder=CAMILLE, address=HOME, today=TODAY, trust=authority.trust())
    assert reading.verdict == "confirmed"
    assert reading.authentic
    assert reading.issued_on == SIGNED
    assert codes(reading) == ["seal_ok", "name_same", "address_same", "recent"]
    assert "05/11/2026" in reading.findings[-1].reason("fr")


def test_an_altered_code_is_not_authentic(authority):
    altered = authority.code(signed_on=SIGNED).replace("RUE DE LA PAIX", "RUE DE LA TAXE")
    reading = read_address_proof(
        as_png(bill(altered)), holder=CAMILLE, address=HOME, today=TODAY, trust=authority.trust()
    )
    assert (reading.verdict, reading.authentic) == ("agent", False)
    assert "seal_bad_signature" in codes(reading)


def cut(page: np.ndarray) -> bytes:
    """The page turned by 17° in a frame as large as itself: a corner of its code lies outside."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -17, 1)
    return as_png(cv2.warpAffine(page, turn, (width, height), borderValue=120))


def test_a_code_of_which_the_picture_cuts_a_corner_is_read_and_still_believed_only_with_its_signature(authority):
    genuine, altered = authority.code(signed_on=SIGNED), authority.code(signed_on=SIGNED).replace("LA PAIX", "LA TAXE")
    read = [
        read_address_proof(cut(bill(code)), holder=CAMILLE, address=HOME, today=TODAY, trust=authority.trust())
        for code in (genuine, altered)
    ]
    assert [(one.verdict, one.authentic) for one in read] == [("confirmed", True), ("agent", False)]
    assert "seal_bad_signature" in codes(read[1])


def a_scan(*pages: Image.Image) -> bytes:
    content = io.BytesIO()
    pages[0].save(content, "PDF", save_all=True, append_images=pages[1:], resolution=300)
    return content.getvalue()


def text_page() -> Image.Image:
    """A page of dense text."""
    page = Image.new("L", (1240, 1754), 250)
    for line in range(75):
        ImageDraw.Draw(page).text((80, 80 + 21 * line), "Relevé, montant 12,34 EUR, référence 8842 " * 3, fill=30)
    return page


@pytest.fixture
def looked_at(monkeypatch) -> list[tuple[int, bool]]:
    """Height in pixels of each page searched, and whether it was searched again and again."""
    seen: list[tuple[int, bool]] = []
    read = confined._barcodes

    def spy(image: Image.Image, *, thorough: bool = True, **more: Any) -> list[dict[str, Any]]:
        seen.append((image.height, thorough))
        return read(image, thorough=False, **more)

    monkeypatch.setattr(confined, "_barcodes", spy)
    return seen


ASKED = asdict(replace(DEFAULT, max_side=5000, seals_only=True))


def test_of_a_long_scan_without_a_seal_two_pages_are_searched_once(looked_at):
    read, _ = confined.job(a_scan(*[text_page()] * 4), "pdf", ASKED)
    assert [page["codes"] for page in read["pages"]] == [[]] * 4
    assert [thorough for _, thorough in looked_at] == [False, False]


def test_of_a_long_scan_the_page_that_bears_a_seal_is_searched_first_and_read(authority, looked_at):
    sealed = Image.fromarray(bill(authority.code(signed_on=SIGNED)))
    read, _ = confined.job(a_scan(*[text_page()] * 3, sealed), "pdf", ASKED)
    assert [len(page["codes"]) for page in read["pages"]] == [0, 0, 0, 1]
    assert [thorough for _, thorough in looked_at] == [True, False, False]


def test_once_half_the_time_is_gone_no_other_page_is_searched(authority, looked_at):
    sealed = Image.fromarray(bill(authority.code(signed_on=SIGNED)))
    confined.job(a_scan(sealed, sealed), "pdf", ASKED | {"wall_seconds": 0})
    assert looked_at == []


def test_a_document_without_a_code_goes_to_the_agent(authority):
    blank = as_png(bill(authority.code(signed_on=SIGNED))[600:])
    reading = read_address_proof(blank, holder=CAMILLE, address=HOME, today=TODAY, trust=authority.trust())
    assert (reading.verdict, codes(reading)) == ("agent", ["no_2d_doc"])


def test_an_old_bill_and_another_person_go_to_the_agent(authority):
    page = as_png(bill(authority.code(signed_on=date(2026, 10, 19), name="M/INCONNU/PAUL", kind="06")))
    reading = read_address_proof(page, holder=CAMILLE, address=HOME, today=TODAY, trust=authority.trust())
    assert reading.verdict == "agent"
    assert reading.authentic
    assert codes(reading) == ["other_document", "seal_ok", "name_different", "address_same", "too_old"]


@pytest.mark.parametrize(("signed", "found"), [(date(2026, 10, 20), "too_old"), (date(2026, 10, 21), "recent")])
def test_one_month_is_a_calendar_month(authority, signed: date, found: str):
    page = as_png(bill(authority.code(signed_on=signed)))
    reading = read_address_proof(page, holder=CAMILLE, address=HOME, today=TODAY, trust=authority.trust())
    assert codes(reading)[-1] == found


def test_the_month_before_the_last_of_march():
    assert one_month_before(date(2027, 3, 31)) == date(2027, 2, 28)
    assert one_month_before(date(2027, 1, 15)) == date(2026, 12, 15)


def judged(authority: TestAuthority, *, trust=None, today: date = TODAY, code: str | None = None) -> str:
    document = parse(code or authority.code(signed_on=SIGNED))
    assert document is not None
    return verify(document, trust or authority.trust(), today=today)


def test_every_reason_not_to_believe_a_code(authority):
    stranger = TestAuthority(name="FR98")
    impostor = TestAuthority()  # same names, other keys
    assert judged(authority) == "ok"
    assert judged(stranger, trust=authority.trust()) == "unknown_authority"
    assert judged(authority, trust=authority.trust(in_accord=False)) == "authority_withdrawn"
    assert judged(authority, trust=authority.trust(renewed=date(2026, 11, 1))) == "list_expired"
    assert judged(authority, trust=authority.trust(sealed_until=date(2026, 11, 1))) == "list_seal_expired"
    assert judged(authority, today=date(2026, 11, 4)) == "signed_in_future"
    assert judged(TestAuthority(signer="TST2"), trust=authority.trust()) == "unknown_signer"
    assert judged(impostor, trust=authority.trust()) == "bad_signature"
    mixed = authority.trust()
    mixed = type(mixed)(mixed.authorities, (impostor.leaf,), mixed.issued_on, mixed.next_update, mixed.seal)
    assert judged(impostor, trust=mixed) == "not_issued_by_authority"
    undated = authority.code(signed_on=SIGNED)
    assert judged(authority, code=undated[:16] + "FFFF" + undated[20:]) == "no_signature_date"


def test_a_list_and_its_seal_serve_until_their_last_day(authority):
    assert judged(authority, trust=authority.trust(renewed=TODAY)) == "ok"
    assert judged(authority, trust=authority.trust(sealed_until=TODAY)) == "ok"


def test_what_an_expired_list_says_is_not_held_against_a_document(authority):
    expired = {"renewed": date(2026, 11, 1)}
    assert judged(TestAuthority(name="FR98"), trust=authority.trust(**expired)) == "list_expired"
    assert judged(authority, trust=authority.trust(in_accord=False, **expired)) == "list_expired"


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        ({"renewed": date(2026, 11, 1)}, "seal_list_expired"),
        ({"sealed_until": date(2026, 11, 1)}, "seal_list_seal_expired"),
    ],
)
def test_an_expired_list_or_seal_asks_an_agent_and_blames_no_document(authority, spans, found: str):
    page = as_png(bill(authority.code(signed_on=SIGNED)))

    reading = read_address_proof(page, holder=CAMILLE, address=HOME, today=TODAY, trust=authority.trust(**spans))

    assert (reading.verdict, reading.authentic) == ("agent", False)
    assert codes(reading) == [found, "name_same", "address_same", "recent"]
    assert "Cela ne vient pas du document, qui n’est pas refusé" in reading.findings[0].reason("fr")
    assert "not due to the document, which is not refused" in reading.findings[0].reason("en")


def test_a_list_that_does_not_hold_asks_an_agent_and_is_logged(authority, monkeypatch, caplog):
    def altered() -> None:
        raise TrustListError("altered")

    monkeypatch.setattr(address_proof, "national_trust_list", altered)
    page = as_png(bill(authority.code(signed_on=SIGNED)))

    reading = read_address_proof(page, holder=CAMILLE, address=HOME, today=TODAY)

    assert (reading.verdict, reading.authentic) == ("agent", False)
    assert codes(reading)[0] == "seal_list_unusable"
    assert "does not hold" in caplog.text


def test_validity_is_judged_on_the_day_of_signature_not_today():
    short = TestAuthority(start=date(2026, 1, 1), end=date(2026, 11, 10))
    assert judged(short, today=date(2026, 12, 1)) == "ok"
    assert judged(short, code=short.code(signed_on=date(2026, 11, 11)), today=date(2026, 12, 1)) == "outside_validity"


def test_a_larger_curve_uses_its_own_hash():
    assert judged(TestAuthority(signing=ec.generate_private_key(ec.SECP384R1()))) == "ok"


@pytest.mark.parametrize(
    "text", ["", "DC", "DC03FR99", "https://example.org", "DC03FR99TST1ZZZZ0001 0101\x1fAA", "DC99" + "A" * 80]
)
def test_what_is_not_a_code_is_not_parsed(text: str):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("printed", "likeness"),
    [
        ("MME QUEROU CAMILLE", Likeness.SAME),
        ("Camille EXEMPLE", Likeness.SAME),
        ("M. OU MME C. QUÉROU", Likeness.SAME),
        ("QUEROU", Likeness.NEAR),
        ("QUEROUX CAMILLE", Likeness.NEAR),
        ("QUEROU PAUL", Likeness.NEAR),
        ("MARTIN PAUL", Likeness.DIFFERENT),
        ("", Likeness.DIFFERENT),
    ],
)
def test_names(printed: str, likeness: Likeness):
    assert compare_names(CAMILLE, printed) is likeness


@pytest.mark.parametrize(
    ("lines", "postcode", "city", "country", "likeness"),
    [
        (("12 BIS R DE LA PAIX",), "75002", "PARIS", "FR", Likeness.SAME),
        (("APPT 4", "12bis rue de la Paix"), "75 002", "Paris cedex", "FR", Likeness.SAME),
        (("14 RUE DE LA PAIX",), "75002", "PARIS", "FR", Likeness.NEAR),
        (("12 BIS RUE DE LA PAIX",), "75008", "PARIS", "FR", Likeness.DIFFERENT),
        (("3 AVENUE FOCH",), "75002", "PARIS", "FR", Likeness.DIFFERENT),
        (("12 BIS RUE DE LA PAIX",), "75002", "PARIS", "ES", Likeness.DIFFERENT),
    ],
)
def test_addresses(lines: tuple[str, ...], postcode: str, city: str, country: str, likeness: Likeness):
    assert compare_addresses(HOME, PostalAddress(lines, postcode, city, country)) is likeness


def test_every_finding_has_both_languages():
    for code in CODES:
        for lang in ("fr", "en"):
            page = finding_text(code, lang, SIGNED)
            assert page
            assert "{" not in page
        assert finding_text(code, "fr", SIGNED) != finding_text(code, "en", SIGNED)
