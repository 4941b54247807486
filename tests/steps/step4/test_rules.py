"""The sheet and the decision, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.case.mrz import Mrz
from escale.steps.step4_interview import rules, words

NOW = datetime(2026, 3, 5, 14, 20, tzinfo=UTC)
TODAY = NOW.date()
FILE = rules.OnFile(("DURAND", "MARTIN"), "Jeanne Marie", "1962-08-24", "female", "12AB34567", date(2028, 3, 2))
ALL_GOOD = dict.fromkeys(rules.CONTROLS, "ok")


def zone(**changed: object) -> Mrz:
    shown = {
        "surname": "DURAND", "given_names": "Jeanne Marie", "number": "12AB34567", "birth": "1962-08-24",
        "sex": "F", "expiry": date(2028, 3, 2), **changed,
    }  # fmt: skip
    return Mrz.build(**shown)  # type: ignore[arg-type]  # built from names


def facts(**changed: object) -> rules.Deciding:
    known = {
        "agent": "1", "first": "1", "asked_second": "", "second_opinion": False, "flags": (), "conflict": False,
        "reauthenticated_at": NOW, **changed,
    }  # fmt: skip
    return rules.Deciding(**known)  # type: ignore[arg-type]  # built from names


def test_the_passport_of_the_file_agrees():
    assert rules.compare_mrz(zone(), FILE, today=TODAY) == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": "12AB34568"}, "number"),
        ({"surname": "DUPONT"}, "surname"),
        ({"given_names": "Paul"}, "given_names"),
        ({"birth": "1962-08-25"}, "birth"),
        ({"sex": "M"}, "sex"),
        ({"expiry": date(2029, 3, 2)}, "expiry"),
        ({"nationality": "ITA"}, "country"),
    ],
)
def test_each_field_that_differs_is_named(changed: dict[str, object], field: str):
    assert rules.compare_mrz(zone(**changed), FILE, today=TODAY) == (field,)


def test_long_names_are_cut_by_the_zone():
    name = "Marie Bernadette Alexandrine Philippine Josephine"
    file = rules.OnFile(("DE LA TOUR D’AUVERGNE",), name, "1962-08-24", "female", "12AB34567", date(2028, 3, 2))

    assert rules.compare_mrz(zone(surname=file.surnames[0], given_names=name), file, today=TODAY) == ()


def test_a_presumed_birth_agrees_on_its_known_parts():
    file = rules.OnFile(("TARGE",), "Jean", "1992-00-00", "male", "12AB34567", date(2028, 3, 2))
    shown = zone(surname="TARGE", given_names="Jean", birth="1992-00-00", sex="M")

    assert rules.compare_mrz(shown, file, today=TODAY) == ()


def test_a_missing_control_keeps_the_interview_open():
    for control in rules.CONTROLS:
        given = {name: verdict for name, verdict in ALL_GOOD.items() if name != control}
        with pytest.raises(RuleRefused) as refused:
            rules.hold(given)
        assert refused.value.facts["missing"] == (control,)
    assert rules.hold(ALL_GOOD).events == (e.InterviewHeld(),)


def test_every_doubt_raises_a_flag():
    for control in rules.CONTROLS:
        assert rules.flags({**ALL_GOOD, control: "doubt"}, motive="expiring", own_doubt=False) == (
            rules.FLAG_OF[control],
        )
    assert rules.flags(ALL_GOOD, motive="address", own_doubt=False) == ("address_changed",)
    assert rules.flags(ALL_GOOD, motive="expiring", own_doubt=True) == ("agent",)
    assert rules.flags(ALL_GOOD, motive="expiring", own_doubt=False) == ()


def test_one_agent_approves_when_nothing_stands():
    assert rules.decide("approve", "", "", facts(), now=NOW).events == (e.InterviewApproved(),)


def test_a_flag_calls_a_second_agent():
    asked = rules.decide("approve", "", "", facts(flags=("face_doubt",)), now=NOW)

    assert asked.events == (e.SecondOpinionRequested(flags=("face_doubt",)),)
    second = facts(agent="2", asked_second="1", second_opinion=True, flags=("face_doubt",))
    assert rules.decide("approve", "", "", second, now=NOW).events == (e.InterviewApproved(),)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"second_opinion": True, "flags": ("agent",)}, "same_agent"),
        ({"second_opinion": True, "agent": "3", "asked_second": "3"}, "same_agent"),
        ({"conflict": True}, "conflict_of_interest"),
        ({"reauthenticated_at": None}, "reauthentication_required"),
        ({"reauthenticated_at": NOW - timedelta(minutes=10, seconds=1)}, "reauthentication_required"),
    ],
)
def test_who_may_not_decide(changed: dict[str, object], code: str):
    for decision in rules.DECISIONS:
        with pytest.raises(RuleRefused, match=code):
            rules.decide(decision, "identity_doubt", "Parce que.", facts(**changed), now=NOW)


def test_a_refusal_names_its_rule_and_its_reasons():
    refused = rules.decide("refuse", "identity_doubt", "Le visage diffère.", facts(), now=NOW)

    assert refused.events == (e.InterviewRefused(rule="identity_doubt"),)
    with pytest.raises(RuleRefused, match="ground_missing"):
        rules.decide("refuse", "mood", "Non.", facts(), now=NOW)
    with pytest.raises(RuleRefused, match="reasons_missing"):
        rules.decide("in_person", "identity_doubt", "  ", facts(), now=NOW)
    with pytest.raises(RuleRefused, match="decision_unknown"):
        rules.decide("perhaps", "identity_doubt", "Non.", facts(), now=NOW)


def test_a_challenge_is_used_once_within_its_seconds():
    end = NOW + timedelta(seconds=rules.CHALLENGE_SECONDS)

    rules.answer_challenge(drawn_at=NOW, answered_at=None, now=end)
    with pytest.raises(RuleRefused, match="challenge_expired"):
        rules.answer_challenge(drawn_at=NOW, answered_at=None, now=end + timedelta(seconds=1))
    with pytest.raises(RuleRefused, match="challenge_used"):
        rules.answer_challenge(drawn_at=NOW, answered_at=NOW, now=NOW)


def test_questions_are_drawn_without_repeats():
    drawn = rules.draw_questions(("a", "b"), lambda choices: choices[0])

    assert drawn == ("a", "b")
    assert len(rules.draw_questions(tuple("abcdef"), lambda choices: choices[-1])) == rules.QUESTIONS_DRAWN


def test_every_code_has_its_words():
    assert set(words.CONTROLS) == set(rules.CONTROLS)
    assert set(words.FLAGS) == set(rules.FLAGS)
    assert set(words.GROUNDS) == {*rules.GROUNDS, rules.MISSED_TWICE}
    for place in range(7):
        code = rules.draw_challenge(lambda choices, place=place: choices[min(place, len(choices) - 1)])
        assert words.challenge(code)
