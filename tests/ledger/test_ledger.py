"""The ledger: one writer, one transaction, a chain nobody can edit unseen."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision
from escale.case.moves import MoveRefused
from escale.ledger import queries, record, verify
from escale.ledger.models import Case, Deadline, Effect, Entry
from escale.people.actors import applicant, job
from escale.vault import documents, keys, sealing
from escale.vault.models import CaseKey, SealedDocument
from tests.factories.cases import NOON, POINTS, SUMMARY, a_case, a_post

pytestmark = pytest.mark.django_db


def note_then(case, decision):
    with record.changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.NoteAdded()))
        change.record(decision)


@transaction.atomic
def accept_then_fail(case):
    with record.changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.ApplicationAccepted()))
    raise RuntimeError


@pytest.mark.parametrize("point", POINTS)
def test_a_case_verifies_at_every_point_of_its_journey(point):
    assert verify.verify_case(a_case(point)) is None


def test_one_use_case_writes_case_entry_deadlines_and_effects_together():
    case = a_case("submitted")
    with record.changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.ApplicationAccepted()))
    case.refresh_from_db()
    assert (case.application, case.posted_items) == ("accepted", "awaited")
    assert {DeadlineKind.POSTING_LAPSE, DeadlineKind.POSTING_REMINDER} <= set(queries.open_deadlines(case.id))
    last = Effect.objects.filter(case=case).order_by("-id").first()
    assert last.key == f"{case.reference}-{last.entry.seq}-send_message"


def test_a_refused_move_writes_nothing():
    case = a_case("draft")
    before = (Entry.objects.count(), Effect.objects.count(), Deadline.objects.count(), case.version)
    with pytest.raises(MoveRefused):
        note_then(case, Decision.of(e.InterviewApproved()))
    case.refresh_from_db()
    assert (Entry.objects.count(), Effect.objects.count(), Deadline.objects.count(), case.version) == before


def test_the_second_of_two_hands_is_told():
    case = a_case("submitted")
    seen = case.version
    with record.changing(case.id, actor=job("first"), now=NOON, version=seen) as change:
        change.record(Decision.of(e.ApplicationAccepted()))
    with pytest.raises(record.StaleCase), record.changing(case.id, actor=job("second"), now=NOON, version=seen):
        pass


def test_a_person_has_one_open_case():
    values = {
        "applicant_sub": "s",
        "person_key": "k",
        "household_key": "",
        "post": a_post(),
        "language": "fr",
        "summary": SUMMARY,
        "actor": applicant("s"),
        "now": NOON,
    }
    first = record.open_case(**values)
    with pytest.raises(record.CaseAlreadyOpen) as refused:
        record.open_case(**values)
    assert refused.value.reference == first.reference
    with record.changing(first.id, actor=applicant("s"), now=NOON) as change:
        change.record(Decision.of(e.IdentityMatched(), e.EligibilityConfirmed(), e.ApplicationWithdrawn()))
    assert record.open_case(**values).reference != first.reference


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE ledger_entry SET event='NoteAdded' WHERE case_id=%s AND seq=3",
        "UPDATE ledger_entry SET actor_id='x' WHERE case_id=%s AND seq=3",
        "DELETE FROM ledger_entry WHERE case_id=%s AND seq=(SELECT max(seq) FROM ledger_entry) AND seq>3",
    ],
)
def test_an_edit_or_a_deletion_is_found_and_named(damage):
    case = a_case("draft")
    with record.changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.NoteAdded()))
    Effect.objects.all().delete()
    identifier = case.id.hex if connection.vendor == "sqlite" else case.id
    with connection.cursor() as cursor:
        cursor.execute(damage, [identifier])
    case.refresh_from_db()
    problem = verify.verify_case(case)
    assert problem is not None
    assert problem.reference == case.reference
    assert problem.seq in {3, 4}


def test_live_tracks_that_differ_from_the_entries_are_found():
    case = a_case("draft")
    Case.objects.filter(pk=case.pk).update(application="accepted")
    case.refresh_from_db()
    assert "application" in str(verify.verify_case(case))


def test_ending_a_case_closes_its_deadlines_but_retention():
    case = a_case("submitted")
    with record.changing(case.id, actor=applicant("s"), now=NOON) as change:
        change.record(Decision.of(e.ApplicationWithdrawn()))
    assert set(queries.open_deadlines(case.id)) == {DeadlineKind.RETENTION_END}


def test_reopening_a_deadline_moves_its_date():
    case = a_case("booked")
    moved = NOON + timedelta(days=9)
    with record.changing(case.id, actor=applicant("s"), now=NOON) as change:
        change.record(Decision.of(e.InterviewMoved(moved, moved + timedelta(minutes=20), "other")))
    assert queries.open_deadlines(case.id)[DeadlineKind.INTERVIEW_NO_SHOW] == moved + timedelta(minutes=15)
    assert Deadline.objects.filter(case=case, kind="interview_no_show").count() == 1


def test_what_a_case_seals_opens_for_it_alone():
    one, other = a_case(), a_case()
    sealed = sealing.seal(one.id, "remark", b"bonjour")
    assert sealing.unseal(one.id, "remark", sealed) == b"bonjour"
    for case_id, purpose in ((other.id, "remark"), (one.id, "note")):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(case_id, purpose, sealed)


def test_a_document_belongs_to_its_case():
    one, other = a_case(), a_case()
    identifier = documents.add(one.id, kind="photo", content=b"jpeg", media_type="image/jpeg", now=NOON)
    assert documents.read(one.id, identifier) == (b"jpeg", "image/jpeg")
    with pytest.raises(SealedDocument.DoesNotExist):
        documents.read(other.id, identifier)


def test_destroying_the_key_leaves_the_chain_and_nothing_readable():
    case = a_case("completed")
    identifier = documents.add(case.id, kind="photo", content=b"jpeg", media_type="image/jpeg", now=NOON)
    keys.destroy(case.id, now=NOON)
    with pytest.raises(keys.KeyDestroyed):
        documents.read(case.id, identifier)
    with pytest.raises(keys.KeyDestroyed):
        queries.summary(case)
    assert verify.verify_case(case) is None


def test_rotating_the_master_key_keeps_what_was_sealed(settings):
    case = a_case()
    new = "new:bmV3LW1hc3Rlci1rZXktZm9yLXRoZS10ZXN0cy0wMSE="
    settings.VAULT_KEYS = f"{new},{settings.VAULT_KEYS}"
    assert keys.rewrap(CaseKey.objects.get(case_id=case.id))
    settings.VAULT_KEYS = new
    assert queries.summary(case)["family_name"] == "DURAND"


def test_no_payload_is_readable_in_the_database():
    case = a_case("submitted")
    raw = b"".join(bytes(entry.payload) for entry in Entry.objects.filter(case=case)) + bytes(case.summary)
    assert b"expiring" not in raw
    assert b"DURAND" not in raw


def test_a_transaction_that_fails_later_takes_the_entry_with_it():
    case = a_case("submitted")
    count = Entry.objects.count()
    with pytest.raises(RuntimeError):
        accept_then_fail(case)
    assert Entry.objects.count() == count
