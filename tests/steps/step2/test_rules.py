"""What an application is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from escale.case.decision import RuleRefused
from escale.steps.step2_application import rules

ON = date(2026, 3, 2)
FULL = rules.Draft(
    motive="expiring",
    usage_origin="unchanged",
    height_cm=168,
    eye_colour="green",
    hosted=False,
    contact_seen=True,
    passport_number="17FR42486",
    passport_expires_on=date(2026, 3, 31),
    keeps_visa=False,
    documents=frozenset({"passport_page", "address_proof"}),
    photo=True,
    stamp="chosen",
)


def kinds(**changes: object) -> set[str]:
    return {document.kind for document in rules.documents_wanted(replace(FULL, **changes))}


def items(**changes: object) -> set[str]:
    return {lack.item for lack in rules.missing(replace(FULL, **changes))}


def test_a_full_draft_lacks_nothing():
    assert rules.missing(FULL) == ()


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({}, set()),
        ({"usage_origin": "parent"}, {"birth_certificate"}),
        ({"usage_origin": "spouse"}, {"marriage_certificate"}),
        ({"usage_origin": "widowed"}, {"marriage_certificate", "death_certificate"}),
        ({"motive": "error"}, {"sworn_statement"}),
        ({"motive": "pages_full"}, {"all_pages"}),
        ({"keeps_visa": True}, {"visa_copy"}),
    ],
)
def test_the_list_follows_the_situation(changes: dict[str, object], more: set[str]):
    assert kinds(**changes) == {"passport_page", "address_proof"} | more


def test_a_hosted_person_gives_the_three_documents_of_the_host():
    assert kinds(hosted=True) == {"passport_page", "host_address_proof", "host_identity", "host_letter"}


@pytest.mark.parametrize(
    ("changes", "item"),
    [
        ({"motive": ""}, "motive"),
        ({"motive": "address"}, "motive"),
        ({"height_cm": None}, "usage_name"),
        ({"hosted": None}, "hosted"),
        ({"passport_number": ""}, "passport_number"),
        ({"documents": frozenset({"passport_page"})}, "address_proof"),
        ({"photo": False}, "photo"),
        ({"stamp": ""}, "stamp"),
        ({"corrections": ("photo",)}, "photo"),
    ],
)
def test_each_lack_is_named(changes: dict[str, object], item: str):
    assert items(**changes) == {item}


def test_a_free_motive_needs_no_stamp_but_the_old_date_accepted():
    assert items(motive="address", accepts_old_expiry=True, stamp="") == set()


def test_a_new_usage_name_as_motive_must_be_given():
    assert items(motive="usage_name", accepts_old_expiry=True) == {"usage_name"}


def test_page_states_tell_what_is_done_to_do_and_to_correct():
    states = rules.page_states(replace(FULL, photo=False, corrections=("height_cm",)))

    assert states == {
        "motive": "done",
        "identity": "correct",
        "contact": "done",
        "passport": "done",
        "documents": "done",
        "photo": "todo",
        "stamp": "done",
    }


@pytest.mark.parametrize(
    ("motive", "expires_on", "remote", "code"),
    [
        ("address", date(2026, 3, 1), False, "motive_expired"),
        ("expiring", date(2026, 3, 31), True, "motive_remote"),
        ("holiday", None, False, "motive_unknown"),
    ],
)
def test_a_motive_that_cannot_be(motive: str, expires_on: date | None, remote: bool, code: str):
    with pytest.raises(RuleRefused) as refused:
        rules.check_motive(motive, expires_on=expires_on, remote=remote, on=ON)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("motive", "expires_on", "remote"),
    [("address", ON, False), ("expiring", date(2021, 3, 2), False), ("error", date(2027, 1, 1), True)],
)
def test_a_motive_that_can_be(motive: str, expires_on: date, remote: bool):
    rules.check_motive(motive, expires_on=expires_on, remote=remote, on=ON)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"product": "PASSEPORT_MAJEUR_FRANCE", "cents": 8600}, "wrong_product"),
        ({"cents": 9599}, "amount_too_low"),
        ({"valid_until": date(2026, 3, 1)}, "expired"),
        ({"state": "expired"}, "expired"),
        ({"state": "consumed"}, "consumed"),
        ({"state": "reserved"}, "reserved_elsewhere"),
        ({"state": "refunded"}, "refunded"),
        ({"state": "cancelled"}, "refunded"),
    ],
)
def test_a_stamp_that_cannot_serve(changes: dict[str, object], code: str):
    good = {"product": rules.STAMP_PRODUCT, "cents": 9600, "valid_until": ON, "state": "issued"}
    rules.check_stamp(**good, on=ON)

    with pytest.raises(RuleRefused) as refused:
        rules.check_stamp(**{**good, **changes}, on=ON)

    assert refused.value.code == code


def test_every_item_has_a_page_and_a_label():
    assert set(rules.PAGE_OF_ITEM) == set(rules.ITEM_LABELS)
    assert set(rules.PAGE_OF_ITEM.values()) == {page for page, _label in rules.PAGES}
