"""Two numbers together, five tries, a day of rest, and what follows a confirmation."""

from datetime import timedelta
from itertools import pairwise

import pytest

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision, RuleRefused
from escale.case.values import CROCKFORD, InvalidValue, PassportNumber, SecurityNumber, crockford_check
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Entry
from escale.ledger.record import changing
from escale.people.access import AccessDenied
from escale.people.actors import Actor, applicant, job
from escale.ports.errors import PartnerUnavailable
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step4_interview import queries as step4, service_security
from escale.steps.step7_confirm_receipt import queries, rules, service
from escale.ui.models import Attempt
from tests.factories.cases import acting, an_agent
from tests.steps.step5.builders import STARTED, dispatched
from tests.steps.step5.fakes import FakeIssuance, a_title

pytestmark = pytest.mark.django_db
NUMBER, OTHER_NUMBER = a_title().number, PassportNumber("26FR48214")
WRONG = SecurityNumber.parse("0000 0000 000" + crockford_check("0" * 11))
AFTER = STARTED + timedelta(days=5)


@pytest.fixture
def agent() -> Actor:
    return acting(an_agent())


def with_security(case: Case) -> SecurityNumber:
    """The number the interview gave."""
    with changing(case.id, actor=job("test"), now=STARTED) as change:
        return service_security.draw(change)


@pytest.fixture
def case(issuance: FakeIssuance, courier, agent: Actor, sub: str) -> Case:
    return dispatched(issuance, agent, sub=sub)


@pytest.fixture
def security(case: Case) -> SecurityNumber:
    return with_security(case)


def enter(case: Case, number: PassportNumber, security: SecurityNumber, minutes: int = 0) -> service.Answer:
    now = AFTER + timedelta(minutes=minutes)
    return service.confirm(
        case_id=case.id, number=number, security=security, actor=applicant(case.applicant_sub), now=now
    )


def test_both_numbers_right_confirm_and_the_readable_copy_is_erased(case: Case, security: SecurityNumber):
    assert step4.security_number(case.id) == security

    answer = enter(case, NUMBER, security)

    case.refresh_from_db()
    assert answer.confirmed
    assert (case.receipt, case.delivery) == ("confirmed", "delivered")  # attested by who holds it
    assert step4.security_number(case.id) is None
    assert {line.item: line.holder for line in step3.custody(case.id)}["new_passport"] == "applicant"
    assert case.effects.filter(kind="confirm_receipt").count() == 1
    with pytest.raises(RuleRefused, match="confirmed_already"):
        enter(case, NUMBER, security)


@pytest.mark.parametrize("wrong", ["number", "security", "both"])
def test_which_number_is_wrong_is_never_said(case: Case, security: SecurityNumber, wrong: str):
    number = OTHER_NUMBER if wrong in {"number", "both"} else NUMBER
    typed = WRONG if wrong in {"security", "both"} else security

    answer = enter(case, number, typed)

    assert answer == service.Answer(confirmed=False, locked=False, left=4)
    case.refresh_from_db()
    assert case.receipt == "awaited"


def test_the_fifth_wrong_entry_locks_for_a_day_and_tells_the_post(case: Case, security: SecurityNumber):
    answers = [enter(case, NUMBER, WRONG, minutes) for minutes in range(5)]

    case.refresh_from_db()
    assert [answer.left for answer in answers] == [4, 3, 2, 1, 0]
    assert [answer.locked for answer in answers] == [False, False, False, False, True]
    assert case.receipt == "locked_out"
    alert = ledger.latest(case.id, e.AlertRaised)
    assert alert is not None
    assert alert.event == e.AlertRaised(kind="receipt_locked_out")
    due = ledger.open_deadlines(case.id)[DeadlineKind.LOCKOUT_END]
    assert due == AFTER + timedelta(minutes=4, hours=24)
    with pytest.raises(RuleRefused, match="locked_out"):
        enter(case, NUMBER, security, 10)


def test_after_the_lock_there_are_five_new_tries(case: Case, security: SecurityNumber):
    for minutes in range(5):
        enter(case, NUMBER, WRONG, minutes)

    service.end_lockout(case_id=case.id, now=AFTER + timedelta(days=2))
    service.end_lockout(case_id=case.id, now=AFTER + timedelta(days=2))

    case.refresh_from_db()
    assert case.receipt == "awaited"
    assert ledger.count(case.id, e.LockoutEnded) == 1
    assert queries.tries_left(case.id, AFTER) == 5
    assert enter(case, NUMBER, security, 3000).confirmed


def test_an_agent_of_the_post_may_end_the_lock(case: Case, security: SecurityNumber, agent: Actor, sub: str):
    with pytest.raises(RuleRefused, match="not_locked"):
        service.unlock(case_id=case.id, actor=agent, now=AFTER)
    for minutes in range(5):
        enter(case, NUMBER, WRONG, minutes)
    for stranger in (applicant(sub), acting(an_agent(post="ES-MADRID")), acting(an_agent(role="auditor"))):
        with pytest.raises(AccessDenied):
            service.unlock(case_id=case.id, actor=stranger, now=AFTER)

    service.unlock(case_id=case.id, actor=agent, now=AFTER)

    case.refresh_from_db()
    assert case.receipt == "awaited"
    assert DeadlineKind.LOCKOUT_END not in ledger.open_deadlines(case.id)


def test_only_the_holder_confirms(case: Case, security: SecurityNumber, agent: Actor):
    for stranger in (applicant("somebody"), agent, job("clock")):
        with pytest.raises(AccessDenied):
            service.confirm(case_id=case.id, number=NUMBER, security=security, actor=stranger, now=AFTER)


def test_a_burst_of_entries_gets_no_more_than_the_limit(case: Case, security: SecurityNumber):
    for day in range(4):  # four locks, each ended by an agent: the hourly limit still holds
        for minutes in range(5):
            enter(case, NUMBER, WRONG, minutes)
        service.end_lockout(case_id=case.id, now=AFTER + timedelta(minutes=10 + day))

    with pytest.raises(RuleRefused, match="too_many_tries"):
        enter(case, NUMBER, security, 20)
    assert enter(case, NUMBER, security, 70).confirmed
    assert all("security_number" in attempt.key and NUMBER.text not in attempt.key for attempt in Attempt.objects.all())


def test_an_answer_computed_before_the_lock_is_not_given_after_it(
    case: Case, security: SecurityNumber, monkeypatch: pytest.MonkeyPatch
):
    for minutes in range(4):
        enter(case, NUMBER, WRONG, minutes)
    real = service._both_match

    def slow(*args):
        found = real(*args)
        if args[2] == security:  # meanwhile somebody else uses up the fifth try
            enter(case, NUMBER, WRONG, 5)
        return found

    monkeypatch.setattr(service, "_both_match", slow)
    with pytest.raises(RuleRefused, match="locked_out"):
        enter(case, NUMBER, security, 6)
    case.refresh_from_db()
    assert case.receipt == "locked_out"


def test_a_title_on_the_list_may_still_be_confirmed_but_not_an_invalidated_one(case: Case, security: SecurityNumber):
    with changing(case.id, actor=job("clock"), now=AFTER) as change:
        change.record(Decision.of(e.DutyMissed(missing=("receipt", "return"))))
    case.refresh_from_db()
    assert case.title == "listed"
    assert not enter(case, NUMBER, WRONG).confirmed

    with changing(case.id, actor=job("daily-run"), now=AFTER) as change:
        change.record(Decision.of(e.InvalidationOrdered(reason="not_received")))
    with pytest.raises(RuleRefused, match="invalidated"):
        enter(case, NUMBER, security)


def test_a_case_whose_number_was_never_drawn_answers_like_any_other(case: Case):
    assert enter(case, NUMBER, WRONG) == service.Answer(confirmed=False, locked=False, left=4)


def test_issuance_learns_the_hour_of_the_confirmation(case: Case, security: SecurityNumber, issuance: FakeIssuance):
    enter(case, NUMBER, security)
    issuance.down = True
    later = AFTER + timedelta(hours=3)
    with pytest.raises(PartnerUnavailable):
        service.confirm_at_issuance(case_id=case.id, event=e.ReceiptConfirmed(), key="k", now=later)
    issuance.down = False

    service.confirm_at_issuance(case_id=case.id, event=e.ReceiptConfirmed(), key="k", now=later)

    assert issuance.confirmed == [(NUMBER, AFTER)]


def test_no_number_is_kept_in_an_entry(case: Case, security: SecurityNumber):
    enter(case, OTHER_NUMBER, WRONG)
    enter(case, NUMBER, security, 1)

    told = " ".join(repr(line.event) for line in ledger.history(case.id))
    stored = b" ".join(bytes(entry.payload) for entry in Entry.objects.filter(case=case))
    for secret in (NUMBER.text, OTHER_NUMBER.text, security.text, WRONG.text):
        assert secret not in told
        assert secret.encode() not in stored


def test_a_slip_of_one_character_never_reaches_the_count():
    drawn = SecurityNumber.draw().text
    for place, character in enumerate(drawn):
        other = CROCKFORD[(CROCKFORD.index(character) + 7) % 32]
        with pytest.raises(InvalidValue, match="check"):
            SecurityNumber.parse(drawn[:place] + other + drawn[place + 1 :])


def test_tries_left_never_go_below_zero():
    left = [rules.tries_left(wrong, AFTER) for wrong in range(8)]

    assert left == [5, 4, 3, 2, 1, 0, 0, 0]
    assert all(a >= b for a, b in pairwise(left))
