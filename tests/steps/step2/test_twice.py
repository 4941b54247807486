"""The same form sent again, by the back button or from a second tab: done once, and said."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from escale.ledger.models import Case, Entry
from escale.steps.step2_application import queries
from escale.steps.step2_application.service import submission
from tests.factories.cases import a_case
from tests.factories.web import as_applicant
from tests.steps.step2.building import a_draft, a_jpeg, with_stamp
from tests.steps.step2.fakes import FakeStamps
from tests.steps.step2.test_views import at_noon as at_noon, declarations, upload, url

pytestmark = pytest.mark.django_db


def test_sent_again_from_an_old_page_nothing_is_done_twice_and_it_is_said(stamps: FakeStamps):
    case = with_stamp(a_draft())
    client, sent = as_applicant(case.applicant_sub), declarations(case)
    client.post(url(case, "recapitulatif"), sent)
    case.refresh_from_db()
    before = (case.version, queries.documents(case.id))

    for page, typed in (
        ("recapitulatif", sent),
        ("motif", {"motive": "error"}),
        ("photo", upload("photo.jpg")),
        ("documents/host_identity", upload()),
        ("timbre", {"number": "1234 5678 9012 3456"}),
    ):
        told = client.post(url(case, page), typed, follow=True).content.decode()
        assert "Votre demande est déjà envoyée" in told, page

    case.refresh_from_db()
    assert (case.version, queries.documents(case.id)) == before


def test_two_tabs_sending_at_once_send_once(stamps: FakeStamps, monkeypatch: pytest.MonkeyPatch):
    case = with_stamp(a_draft())
    client, sent = as_applicant(case.applicant_sub), declarations(case)
    really = submission.submit

    def outrun(**given: object) -> None:
        really(**given)
        really(**given | {"case": stale})

    stale = Case.objects.get(pk=case.pk)
    monkeypatch.setattr(submission, "submit", outrun)
    told = client.post(url(case, "recapitulatif"), sent, follow=True).content.decode()

    assert "Votre demande est déjà envoyée" in told
    assert Entry.objects.filter(case=case, event="ApplicationSubmitted").count() == 1


def sent(case: Case, width: int, seen: int) -> str:
    """A picture from a page that showed so many."""
    file = SimpleUploadedFile(f"{width}.jpg", a_jpeg(width, 400), "image/jpeg")
    answer = as_applicant(case.applicant_sub).post(
        url(case, "documents/host_identity"), {"pages": str(seen), "file": file}, follow=True
    )
    return answer.content.decode()


def pages(case: Case) -> list[int]:
    return [doc.pages for doc in queries.documents(case.id)]


def test_another_file_from_a_page_that_is_out_of_date_is_not_added():
    case = a_case("draft")
    sent(case, 300, seen=0)

    again = sent(case, 310, seen=0)

    assert "Rien n’a été ajouté" in again
    assert pages(case) == [1]
    assert '<input type="hidden" name="pages" value="1">' in again
    sent(case, 310, seen=1)
    assert pages(case) == [2]


@pytest.mark.parametrize("seen", [0, 2])
def test_the_same_file_sent_again_is_there_already_whichever_page_it_comes_from(seen: int):
    """The reply was lost on the way: its sender goes back, or opens the page anew, and sends once more."""
    case = a_case("draft")
    sent(case, 300, seen=0)
    sent(case, 310, seen=1)

    again = sent(case, 310, seen=seen)

    assert "Ce fichier était déjà arrivé\u00a0: c’est la page 2 du document." in again
    assert "fr-error-text" not in again
    assert "Fichier ajouté" not in again
    assert pages(case) == [2]
    assert Entry.objects.filter(case=case, event="DocumentAdded").count() == 2


def test_a_file_of_which_the_page_was_taken_out_may_come_back():
    case = a_case("draft")
    sent(case, 300, seen=0)
    sent(case, 310, seen=1)
    (doc,) = queries.documents(case.id)
    as_applicant(case.applicant_sub).post(f"/demande/{case.reference}/fichiers/{doc.id}/2/retirer")

    assert "Fichier ajouté" in sent(case, 310, seen=1)
    assert pages(case) == [2]


def test_a_photo_that_had_arrived_is_not_taken_a_second_time_unless_another_is_asked_for(
    stamps: FakeStamps, monkeypatch: pytest.MonkeyPatch
):
    """A cut hid the answer; the same file leaves again, and its check goes on where it was."""
    case = a_case("draft")
    client = as_applicant(case.applicant_sub)
    client.post(url(case, "photo"), upload("photo.jpg"), follow=True)
    (held,) = queries.documents(case.id)

    again = client.post(url(case, "photo"), upload("photo.jpg"), follow=True).content.decode()

    assert "Cette photo était déjà arrivée" in again
    assert "Fichier ajouté" not in again
    assert [doc.id for doc in queries.documents(case.id)] == [held.id]
    assert Entry.objects.filter(case=case, event="DocumentAdded").count() == 1

    monkeypatch.setattr(queries, "open_corrections", lambda case_id: {queries.PHOTO: ""})
    client.post(url(case, "photo"), upload("photo.jpg"))
    assert [doc.id for doc in queries.documents(case.id)] != [held.id]
