"""From the draft to gate 1 and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.ledger import queries as ledger, verify
from escale.ledger.record import StaleCase
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.ports.errors import PartnerUnavailable
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import Stamp
from escale.steps.step2_application.service import draft, files, review, submission
from escale.ui.said import Said
from tests.factories.cases import NOON, acting, an_agent
from tests.steps.step2.building import a_draft, me, submitted, with_stamp
from tests.steps.step2.fakes import GOOD, FakeStamps

pytestmark = pytest.mark.django_db


def names(case) -> list[str]:
    return [line.event.name for line in ledger.history(case.id)]


def test_answers_are_kept_sealed_and_read_again():
    case = a_draft()

    application = queries.application(case.id)

    assert application is not None
    assert application.height_cm == 168
    assert application.passport_number.text == "17FR42486"
    assert not application.free
    assert queries.photo(case.id).startswith(b"\xff\xd8")


def test_a_draft_is_changed_by_its_owner_alone():
    case = a_draft()

    with pytest.raises(AccessDenied):
        draft.save(case=case, values={"height_cm": 150}, actor=applicant("somebody"), now=NOON)


def test_submission_reserves_the_stamp(stamps: FakeStamps):
    case = submitted()

    assert case.application == "submitted"
    assert stamps.reserved == {GOOD.text: case.reference}
    assert names(case)[-2:] == ["ApplicationSubmitted", "StampReserved"]
    assert verify.verify_case(case) is None


def test_submitting_again_changes_nothing(stamps: FakeStamps):
    case = submitted()
    before = names(case)

    submission.submit(case=case, actor=me(case), now=NOON)

    assert names(case) == before


def test_an_incomplete_draft_is_not_sent(stamps: FakeStamps):
    case = a_draft()

    with pytest.raises(RuleRefused) as refused:
        submission.submit(case=case, actor=me(case), now=NOON)

    assert (refused.value.code, refused.value.rule) == ("incomplete", "stamp")
    assert "reserve" not in stamps.calls


def test_a_silent_stamp_service_leaves_the_draft_whole(stamps: FakeStamps):
    case = with_stamp(a_draft())
    stamps.down = True

    with pytest.raises(PartnerUnavailable):
        submission.submit(case=case, actor=me(case), now=NOON)

    stamps.down = False
    submission.submit(case=case, actor=me(case), now=NOON)
    case.refresh_from_db()
    assert case.application == "submitted"
    assert stamps.reserved == {GOOD.text: case.reference}


def test_a_stamp_taken_in_between_is_put_aside_and_another_asked_for(stamps: FakeStamps):
    case = with_stamp(a_draft())
    stamps.reserved[GOOD.text] = "ESC-AAAA-BBBB-CCCC"

    with pytest.raises(RuleRefused) as refused:
        submission.submit(case=case, actor=me(case), now=NOON)

    case.refresh_from_db()
    assert refused.value.code == "reserved_elsewhere"
    assert case.application == "draft"
    assert queries.stamp_in_use(case.id) is None


def test_somebody_elses_change_is_noticed(stamps: FakeStamps):
    case = with_stamp(a_draft())

    with pytest.raises(StaleCase):
        submission.submit(case=case, actor=me(case), now=NOON, version=case.version - 1)


def test_a_free_motive_is_sent_without_a_stamp(stamps: FakeStamps):
    case = a_draft(motive="address", accepts_old_expiry=True)

    submission.submit(case=case, actor=me(case), now=NOON)

    application = queries.application(case.id)
    assert application.free
    assert application.keeps_expiry
    assert stamps.calls == []


def test_an_agent_accepts(stamps: FakeStamps):
    case, agent = submitted(), an_agent()

    review.accept(case=case, revision=queries.revision(case.id), actor=acting(agent), now=NOON)

    case.refresh_from_db()
    assert (case.application, case.posted_items) == ("accepted", "awaited")


@pytest.mark.parametrize(("role", "post"), [("auditor", "CA-TORONTO"), ("agent", "CA-MONTREAL")])
def test_only_a_deciding_agent_of_the_post_decides(stamps: FakeStamps, role: str, post: str):
    case, agent = submitted(), an_agent(role, post)

    with pytest.raises(AccessDenied):
        review.accept(case=case, revision=queries.revision(case.id), actor=acting(agent), now=NOON)


def test_the_applicant_does_not_judge_their_own_request(stamps: FakeStamps):
    case = submitted()

    with pytest.raises(AccessDenied):
        review.accept(case=case, revision=queries.revision(case.id), actor=me(case), now=NOON)


def test_what_is_decided_is_what_was_read(stamps: FakeStamps):
    case, agent = submitted(), an_agent()

    with pytest.raises(StaleCase):
        review.accept(case=case, revision=queries.revision(case.id) - 1, actor=acting(agent), now=NOON)


def test_a_correction_keeps_everything_else(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    review.ask_correction(
        case=case,
        words={"height_cm": Said("Vérifiez votre taille."), "photo": Said("  ")},
        revision=queries.revision(case.id),
        actor=acting(agent),
        now=NOON,
    )
    case.refresh_from_db()
    assert case.application == "correction_requested"
    assert queries.open_corrections(case.id)["height_cm"].words == "Vérifiez votre taille."

    with pytest.raises(RuleRefused):
        submission.submit(case=case, actor=me(case), now=NOON)
    draft.save(case=case, values={"height_cm": 170}, actor=me(case), now=NOON)
    submission.submit(case=case, actor=me(case), now=NOON)

    case.refresh_from_db()
    application = queries.application(case.id)
    assert case.application == "submitted"
    assert (application.height_cm, application.eye_colour) == (170, "green")
    assert names(case).count("StampReserved") == 1
    assert stamps.reserved == {GOOD.text: case.reference}


@pytest.mark.parametrize(
    ("words", "code"),
    [({}, "nothing_to_correct"), ({"photo": " "}, "nothing_to_correct"), ({"x": "y"}, "unknown_item")],
)
def test_a_correction_says_what(stamps: FakeStamps, words: dict[str, str], code: str):
    case, agent = submitted(), an_agent()
    said = {item: Said(text) for item, text in words.items()}

    with pytest.raises(RuleRefused) as refused:
        review.ask_correction(case=case, words=said, revision=queries.revision(case.id), actor=acting(agent), now=NOON)

    assert refused.value.code == code


@pytest.mark.parametrize(("kind", "outcome"), [("refused", "refused"), ("in_person", "directed_in_person")])
def test_an_end_has_a_rule_and_reasons(stamps: FakeStamps, kind: str, outcome: str):
    case, agent = submitted(), an_agent()
    given = {"case": case, "kind": kind, "revision": queries.revision(case.id), "actor": acting(agent), "now": NOON}

    with pytest.raises(RuleRefused):
        review.end(**given, rule="E7", reasons=Said("  "))
    review.end(**given, rule="E7", reasons=Said("Le passeport est trop ancien."))

    case.refresh_from_db()
    ruling = queries.ruling(case.id)
    assert case.outcome == outcome
    assert (ruling.rule, ruling.words) == ("E7", "Le passeport est trop ancien.")


def test_what_ended_is_not_decided_again(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    submission.withdraw(case=case, actor=me(case), now=NOON)

    with pytest.raises(MoveRefused):
        review.accept(case=case, revision=queries.revision(case.id), actor=acting(agent), now=NOON)


def test_a_submitted_request_is_not_edited(stamps: FakeStamps):
    case = submitted()

    with pytest.raises(RuleRefused) as refused:
        draft.save(case=case, values={"height_cm": 150}, actor=me(case), now=NOON)

    assert refused.value.code == "not_editable"


def test_opening_a_document_is_recorded_once_per_visit(stamps: FakeStamps):
    case, agent = submitted(), an_agent()

    for minutes in (0, 1, 5, 20):
        review.note_opening(case=case, part="passport_page", actor=acting(agent), now=NOON + timedelta(minutes=minutes))
    review.note_opening(case=case, part="photo", actor=acting(agent), now=NOON + timedelta(minutes=20))

    opened = [line.event for line in ledger.history(case.id) if isinstance(line.event, e.FileViewed)]
    assert [event.part for event in opened] == ["passport_page", "passport_page", "photo"]


def test_removing_a_document_removes_its_pages():
    case = a_draft()
    doc = queries.documents(case.id, "address_proof")[0]

    files.remove(case=case, document_id=doc.id, actor=me(case), now=NOON)

    assert queries.documents(case.id, "address_proof") == ()
    assert queries.page(case.id, doc.id, 1) is None


def test_the_number_of_a_stamp_is_nowhere_in_clear(stamps: FakeStamps):
    submitted()

    row = Stamp.objects.get()
    assert GOOD.text.encode() not in bytes(row.number)
    assert GOOD.text not in row.number_key
