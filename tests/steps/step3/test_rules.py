"""Which label is good, which is refused at once, and what is left to the agent's eyes."""

from datetime import date

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.steps.step3_posted_items import reasons, rules

EXPECTED = rules.Expected(("DURAND", "MARTIN"), "Jeanne Marie", ("12 Elm Street",), "M4W 1A8", "Toronto", "CA")
GOOD = ("Jeanne MARTIN", "12 Elm St", "Toronto ON M4W 1A8", "CANADA")


def read(**values: object) -> rules.ReadLabel:
    facts = {"waybills": ("3318810025",), "adult_signature": "no", "receiver": GOOD, "text_readable": True, **values}
    return rules.ReadLabel(**facts)  # type: ignore[arg-type]  # built from names


def verdicts(label: rules.ReadLabel) -> dict[str, str]:
    return {finding.check: finding.verdict for finding in rules.examine_label(label, EXPECTED)}


def test_a_label_to_the_applicant_at_the_register_address_is_good():
    found = verdicts(read())

    assert found["one_passport"] == found["no_forbidden_option"] == found["recipient"] == found["country"] == "ok"
    assert found["address"] in {"ok", "look"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"adult_signature": "yes"}, "adult_signature"),
        ({"receiver": ("Paul DUPONT", *GOOD[1:])}, "other_name"),
        ({"receiver": (*GOOD[:3], "SPAIN")}, "other_country"),
        ({"receiver": (GOOD[0], "12 Elm St", "Toronto ON M5V 2T6", "CANADA")}, "other_postcode"),
        ({"waybills": ()}, "waybill_unreadable"),
    ],
)
def test_a_label_that_cannot_be_used_is_refused_at_once(change: dict[str, object], code: str):
    with pytest.raises(RuleRefused) as refused:
        rules.refuse_unusable(rules.examine_label(read(**change), EXPECTED))

    assert refused.value.code == code


def test_the_forbidden_option_is_named_before_every_other_fault():
    label = read(adult_signature="yes", receiver=("Paul DUPONT", "1 Calle Mayor", "28013 Madrid", "SPAIN"))

    with pytest.raises(RuleRefused) as refused:
        rules.refuse_unusable(rules.examine_label(label, EXPECTED))

    assert refused.value.code == "adult_signature"
    assert refused.value.rule == "affiche, étape 3"


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"adult_signature": "maybe"}, "no_forbidden_option"),
        ({"adult_signature": "unreadable"}, "no_forbidden_option"),
        ({"receiver": ()}, "recipient"),
        ({"waybills": ("3318810025", "8487135506")}, "one_passport"),
    ],
)
def test_what_cannot_be_read_is_left_to_the_agent(change: dict[str, object], check: str):
    label = read(**change)

    rules.refuse_unusable(rules.examine_label(label, EXPECTED))

    assert verdicts(label)[check] == "look"


def test_the_agent_sees_every_check_even_of_a_paper_label():
    lines = rules.for_the_agent(())

    assert [line.check for line in lines] == list(rules.CHECKS)
    assert {line.verdict for line in lines} == {"look"}


@pytest.mark.parametrize(
    ("block", "country"),
    [
        (GOOD, "CA"),
        (("A", "B", "28013 MADRID ESPAÑA"), "ES"),
        (("A", "1000 Lisboa", "PT"), "PT"),
        (("A", "M4W 1A8 Toronto CA", "Tel +1"), "CA"),
        (("A", "San Jose CA"), ""),
    ],
)
def test_the_country_of_a_block(block: tuple[str, ...], country: str):
    assert rules.country_of(block) == country


def test_validity_looks_at_the_likely_dispatch():
    today = date(2026, 3, 2)

    assert rules.validity(date(2026, 3, 1), 90, today, certain=True).verdict == "ok"
    assert rules.validity(date(2026, 1, 1), 90, today, certain=True).why == "label_old"
    assert rules.validity(date(2026, 3, 1), 90, today, certain=False).verdict == "look"


def test_the_gate_needs_every_tick():
    with pytest.raises(RuleRefused) as refused:
        rules.verify([check for check in rules.CHECKS if check != "recipient"])

    assert refused.value.facts["missing"] == ["recipient"]
    assert rules.verify(rules.CHECKS).events == (e.PostedItemsVerified(),)


def test_asking_again_names_objects_and_one_reason():
    one = rules.ask_again({"label": "adult_signature"}).events[0]
    two = rules.ask_again({"photo": "photo_damaged", "label": "label_missing"}).events[0]

    assert one == e.ReplacementRequested(items=("label",), reason="adult_signature")
    assert two == e.ReplacementRequested(items=("photo", "label"), reason="several")
    with pytest.raises(RuleRefused, match="nothing_asked"):
        rules.ask_again({})
    with pytest.raises(RuleRefused, match="reason_unknown"):
        rules.ask_again({"photo": "adult_signature"})


def test_nothing_is_posted_without_a_label():
    with pytest.raises(RuleRefused, match="label_first"):
        rules.announce("awaited", label_ready=False, carrier_code="dhl")


def test_every_code_has_its_words():
    assert {reason for given in rules.REASONS.values() for reason in given} == set(reasons.REASONS)
    assert set(rules.CHECKS) == set(reasons.CHECKS)
    assert set(rules.OBJECTS) == set(reasons.OBJECTS)
    assert {*rules.HOLDERS, ""} == set(reasons.HOLDERS)


# --- gate 2: what needs no eye ---


def test_a_label_made_here_needs_no_eye_once_its_number_was_scanned():
    young = rules.validity(date(2026, 3, 1), 180, date(2026, 3, 2), certain=True)
    found = rules.for_the_agent((*rules.BY_CONSTRUCTION, young))

    assert set(rules.certain(rules.compared(found, scanned=True))) == set(rules.LABEL_CHECKS)
    assert set(rules.certain(rules.compared(found, scanned=False))) == set(rules.LABEL_CHECKS) - {"one_passport"}


def test_what_a_machine_has_only_read_is_not_certain_but_may_be_vouched_for():
    read = rules.Finding("address", "ok", "same_address")

    assert rules.certain([read]) == {}
    assert rules.vouched([read, rules.Finding("photo_norms", "ok", "print_compliant")]) == {"address"}
    assert rules.vouched([read, rules.Finding("country", "no", "other_country")]) == frozenset()


def test_what_is_exact_closes_no_gate_and_opens_none_alone():
    exact = dict.fromkeys(rules.LABEL_CHECKS, "generated_here")

    assert rules.verify(rules.PHOTO_CHECKS, exact).events == (e.PostedItemsVerified(),)
    with pytest.raises(RuleRefused, match="checks_missing"):
        rules.verify(rules.PHOTO_CHECKS[1:], exact)
