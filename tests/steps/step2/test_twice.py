"""The same form sent again, by the back button or from a second tab: done once, and said."""

from __future__ import annotations

import pytest

from escale.ledger.models import Case, Entry
from escale.steps.step2_application import queries
from escale.steps.step2_application.service import submission
from tests.factories.cases import a_case
from tests.factories.web import as_applicant
from tests.steps.step2.building import a_draft, with_stamp
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


def test_pages_sent_twice_are_added_once():
    case = a_case("draft")
    client = as_applicant(case.applicant_sub)
    page = client.get(url(case, "documents/host_identity")).content.decode()
    assert '<input type="hidden" name="pages" value="0">' in page

    client.post(url(case, "documents/host_identity"), {"pages": "0", **upload()})
    again = client.post(url(case, "documents/host_identity"), {"pages": "0", **upload()}).content.decode()

    assert "Rien n’a été ajouté" in again
    assert [doc.pages for doc in queries.documents(case.id)] == [1]
    assert '<input type="hidden" name="pages" value="1">' in again
    assert client.post(url(case, "documents/host_identity"), {"pages": "1", **upload()}).status_code == 302
    assert [doc.pages for doc in queries.documents(case.id)] == [2]
