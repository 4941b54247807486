"""The catalogue of carriers: data that steps and settings rely upon."""

import pytest

from escale.case.carriers import CARRIERS, DEFAULT_CARRIER, Carrier, Tracking, Words

EVERY = pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)


def test_dhl_is_the_default_and_forbids_adult_signature_in_the_poster_s_words():
    dhl = CARRIERS[DEFAULT_CARRIER]

    option = dhl.forbids("sd")

    assert option is not None
    assert option.name.fr == "Signature d’un adulte"
    assert option.reason.fr == "Si vous contractez ce service, votre demande sera annulée par DHL."
    assert dhl.tracking is Tracking.API
    assert dhl.forbids("SF") is None


def test_every_country_of_the_procedure_has_dhl_and_its_own_post():
    for country in ("AU", "CA", "ES", "PT"):
        names = [carrier.code for carrier in CARRIERS.values() if country in carrier.countries]
        assert names[0] == "dhl"
        assert len(names) == 2


@pytest.mark.parametrize("code", ["SX", "SW", "64", "TV", "TZ", "62", "53", "TF"])
def test_dhl_services_that_leave_the_parcel_or_ask_for_the_passport_inside_are_forbidden(code: str):
    option = CARRIERS["dhl"].forbids(code)
    assert option is not None
    assert "DHL" not in option.reason.fr


@EVERY
def test_an_option_is_either_allowed_or_forbidden_with_a_reason(carrier: Carrier):
    allowed, forbidden = ({option.code for option in group} for group in (carrier.allowed, carrier.forbidden))

    assert forbidden
    assert not allowed & forbidden
    for option in carrier.forbidden:
        assert option.reason.fr
        assert option.reason.en
    for option in (*carrier.allowed, *carrier.forbidden):
        assert option.name.fr
        assert option.name.en


@EVERY
def test_pages_are_safe_and_labels_outlive_the_procedure(carrier: Carrier):
    assert CARRIERS[carrier.code] is carrier
    assert carrier.label_page.startswith("https://")
    assert carrier.follow_page.startswith("https://")
    assert carrier.label_valid_days >= 60


def test_words_follow_the_language():
    words = Words("bonjour", "hello")

    assert [words.in_language(language) for language in ("fr", "en-ca", "EN", "pt")] == [
        "bonjour",
        "hello",
        "hello",
        "bonjour",
    ]
