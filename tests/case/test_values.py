"""What people type: shapes, check characters, confusions repaired, nothing shown by accident."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from escale.case.mrz import Mrz, check_digit, transliterate
from escale.case.values import (
    CROCKFORD,
    CaseReference,
    InvalidValue,
    PassportNumber,
    SecurityNumber,
    StampNumber,
    Waybill,
)


def test_a_security_number_survives_how_people_type_it():
    number = SecurityNumber.draw()
    typed = number.grouped.lower().replace("0", "o").replace("1", "l")
    assert SecurityNumber.parse(f"  {typed.replace(' ', '-')} ") == number


@given(st.integers(0, 11), st.sampled_from(CROCKFORD))
def test_any_single_wrong_character_is_caught(place, wrong):
    text = SecurityNumber.draw().text
    if text[place] == wrong:
        return
    with pytest.raises(InvalidValue) as refused:
        SecurityNumber.parse(text[:place] + wrong + text[place + 1 :])
    assert refused.value.code == "check"


def test_security_numbers_do_not_repeat_and_never_print():
    drawn = {SecurityNumber.draw().text for _ in range(2000)}
    assert len(drawn) == 2000
    assert "•" in repr(SecurityNumber.draw())


@pytest.mark.parametrize(("typed", "code"), [("", "length"), ("ABCD", "length"), ("ABCD-EFGH-JKM!", "alphabet")])
def test_a_typo_says_what_is_wrong(typed, code):
    with pytest.raises(InvalidValue) as refused:
        SecurityNumber.parse(typed)
    assert refused.value.code == code


def test_passport_numbers_repair_letters_and_digits_by_place():
    assert PassportNumber.parse("12 ab 34567").text == "12AB34567"
    assert PassportNumber.parse("I2A834S67".replace("8", "B").replace("S", "5")).text == "12AB34567"
    assert "34" not in PassportNumber.parse("12AB34567").masked
    for wrong in ("", "12AB3456", "AB1234567", "12AB34567X"):
        with pytest.raises(InvalidValue):
            PassportNumber.parse(wrong)


def test_stamp_numbers_show_their_last_four_digits_alone():
    stamp = StampNumber.parse("1234 5678 9012 3456")
    assert stamp.masked.endswith("3456")
    assert "1234" not in stamp.masked + repr(stamp)


@pytest.mark.parametrize("text", ["3318810025", "8487135506", "1099255990", "3821724944"])
def test_waybills_of_the_carrier_check(text):
    assert Waybill.parse(text, carrier="dhl").text == text


def test_a_wrong_waybill_is_refused():
    with pytest.raises(InvalidValue):
        Waybill.parse("3318810010", carrier="dhl")


@pytest.mark.parametrize(
    ("carrier", "good", "wrong"),
    [
        ("correos", "RB 123 456 785 ES", "RB123456786ES"),
        ("ctt", "RB123456785PT", "RB123456784PT"),
        ("australia_post", "EE876543216AU", "EE876543210AU"),
        ("canada_post", "0073 9380 0054 9297", "0073938000549292"),
    ],
)
def test_a_slip_in_a_post_s_number_is_seen_where_its_form_has_a_check_digit(carrier: str, good: str, wrong: str):
    assert Waybill.parse(good, carrier=carrier).text == good.replace(" ", "")
    with pytest.raises(InvalidValue, match="waybill_check"):
        Waybill.parse(wrong, carrier=carrier)
    assert Waybill.parse("PQ4F6P0704204650", carrier=carrier).text == "PQ4F6P0704204650"  # a form that has none


def test_references_are_read_however_they_are_spaced():
    reference = CaseReference.draw()
    assert CaseReference.parse(reference.text.lower().replace("-", " ")) == reference


SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_the_icao_specimen_holds():
    zone = Mrz.parse(SPECIMEN)
    assert (zone.surname, zone.given_names, zone.number) == ("ERIKSSON", "ANNA MARIA", "L898902C3")


@pytest.mark.parametrize("place", [46, 50, 60, 67, 80, 88])
def test_a_wrong_digit_of_the_zone_is_caught(place):
    wrong = SPECIMEN[:place] + ("1" if SPECIMEN[place] != "1" else "2") + SPECIMEN[place + 1 :]
    with pytest.raises(InvalidValue):
        Mrz.parse(wrong)


def zone_with(*, birth: str = "740812", expiry: str = "120415") -> str:
    """The specimen with other dates, every check digit right."""
    first, second = SPECIMEN.split("\n")
    middle = f"{birth}{check_digit(birth)}F{expiry}{check_digit(expiry)}"
    line = second[:13] + middle + second[28:43]
    return f"{first}\n{line}{check_digit(line[0:10] + line[13:20] + line[21:43])}"


@pytest.mark.parametrize(
    "dates",
    [{"birth": "828527"}, {"birth": "741301"}, {"birth": "740431"}, {"birth": "740832"},
     {"expiry": "120431"}, {"expiry": "120015"}, {"expiry": "12<<15"}],
)  # fmt: skip
def test_a_date_that_is_none_is_caught_though_every_digit_holds(dates):
    with pytest.raises(InvalidValue, match="mrz_check"):
        Mrz.parse(zone_with(**dates))


@pytest.mark.parametrize(
    ("birth", "read"), [("740200", "1974-02-00"), ("74<<<<", "1974-00-00"), ("960229", "1996-02-29")]
)
def test_a_birth_may_be_known_in_part(birth, read):
    assert Mrz.parse(zone_with(birth=birth)).birth(today=date(2026, 3, 2)) == read


@pytest.mark.parametrize(
    ("name", "printed"),
    [("Joëlle Françoise", "JOELLE<FRANCOISE"), ("L’Écuyer-Nœud", "LECUYER<NOEUD"), ("TROIS-DUPRE", "TROIS<DUPRE")],
)
def test_names_are_printed_as_the_doc_says(name, printed):
    assert transliterate(name) == printed
