"""The automatic checks: asked for by an upload, done by the worker, never in the way."""

from __future__ import annotations

import io
from datetime import timedelta

import cv2
import pytest
import time_machine
from PIL import Image

from escale.case.decision import RuleRefused
from escale.inspection import models
from escale.inspection.address_proof import Finding, ProofReading
from escale.ledger.models import Case, Entry
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import Check, Original
from escale.steps.step2_application.service import checks, files, review, submission
from escale.vault.models import SealedDocument
from escale.worker.registry import handlers
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_applicant
from tests.inspection.making.portraits import jpeg, original
from tests.steps.step2.building import a_draft, a_jpeg, me, with_stamp
from tests.steps.step2.fakes import FakeStamps

pytestmark = pytest.mark.django_db
needs_models = pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def send(case: Case, kind: str = "address_proof", *, width: int = 700) -> None:
    given = {"case": case, "content": a_jpeg(width, 900), "filename": "x.jpg", "actor": me(case), "now": NOON}
    if kind == queries.PHOTO:
        files.add_photo(**given)
    else:
        files.add_document(kind=kind, **given)


def the(case: Case, kind: str = "address_proof") -> queries.Doc:
    (doc,) = queries.documents(case.id, kind)
    return doc


def page_of(case: Case, page: str) -> str:
    return as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/{page}/").content.decode()


def state(case: Case, kind: str = "address_proof") -> str:
    address = f"/demande/{case.reference}/fichiers/{the(case, kind).id}/controle"
    return as_applicant(case.applicant_sub).get(address).json()["state"]


def broken(*_args: object, **_kwargs: object) -> None:
    raise RuntimeError("the engine is broken")


def test_an_upload_answers_before_its_check_and_the_worker_does_it():
    case = a_case("draft")
    send(case, queries.PHOTO)
    waiting = page_of(case, "photo")
    assert "Nous vérifions votre photo" in waiting
    assert 'data-check="pending"' in waiting
    assert "refresh" not in waiting.split("<main")[1].split("</main>")[0]
    assert state(case, queries.PHOTO) == "pending"

    assert checks.run_due in handlers().polls
    assert checks.run_due(now=NOON) == 1

    assert state(case, queries.PHOTO) == "done"
    assert the(case, queries.PHOTO).machine in {"to_check", "not_compliant"}
    assert "Nous vérifions votre photo" not in page_of(case, "photo")
    assert checks.run_due(now=NOON) == 0


def test_an_engine_that_fails_ends_with_an_agent_and_blocks_nobody(monkeypatch: pytest.MonkeyPatch):
    case = a_case("draft")
    send(case, queries.PHOTO)
    monkeypatch.setattr(checks, "check_photo", broken)

    tries = [checks.run_due(now=NOON + timedelta(minutes=minute)) for minute in range(5)]

    assert tries == [1, 1, 1, 0, 0]
    assert the(case, queries.PHOTO).machine == "failed"
    page = page_of(case, "photo")
    assert "À vérifier par un agent" in page
    assert "Continuer" in page
    assert "impossible" in the(case, queries.PHOTO).notices[0]["text"]


def test_a_worker_killed_in_the_middle_leaves_the_check_to_another():
    case = a_case("draft")
    send(case, queries.PHOTO)

    (first,) = checks.claim(NOON)  # and nothing more: it is dead
    assert checks.claim(NOON + timedelta(minutes=1)) == []
    (second,) = checks.claim(NOON + checks.LEASE)
    checks.perform(second, NOON)

    assert (first.attempts, second.attempts) == (1, 2)
    assert state(case, queries.PHOTO) == "done"


def test_a_check_that_takes_the_worker_down_each_time_is_given_up():
    case = a_case("draft")
    send(case, queries.PHOTO)
    for turn in range(checks.MOST_TRIES):
        assert len(checks.claim(NOON + turn * checks.LEASE)) == 1

    checks.run_due(now=NOON + checks.MOST_TRIES * checks.LEASE)

    assert state(case, queries.PHOTO) == "failed"


def test_the_result_of_pages_that_changed_meanwhile_is_dropped():
    case = a_case("draft")
    send(case)
    (old,) = checks.claim(NOON)
    send(case, width=710)

    checks.perform(old, NOON)

    assert state(case) == "pending"
    assert checks.run_due(now=NOON) == 1
    assert len(the(case).findings["proofs"]) == 2


def test_what_was_received_is_sealed_until_it_is_read_then_erased():
    case = a_case("draft")
    send(case)
    original = Original.objects.get()
    held = SealedDocument.objects.get(id=original.vault_id)
    assert a_jpeg(700, 900)[:40] not in bytes(held.content)

    checks.run_due(now=NOON)

    assert not Original.objects.exists()
    assert not SealedDocument.objects.filter(kind="original").exists()
    assert the(case).findings["proof"]["verdict"] == "agent"


def test_an_original_nobody_reads_is_erased_after_a_day(monkeypatch: pytest.MonkeyPatch):
    case = a_case("draft")
    send(case)
    monkeypatch.setattr(checks, "claim", lambda now: [])

    checks.run_due(now=NOON + timedelta(hours=23))
    assert Original.objects.count() == 1
    checks.run_due(now=NOON + timedelta(hours=24))

    assert SealedDocument.objects.filter(kind="original").count() == 0


def test_a_page_taken_out_takes_its_original_and_what_was_read_on_it(monkeypatch: pytest.MonkeyPatch):
    case = a_case("draft")
    good = ProofReading("confirmed", True, None, (Finding("seal_ok", "ok"),))
    none = ProofReading("agent", False, None, (Finding("no_2d_doc", "check"),))
    readings = iter([good, none])
    monkeypatch.setattr(checks, "read_address_proof", lambda *_args, **_kwargs: next(readings))
    send(case)
    checks.run_due(now=NOON)
    assert the(case).findings["proof"]["verdict"] == "confirmed"

    send(case, width=710)
    checks.run_due(now=NOON)
    assert the(case).findings["proof"]["verdict"] == "confirmed"  # of the two files, the one that says most

    files.remove_page(case=case, document_id=the(case).id, number=1, actor=me(case), now=NOON)
    assert len(the(case).findings["proofs"]) == 1
    assert "proof" not in the(case).findings


def test_a_request_is_sent_while_a_check_waits_and_the_agent_is_told(stamps: FakeStamps):
    case = with_stamp(a_draft())
    send(case, queries.PHOTO)
    case.refresh_from_db()

    submission.submit(case=case, actor=me(case), now=NOON)

    case.refresh_from_db()
    assert case.application == "submitted"
    assert "en attente" in the(case, queries.PHOTO).notices[0]["text"]
    agent, before = an_agent(), queries.revision(case.id)
    checks.run_due(now=NOON)
    review.accept(case=case, revision=before, actor=acting(agent), now=NOON)  # a result is no change of content
    case.refresh_from_db()
    assert case.application == "accepted"


def test_a_check_of_a_document_taken_out_is_gone_with_it():
    case = a_case("draft")
    send(case, queries.PHOTO)
    (claimed,) = checks.claim(NOON)
    files.remove(case=case, document_id=the(case, queries.PHOTO).id, actor=me(case), now=NOON)

    checks.perform(claimed, NOON)

    assert not Check.objects.exists()
    assert queries.documents(case.id) == ()


def test_the_state_of_another_persons_check_does_not_exist():
    mine, other = a_case("draft"), a_case("draft")
    send(other, queries.PHOTO)
    doc = the(other, queries.PHOTO)

    assert (
        as_applicant(mine.applicant_sub).get(f"/demande/{mine.reference}/fichiers/{doc.id}/controle").status_code == 404
    )


def test_contesting_is_kept_told_and_recorded_once(monkeypatch: pytest.MonkeyPatch):
    case = a_case("draft")
    send(case, queries.PHOTO)
    checks.run_due(now=NOON)
    assert "Contester cet avis" in page_of(case, "photo")
    client = as_applicant(case.applicant_sub)
    address = f"/demande/{case.reference}/fichiers/{the(case, queries.PHOTO).id}/contester"

    said = client.post(address, follow=True).content.decode()
    client.post(address)

    assert "saura que vous contestez" in said
    assert "Vous contestez cet avis automatique" in page_of(case, "photo")
    assert any("conteste" in line["text"] for line in the(case, queries.PHOTO).notices)
    assert Entry.objects.filter(case=case, event="CheckContested").count() == 1
    send(case, queries.PHOTO, width=710)
    assert not the(case, queries.PHOTO).contested


def a_portrait() -> bytes:
    """A picture to frame: a face of the public domain, in a square, as large as a telephone's."""
    return jpeg(cv2.resize(original("collins"), (1600, 1600), interpolation=cv2.INTER_CUBIC), 90)


@needs_models
def test_a_photo_to_frame_is_shown_with_its_marks_and_framed_on_request():
    case = a_case("draft")
    given = {"case": case, "filename": "x.jpg", "actor": me(case), "now": NOON}
    files.add_photo(content=a_portrait(), **given)
    checks.run_due(now=NOON)

    page = page_of(case, "photo")
    assert "<svg" in page.split('class="esc-marked"')[1].split("</figure>")[0]
    assert "sommet du crâne, estimé" in page
    assert "Utiliser ce cadrage" in page
    held = the(case, queries.PHOTO)
    assert held.findings["fr"]["table_version"]
    assert held.findings["fr"]["models"]
    assert held.findings["fr"]["measures"]["roll"] is not None
    assert "points" not in held.findings["fr"]

    client = as_applicant(case.applicant_sub)
    client.post(f"/demande/{case.reference}/fichiers/{held.id}/cadrer")
    checks.run_due(now=NOON)

    framed = the(case, queries.PHOTO)
    assert framed.framed
    assert Image.open(io.BytesIO(queries.photo(case.id))).size[0] < 600  # no pixel more than there was
    measured = {check["code"]: check["value"] for check in framed.findings["fr"]["checks"]}
    assert measured["head_height"] == pytest.approx(34, abs=0.6)
    assert "Utiliser ce cadrage" not in page_of(case, "photo")


@needs_models
def test_a_photo_without_a_frame_says_so():
    case = a_case("draft")
    send(case, queries.PHOTO)  # no face on it: nothing to frame
    checks.run_due(now=NOON)
    with pytest.raises(RuleRefused) as refused:
        files.use_frame(case=case, document_id=the(case, queries.PHOTO).id, actor=me(case), now=NOON)
    assert refused.value.code == "no_frame"
