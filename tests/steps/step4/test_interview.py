"""The interview, its sheet, its decision, and the security number."""

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.case.values import SecurityNumber
from escale.ledger import queries as ledger
from escale.ledger.models import Entry
from escale.ledger.record import changing
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.steps.step4_interview import queries, service_challenge, service_interview, service_security
from escale.steps.step4_interview.models import BookingState, Challenge, KeptNumber, Opinion
from tests.factories.cases import NOON, a_post, acting, an_agent
from tests.steps.step4.scenes import ZONE, booked, controlled, decide, held, started

pytestmark = pytest.mark.django_db


def test_an_interview_begins_with_a_declaration(sub: str):
    case, (agent,), booking = booked(sub)

    with pytest.raises(RuleRefused, match="conflict_unsaid"):
        service_interview.start(case_id=case.id, no_conflict=False, actor=acting(agent), now=booking.starts_at)
    row = service_interview.start(case_id=case.id, no_conflict=True, actor=acting(agent), now=booking.starts_at)

    case.refresh_from_db()
    assert case.interview == "in_progress"
    assert len(set(queries.sheet(row).questions)) == 3
    assert set(queries.sheet(row).questions) <= set(queries.answers(case))


@pytest.mark.parametrize("early", [timedelta(minutes=31), timedelta(hours=-2)])
def test_not_outside_the_hours_of_the_room(sub: str, early: timedelta):
    case, (agent,), booking = booked(sub)

    with pytest.raises(RuleRefused, match="doors_closed"):
        service_interview.start(case_id=case.id, no_conflict=True, actor=acting(agent), now=booking.starts_at - early)


def test_only_agents_of_the_post_hold_interviews(sub: str):
    case, _agents, booking = booked(sub)
    a_post("CA-MONTREAL", name="Montréal")
    stranger = acting(an_agent(post="CA-MONTREAL"))

    for actor in (stranger, applicant(sub), acting(an_agent("auditor"))):
        with pytest.raises(AccessDenied):
            service_interview.start(case_id=case.id, no_conflict=True, actor=actor, now=booking.starts_at)


def test_a_conflict_of_interest_passes_the_interview_on(sub: str):
    case, _staff, booking = booked(sub, agents=2)
    first = acting(booking.agent)

    service_interview.declare_conflict(case_id=case.id, actor=first, now=booking.starts_at)

    booking.refresh_from_db()
    assert str(booking.agent_id) != first.id
    with pytest.raises(RuleRefused, match="conflict_of_interest"):
        service_interview.start(case_id=case.id, no_conflict=True, actor=first, now=booking.starts_at)


def test_a_conflict_without_another_agent_gives_the_slot_back(sub: str):
    case, (agent,), booking = booked(sub)

    service_interview.declare_conflict(case_id=case.id, actor=acting(agent), now=booking.starts_at)

    case.refresh_from_db()
    assert case.interview == "bookable"


def test_the_passport_shown_is_compared_and_not_kept(sub: str):
    case, (agent,), booking = started(sub)
    now = booking.starts_at

    with pytest.raises(RuleRefused, match="mrz_shape"):
        service_interview.read_mrz(case_id=case.id, typed="P<FRA", actor=agent, now=now)
    with pytest.raises(RuleRefused, match="mrz_check"):
        service_interview.read_mrz(case_id=case.id, typed=ZONE.replace("12AB34567", "12AB34576"), actor=agent, now=now)
    assert service_interview.read_mrz(case_id=case.id, typed=ZONE, actor=agent, now=now) == ()
    row = queries.interview(case.id)
    assert row is not None
    assert queries.sheet(row).mrz == []
    assert b"12AB34567" not in bytes(row.sheet)
    service_interview.mrz_unreadable(case_id=case.id, actor=agent, now=now)
    row.refresh_from_db()
    assert queries.sheet(row).controls["mrz"] == "doubt"


def test_a_challenge_counts_once_and_in_time(sub: str):
    case, (agent,), booking = started(sub)
    now = booking.starts_at
    drawn = service_challenge.draw_challenge(case_id=case.id, actor=agent, now=now)

    def judge(at: object, number: int = drawn.pk) -> None:
        service_challenge.judge_challenge(case_id=case.id, challenge_id=number, passed=True, actor=agent, now=at)  # type: ignore[arg-type]  # an hour

    assert queries.challenge_shown(booking, now) == drawn
    with pytest.raises(RuleRefused, match="challenge_expired"):
        judge(now + timedelta(seconds=46))
    judge(now + timedelta(seconds=10))
    with pytest.raises(RuleRefused, match="challenge_used"):
        judge(now + timedelta(seconds=11))
    with pytest.raises(RuleRefused, match="challenge_unknown"):
        judge(now, number=0)
    assert queries.challenge_shown(booking, now) is None
    assert Challenge.objects.get().passed


def test_another_agent_does_not_fill_the_sheet(sub: str):
    case, (_holder, other), booking = started(sub, agents=2)

    with pytest.raises(RuleRefused, match="other_agent_holds"):
        service_challenge.draw_challenge(case_id=case.id, actor=other, now=booking.starts_at)


def test_a_sheet_with_a_hole_is_not_closed(sub: str):
    case, (agent,), booking = started(sub)
    service_interview.fill(
        case_id=case.id, controls={"passport_shown": "ok"}, own_doubt=False, remarks="À revoir.", actor=agent,
        now=booking.starts_at,
    )  # fmt: skip

    with pytest.raises(RuleRefused, match="controls_missing"):
        service_interview.hold(case_id=case.id, actor=agent, now=booking.starts_at)

    row = queries.interview(case.id)
    assert row is not None
    assert queries.remarks(row) == "À revoir."


def test_a_technical_failure_reopens_the_booking(sub: str):
    case, (_agent,), booking = started(sub)

    service_interview.report_failure(case_id=case.id, side="applicant", actor=applicant(sub), now=booking.starts_at)

    case.refresh_from_db()
    booking.refresh_from_db()
    assert (case.interview, booking.state) == ("bookable", BookingState.FAILED)
    assert ledger.count(case.id, e.InterviewMissed) == 0


def test_an_approval_draws_the_number_and_orders_the_passport(sub: str):
    case, (agent,), now = held(sub)

    assert decide(case, agent, now) == "InterviewApproved"

    number = queries.security_number(case.id)
    assert (case.interview, case.dispatch) == ("approved", "ordered")
    assert number is not None
    assert service_security.matches(case.id, number)
    assert not service_security.matches(case.id, SecurityNumber.draw())


def test_the_number_is_kept_nowhere_in_clear(sub: str):
    case, (agent,), now = held(sub)
    decide(case, agent, now)
    number = service_security.show(case_id=case.id, actor=applicant(sub), now=now)

    assert number is not None
    kept = KeptNumber.objects.get(case=case)
    assert kept.hash.startswith("$argon2id$")
    assert number.text not in kept.hash
    assert number.text.encode() not in bytes(kept.sealed or b"")
    assert all(number.text.encode() not in bytes(entry.payload) for entry in Entry.objects.filter(case=case))
    assert ledger.count(case.id, e.SecurityNumberShown) == 1


def test_an_erased_number_is_still_verified_never_shown(sub: str):
    case, (agent,), now = held(sub)
    decide(case, agent, now)
    number = queries.security_number(case.id)
    assert number is not None

    with changing(case.id, actor=applicant(sub), now=now) as change:
        service_security.erase(change)

    assert queries.security_number(case.id) is None
    assert service_security.show(case_id=case.id, actor=applicant(sub), now=now) is None
    assert service_security.matches(case.id, number)


def test_a_case_without_a_number_matches_nothing(sub: str):
    case, _agents, _booking = booked(sub)

    assert not service_security.matches(case.id, SecurityNumber.draw())


def test_somebody_else_is_not_shown_the_number(sub: str):
    case, (agent,), now = held(sub)
    decide(case, agent, now)

    with pytest.raises(AccessDenied):
        service_security.show(case_id=case.id, actor=applicant("another"), now=now)


def test_a_doubt_needs_a_second_agent_who_is_another(sub: str):
    case, (first, second), now = held(sub, agents=2, face_photo="doubt")

    assert decide(case, first, now) == "SecondOpinionRequested"
    assert case.interview == "second_opinion"
    with pytest.raises(RuleRefused, match="same_agent"):
        decide(case, first, now)
    assert decide(case, second, now) == "InterviewApproved"

    assert [one.second for one in Opinion.objects.order_by("pk")] == [False, True]


def test_the_second_agent_may_refuse(sub: str):
    case, (first, second), now = held(sub, agents=2, own_doubt=True)
    decide(case, first, now)

    decide(case, second, now, "refuse", ground="identity_doubt", reasons="Le visage n’est pas le même.")

    final = queries.final_opinion(case.id)
    assert (case.interview, case.outcome) == ("refused", "refused")
    assert final is not None
    assert queries.reasons(final).fr == "Le visage n’est pas le même."
    assert b"visage" not in bytes(final.reasons or b"")


def test_a_decision_needs_a_fresh_proof_of_identity(sub: str):
    case, (agent,), now = held(sub)

    for proved in (None, now - timedelta(minutes=11)):
        with pytest.raises(RuleRefused, match="reauthentication_required"):
            decide(case, agent, now, reauthenticated_at=proved)


def test_nothing_is_decided_twice(sub: str):
    case, (agent,), now = held(sub)
    decide(case, agent, now)

    with pytest.raises(RuleRefused, match="not_held"):
        decide(case, agent, now)


def test_nothing_is_decided_before_the_end(sub: str):
    case, (agent,), booking = started(sub)
    controlled(case, agent, booking.starts_at)

    with pytest.raises(RuleRefused, match="not_held"):
        decide(case, agent, booking.starts_at)


def test_the_law_keeps_an_interview_from_starting_twice(sub: str):
    case, (agent,), booking = started(sub)

    with pytest.raises(MoveRefused):
        service_interview.start(case_id=case.id, no_conflict=True, actor=agent, now=booking.starts_at)


def test_the_applicants_summary_answers_the_questions(sub: str):
    case, _agents, _booking = booked(sub, now=NOON)

    assert queries.answers(case)["second_name"] == "Marie"
    assert queries.answers(case)["city"] == "Toronto"
