"""What the evaluation report needs: refusals and returns by gate and rule, controls with their results, masked."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest

from escale import clock
from escale.case import events as e
from escale.case.decision import Decision
from escale.desk import figures_controls as figures
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import job
from escale.people.models import Agent
from escale.steps.step1_sign_in import service as step1
from escale.steps.step2_application.models import Opinion
from escale.steps.step3_posted_items import service as step3
from escale.steps.step4_interview import rules, service_challenge, service_interview
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step4.scenes import decide, held, started

pytestmark = pytest.mark.django_db
LONG_AGO = NOON - timedelta(days=365)
type Line = tuple[str, str, str]


@pytest.fixture(autouse=True)
def small_cells_shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small scenes are enough to see what is counted; the masks have their own test."""
    if "masks" not in request.node.name:
        monkeypatch.setattr(figures, "masked", lambda count: count)


def adverse(post: str | None = None) -> dict[Line, int | None]:
    return {(one.gate, one.kind, one.code): one.count for one in figures.adverse(since=LONG_AGO, post=post)}


def results(post: str | None = None) -> dict[Line, int | None]:
    return {(one.control, one.code, one.result): one.count for one in figures.controls(since=LONG_AGO, post=post)}


def contested(case: Case, *answers: bool) -> None:
    for accepted in answers:
        Opinion.objects.create(
            case=case,
            document_id=uuid4(),
            kind="photo",
            machine="not_compliant",
            contested=True,
            accepted=accepted,
            at=NOON,
        )


def test_a_condition_found_missing_later_counts_once_per_rule(agent: Agent) -> None:
    step1.lose_eligibility(case=a_case("submitted"), rule_ids=("E3", "X2"), actor=acting(agent), now=NOON)

    assert adverse() == {("gate1", "lost", "E3"): 1, ("gate1", "lost", "X2"): 1}
    assert adverse("ES-MADRID") == {}


def test_what_is_asked_again_at_gate_two_counts_by_object_and_reason(agent: Agent) -> None:
    for reasons in ({"photo": "photo_damaged"}, {"photo": "photo_damaged", "label": "adult_signature"}):
        case = a_case("received")
        step3.ask_again(case_id=case.id, reasons=reasons, words={}, actor=acting(agent), now=NOON)

    assert adverse() == {
        ("gate2", "sent_back", "label:adult_signature"): 1,
        ("gate2", "sent_back", "photo:photo_damaged"): 2,
    }


def test_gate_three_counts_grounds_and_two_absences() -> None:
    case, (holder,), now = held("one")
    decide(case, holder, now, "refuse", ground="identity_doubt", reasons="Le visage diffère.")
    missed = a_case("booked")
    with changing(missed.id, actor=job("clock"), now=NOON) as change:
        change.record(Decision.of(e.InterviewDirectedInPerson(rule="missed_twice")))

    assert adverse() == {("gate3", "refused", "identity_doubt"): 1, ("gate3", "in_person", "missed_twice"): 1}


def test_a_flag_is_followed_to_the_decision_of_the_second_agent() -> None:
    doubtful, (first, second), now = held("doubt", agents=2, face_photo="doubt")
    decide(doubtful, first, now)
    waiting = results()
    assert waiting["flag", "face_doubt", "pending"] == 1
    assert waiting["second_opinion", "asked", "pending"] == 1

    decide(doubtful, second, now, "refuse", ground="identity_doubt", reasons="Ce n’est pas lui.")

    found = results()
    assert found["flag", "face_doubt", "refuse"] == 1
    assert found["second_opinion", "asked", "refuse"] == 1
    assert ("flag", "face_doubt", "pending") not in found


def test_an_interview_without_a_flag_is_the_measure_of_the_others() -> None:
    case, (holder,), now = held("plain")
    decide(case, holder, now)

    found = results()
    assert found["flag", "none", "approve"] == 1
    assert not any(control == "second_opinion" for control, _code, _result in found)


def test_challenges_count_by_kind_and_by_what_came_of_them() -> None:
    case, (holder,), booking = started("challenged")
    now = booking.starts_at
    for passed in (True, False, None):
        drawn = service_challenge.draw_challenge(case_id=case.id, kind="voice", why="sight", actor=holder, now=now)
        if passed is not None:
            service_challenge.judge_challenge(
                case_id=case.id, challenge_id=drawn.pk, passed=passed, actor=holder, now=now
            )

    found = results()
    assert [found["challenge", "read_number", result] for result in ("passed", "failed", "expired")] == [1, 1, 1]


def test_a_contested_check_counts_by_whom_the_agent_agreed_with() -> None:
    contested(a_case("submitted"), True, True, False)

    found = results()
    assert (found["contested", "photo", "accepted"], found["contested", "photo", "refused"]) == (2, 1)


def test_a_conflict_of_interest_counts(agent: Agent) -> None:
    service_interview.declare_conflict(case_id=a_case("held").id, actor=acting(agent), now=NOON)

    assert results()["conflict", "agent", "declared"] == 1


def test_one_small_cell_masks_its_whole_control() -> None:
    case = a_case("submitted")
    contested(case, *[True] * 7, False)

    assert results()["contested", "photo", "accepted"] is None
    assert results()["contested", "photo", "refused"] is None
    Case.objects.filter(pk=case.pk).update(post=a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid"))
    assert ("contested", "photo", "accepted") not in results("CA-TORONTO")


def test_every_ground_has_its_words() -> None:
    assert set(figures.GROUNDS) == {*rules.GROUNDS, rules.MISSED_TWICE}


def test_the_page_says_it_in_words_and_the_table_in_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=30))
    case, (holder,), now = held("told", face_photo="doubt")
    decide(case, holder, now, "in_person", ground="identity_doubt", reasons="À voir en personne.")
    client = as_agent(an_agent("supervisor"))

    page = client.get("/bureau/statistiques/").content.decode()
    table = client.get("/bureau/statistiques/?format=csv").content.decode()

    assert "doute sur l’identité" in page
    assert "Réserve à l’entretien — doute sur le visage" in page
    rows = list(csv.reader(io.StringIO(table)))
    assert ["adverse", "gate3:in_person:identity_doubt", "1", "", ""] in rows
    assert ["results", "flag:face_doubt:in_person", "1", "", ""] in rows
