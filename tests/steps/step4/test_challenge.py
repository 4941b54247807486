"""The challenge chosen for a reason, and that of the second device."""

from datetime import timedelta

import pytest

from escale.case.decision import RuleRefused
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.steps.step4_interview import queries, rules, service_challenge
from escale.steps.step4_interview.models import Challenge
from tests.factories.web import a_client
from tests.steps.step4.scenes import started

pytestmark = pytest.mark.django_db


def device(sub: str):
    """A second-device challenge under way. Returns case, agent, challenge, its secret and its hour."""
    case, (agent,), booking = started(sub)
    now = booking.starts_at
    challenge = service_challenge.draw_challenge(case_id=case.id, actor=agent, now=now, kind="device")
    return case, agent, challenge, service_challenge.secret(challenge), now


def verdict(case) -> str:
    row = queries.interview(case.id)
    assert row is not None
    return queries.sheet(row).controls.get("challenge", "")


def test_two_devices_together_pass_the_challenge(sub: str):
    case, _agent, challenge, held, now = device(sub)

    answer = service_challenge.open_code(typed=f"{held['code'][:4]} - {held['code'][4:].lower()}", now=now)
    service_challenge.answer(case_id=case.id, typed=f" {answer} ", actor=applicant(sub), now=now)

    challenge.refresh_from_db()
    assert challenge.passed
    assert verdict(case) == "ok"
    assert (challenge.secret, challenge.lookup) == (None, None)


def test_the_code_is_kept_nowhere_in_clear(sub: str):
    _case, _agent, challenge, held, _now = device(sub)

    assert held["code"].encode() not in bytes(challenge.secret or b"")
    assert held["code"] not in (challenge.lookup or "")
    assert challenge.code == "device"


def test_the_code_opens_once_and_not_late(sub: str):
    _case, _agent, _challenge, held, now = device(sub)

    with pytest.raises(RuleRefused, match="presence_code"):
        service_challenge.open_code(typed=held["code"], now=now + timedelta(seconds=rules.DEVICE_SECONDS + 1))
    service_challenge.open_code(typed=held["code"], now=now)
    for typed in (held["code"], "00000000", ""):
        with pytest.raises(RuleRefused, match="presence_code"):
            service_challenge.open_code(typed=typed, now=now)


def test_the_answer_counts_only_once_the_other_device_showed_it(sub: str):
    case, _agent, _challenge, held, now = device(sub)

    with pytest.raises(RuleRefused, match="presence_answer"):
        service_challenge.answer(case_id=case.id, typed=held["answer"], actor=applicant(sub), now=now)

    assert verdict(case) == ""


def test_five_wrong_answers_fail_it(sub: str):
    case, _agent, challenge, held, now = device(sub)
    service_challenge.open_code(typed=held["code"], now=now)

    for _ in range(rules.DEVICE_TRIES):
        with pytest.raises(RuleRefused, match="presence_answer"):
            service_challenge.answer(case_id=case.id, typed="x", actor=applicant(sub), now=now)
    with pytest.raises(RuleRefused, match="challenge_used"):
        service_challenge.answer(case_id=case.id, typed=held["answer"], actor=applicant(sub), now=now)

    challenge.refresh_from_db()
    assert challenge.passed is False
    assert verdict(case) == "doubt"


def test_no_agent_passes_it_by_hand_nor_answers_it(sub: str):
    case, agent, challenge, held, now = device(sub)

    with pytest.raises(RuleRefused, match="challenge_device"):
        service_challenge.judge_challenge(case_id=case.id, challenge_id=challenge.pk, passed=True, actor=agent, now=now)
    with pytest.raises(AccessDenied):
        service_challenge.answer(case_id=case.id, typed=held["answer"], actor=agent, now=now)
    service_challenge.judge_challenge(case_id=case.id, challenge_id=challenge.pk, passed=False, actor=agent, now=now)
    assert verdict(case) == "doubt"


def test_another_kind_than_chance_needs_a_reason_and_leaves_more_time(sub: str):
    case, (agent,), booking = started(sub)
    now = booking.starts_at

    for kind, why, code in (("voice", "", "challenge_why"), ("dance", "sight", "challenge_kind")):
        with pytest.raises(RuleRefused, match=code):
            service_challenge.draw_challenge(case_id=case.id, actor=agent, now=now, kind=kind, why=why)
    drawn = service_challenge.draw_challenge(case_id=case.id, actor=agent, now=now, kind="voice", why="mobility")

    assert drawn.code.startswith("read_number:")
    later = now + timedelta(seconds=2 * rules.CHALLENGE_SECONDS)
    service_challenge.judge_challenge(case_id=case.id, challenge_id=drawn.pk, passed=True, actor=agent, now=later)
    assert Challenge.objects.get().passed


def test_the_second_device_page_needs_no_account_and_tells_nothing(sub: str):
    client = a_client("portal")

    page = client.get("/presence/")
    wrong = client.post("/presence/", {"code": "ABCD-EFGH"})

    assert (page.status_code, wrong.status_code) == (200, 422)
    assert page["Cache-Control"] == "no-store"
    assert "n’est plus, valable" in wrong.content.decode()
