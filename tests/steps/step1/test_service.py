"""Matching and eligibility, from the register's answer to the recorded event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.ports.errors import PartnerUnavailable
from escale.ports.register import NoMatch
from escale.steps.step1_sign_in import queries, queries_evaluation, service
from tests.factories.cases import NOON, a_case, a_post
from tests.steps.step1.fakes import ENTRY, JEANNE, PROOF, FakeRegister

pytestmark = pytest.mark.django_db
ANSWERS = {
    "lost_or_stolen": False,
    "civil_status_changed": False,
    "second_passport": False,
    "obtained_remotely": False,
    "fingerprints_given": True,
}


def match(sub: str = JEANNE.sub, **given: str) -> service.Matched:
    known = {"numic": ENTRY.numic, "email": ENTRY.email, **given}
    identity = replace(JEANNE, sub=sub)
    return service.match(identity=identity, proof=PROOF, language="fr", actor=applicant(sub), now=NOON, **known)


def eligible_case() -> Case:
    case = match().case
    actor = applicant(JEANNE.sub)
    service.declare_passport(case=case, issued_on=date(2016, 4, 1), expires_on=date(2026, 3, 31), actor=actor, now=NOON)
    return case


def test_a_match_opens_a_case_with_its_proof(register: FakeRegister):
    a_post()

    case = match().case

    assert case.identity == "matched"
    assert ledger.summary(case)["email"] == ENTRY.email
    assert queries.identity(case)["evidence_digest"] == PROOF["digest"]
    assert queries.evidence(case)["userinfo"] == PROOF["userinfo"]


@pytest.mark.parametrize("given", [{"numic": "99999999"}, {"email": "autre@courriel.example"}])
def test_every_mismatch_is_the_same_answer(register: FakeRegister, given: dict[str, str]):
    a_post()

    with pytest.raises(NoMatch):
        match(**given)

    assert Case.objects.count() == 0


def test_nothing_is_opened_while_the_register_is_silent(register: FakeRegister):
    register.down = True

    with pytest.raises(PartnerUnavailable):
        match()

    assert Case.objects.count() == 0


def test_a_post_that_makes_no_passports_hands_over_to_the_designated_one(register: FakeRegister):
    toronto = a_post()
    a_post("CA-OTTAWA", competent=False, designated=toronto)
    register.holds(post_code="CA-OTTAWA")

    assert match().case.post_id == "CA-TORONTO"


def test_without_any_competent_post_no_case_is_opened(register: FakeRegister):
    a_post("PT-PORTO", competent=False)
    register.holds(post_code="PT-PORTO")

    with pytest.raises(service.NotEligible) as refused:
        match()

    assert [rule.id for rule in refused.value.rules] == ["P1"]
    assert Case.objects.count() == 0


def test_the_register_alone_may_refuse_and_names_its_rules(register: FakeRegister):
    a_post()
    register.holds(resident_since=date(2026, 1, 2))

    case = match().case

    assert case.identity == "ineligible"
    assert [rule.id for rule in queries.refused_rules(case)] == ["E3"]
    assert queries_evaluation.refusals_by_rule(since=NOON, post=case.post_id) == {(False, "E3"): 1}


def test_a_second_match_comes_back_to_the_open_case(register: FakeRegister):
    a_post()
    first = match()

    again = match()

    assert again.existing
    assert again.case.pk == first.case.pk
    assert Case.objects.count() == 1


def test_the_case_follows_a_person_whose_identifier_changed(register: FakeRegister):
    a_post()
    case = match().case

    match(sub="b" * 64 + "v1")

    case.refresh_from_db()
    assert case.applicant_sub == "b" * 64 + "v1"
    alert = ledger.latest(case.id, e.AlertRaised)
    assert alert is not None
    assert alert.actor_id == "b" * 64 + "v1"


def test_good_answers_make_the_case_eligible(register: FakeRegister):
    a_post()
    case = eligible_case()

    found = service.declare_situation(case=case, answers=ANSWERS, actor=applicant(JEANNE.sub), now=NOON)

    case.refresh_from_db()
    assert found == ()
    assert case.identity == "eligible"
    assert queries.declared_passport(case).expires_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("answers", "rule"),
    [({"lost_or_stolen": True}, "X1"), ({"obtained_remotely": True}, "X4"), ({"fingerprints_given": False}, "X5")],
)
def test_a_bad_answer_ends_the_case_with_its_rule(register: FakeRegister, answers: dict[str, bool], rule: str):
    a_post()
    case = eligible_case()

    service.declare_situation(case=case, answers={**ANSWERS, **answers}, actor=applicant(JEANNE.sub), now=NOON)

    case.refresh_from_db()
    assert case.outcome == "refused"
    assert [found.id for found in queries.refused_rules(case)] == [rule]


def test_the_register_knows_of_an_earlier_remote_renewal(register: FakeRegister):
    a_post()
    register.holds(already_renewed_remotely=True)
    case = eligible_case()

    service.declare_situation(case=case, answers=ANSWERS, actor=applicant(JEANNE.sub), now=NOON)

    case.refresh_from_db()
    assert [found.id for found in queries.refused_rules(case)] == ["X4"]
    assert queries_evaluation.refusals_by_rule(since=NOON, post=None) == {(False, "X4"): 1}
    assert queries_evaluation.refusals_by_rule(since=NOON, post="ES-MADRID") == {}


def test_a_refused_person_may_start_again(register: FakeRegister):
    a_post()
    case = eligible_case()
    wrong = {**ANSWERS, "lost_or_stolen": True}
    service.declare_situation(case=case, answers=wrong, actor=applicant(JEANNE.sub), now=NOON)

    again = match()

    assert not again.existing
    assert again.case.pk != case.pk


def test_unanswered_questions_decide_nothing(register: FakeRegister):
    a_post()
    case = eligible_case()

    with pytest.raises(RuleRefused) as refused:
        service.declare_situation(case=case, answers={}, actor=applicant(JEANNE.sub), now=NOON)

    case.refresh_from_db()
    assert refused.value.code == "incomplete"
    assert case.identity == "matched"


def test_nobody_answers_for_somebody_else(register: FakeRegister):
    a_post()
    case = eligible_case()

    with pytest.raises(AccessDenied):
        service.declare_situation(case=case, answers=ANSWERS, actor=applicant("somebody"), now=NOON)


def test_what_was_decided_is_not_decided_twice():
    case = a_case("draft")

    with pytest.raises(RuleRefused) as refused:
        service.declare_passport(
            case=case,
            issued_on=date(2016, 4, 1),
            expires_on=date(2026, 3, 31),
            actor=applicant(case.applicant_sub),
            now=NOON,
        )

    assert refused.value.code == "decided"
