"""What the worker does for step 2: lapses, and the words of its messages in both languages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from escale.case import events as e
from escale.case.decision import Decision
from escale.case.messages import STEP_OF_MESSAGE
from escale.ledger import queries as ledger, record
from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.steps.step2_application import queries
from escale.steps.step2_application.handlers import MESSAGES
from escale.steps.step2_application.service import review, submission
from escale.ui import mail
from escale.ui.said import Said
from escale.worker.messages import common_context
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.steps.step2.building import a_draft, me, submitted
from tests.steps.step2.fakes import GOOD, FakeStamps

pytestmark = pytest.mark.django_db
OWN = [code for code, step in STEP_OF_MESSAGE.items() if step == 2]


def state(case: Case) -> str:
    case.refresh_from_db()
    return case.application


def test_a_draft_lapses_after_thirty_days_and_not_before():
    case = a_draft()

    submission.lapse_draft(case_id=case.id, now=NOON + timedelta(days=29))
    assert state(case) == "draft"
    submission.lapse_draft(case_id=case.id, now=NOON + timedelta(days=32))
    assert state(case) == "lapsed"
    submission.lapse_draft(case_id=case.id, now=NOON + timedelta(days=33))
    assert [line.event.name for line in ledger.history(case.id)].count("ApplicationLapsed") == 1


def test_a_correction_nobody_answers_lapses(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    review.ask_correction(
        case=case, words={"photo": Said("Floue.")}, revision=queries.revision(case.id), actor=acting(agent), now=NOON
    )

    submission.lapse_correction(case_id=case.id, now=NOON + timedelta(days=62))

    assert state(case) == "lapsed"


def test_an_envelope_never_posted_lapses_but_one_on_its_way_is_waited_for():
    nothing, posted, there = a_case("accepted"), a_case("announced"), a_case("received")
    late = NOON + timedelta(days=62)

    for case in (nothing, posted, there):
        submission.lapse_posting(case_id=case.id, now=late)

    assert [state(case) for case in (nothing, posted, there)] == ["lapsed", "accepted", "accepted"]


def test_an_interview_never_booked_lapses():
    case = a_case("bookable")

    submission.lapse_booking(case_id=case.id, now=NOON + timedelta(days=92))

    assert state(case) == "lapsed"


def _event(code: str, case: Case) -> e.Event:
    return {
        "submitted": e.ApplicationSubmitted(motive="expiring"),
        "correction_requested": e.CorrectionRequested(items=("photo",)),
        "accepted": e.ApplicationAccepted(),
        "refused": e.ApplicationRefused(rule="E7"),
        "directed_in_person": e.DirectedInPerson(rule="A5-doubt"),
        "withdrawn": e.ApplicationWithdrawn(),
        "lapsed": e.ApplicationLapsed(reason="posting_lapse"),
        "stamp_released": e.StampReleased(),
    }.get(code, e.ReminderDue(kind="draft_reminder"))


def write(code: str, case: Case, language: str, now: datetime = NOON) -> mail.Composed:
    case.language = language
    extra = MESSAGES[code](case=case, event=_event(code, case), now=now)
    return mail.compose(code, language, {**common_context(case, now), **extra})


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", OWN)
def test_every_message_is_written_in_both_languages(code: str, language: str, stamps: FakeStamps):
    case = submitted()

    written = write(code, case, language)

    assert case.reference in written.text
    assert written.subject
    assert "http" in written.text
    for secret in (GOOD.text, "17FR42486"):
        assert secret not in written.text + written.html


def test_the_correction_message_names_points_and_last_day_not_the_agents_words(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    review.ask_correction(
        case=case,
        words={"photo": Said("Votre visage est flou.")},
        revision=queries.revision(case.id),
        actor=acting(agent),
        now=NOON,
    )
    case.refresh_from_db()

    text = write("correction_requested", case, "fr").text

    assert "- Photo" in text
    assert "vendredi 1er mai 2026" in text
    assert "flou" not in text


def test_the_acceptance_says_what_to_post_where_and_until_when(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    review.accept(case=case, revision=queries.revision(case.id), actor=acting(agent), now=NOON)
    case.refresh_from_db()

    text = write("accepted", case, "fr").text

    assert "2 Bloor Street East" in text
    assert "signature d’un adulte" in text
    assert "vendredi 1er mai 2026" in text


def test_a_lost_eligibility_names_its_rules():
    case = a_case("draft")
    with record.changing(case.id, actor=applicant(case.applicant_sub), now=NOON) as change:
        change.record(Decision.of(e.EligibilityLost(rules=("E6",))))
    case.refresh_from_db()

    extra = MESSAGES["refused"](case=case, event=e.EligibilityLost(rules=("E6",)), now=NOON)

    assert [rule["source"] for rule in extra["rules"]] == ["décret n° 2025-1138 du 28 novembre 2025, art. 1"]


def test_the_timeline_tells_who_must_act(stamps: FakeStamps):
    draft_case, sent = a_draft(), submitted()

    with translation.override("fr"):
        begun = queries.timeline(draft_case, ledger.history(draft_case.id))
        waiting = queries.timeline(sent, ledger.history(sent.id))

    assert (begun.state, begun.actions[0][1]) == ("now", "Continuer ma demande")
    assert waiting.state == "waiting"
    submission.withdraw(case=sent, actor=me(sent), now=NOON)
    sent.refresh_from_db()
    assert queries.timeline(sent, ledger.history(sent.id)).state == "stopped"
