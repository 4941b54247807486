"""Several files, one document: sent together, put in order, taken out."""

from __future__ import annotations

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from escale.ledger.models import Case
from escale.steps.step2_application import queries, rules
from escale.vault.models import SealedDocument
from tests.factories.cases import NOON, a_case
from tests.factories.web import as_applicant
from tests.steps.step2.building import a_jpeg

pytestmark = pytest.mark.django_db
KIND = "all_pages"


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def picture(width: int) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"page-{width}.jpg", a_jpeg(width, 400), "image/jpeg")


def send(case: Case, *uploads: SimpleUploadedFile, kind: str = KIND):
    return as_applicant(case.applicant_sub).post(
        f"/demande/{case.reference}/documents/{kind}/", {"file": list(uploads)}, follow=True
    )


def widths(case: Case, kind: str = KIND) -> list[int]:
    """The pages in their order, told apart by their width."""
    (doc,) = queries.documents(case.id, kind)
    pages = [queries.page(case.id, doc.id, number)[0] for number in doc.page_numbers]
    return [Image.open(io.BytesIO(page)).width for page in pages]


def act(case: Case, number: int, what: str) -> str:
    (doc,) = queries.documents(case.id, KIND)
    address = f"/demande/{case.reference}/fichiers/{doc.id}/{number}/{what}"
    return as_applicant(case.applicant_sub).post(address, follow=True).content.decode()


def test_files_chosen_together_are_one_document_in_that_order():
    case = a_case("draft")

    page = send(case, picture(300), picture(320), picture(310)).content.decode()

    assert "3 fichiers ajoutés et enregistrés" in page
    assert widths(case) == [300, 320, 310]
    assert "3 pages · un seul document pour l’agent" in page
    send(case, picture(330))
    assert widths(case) == [300, 320, 310, 330]


def test_the_way_back_from_a_document_is_the_list_of_documents():
    case = a_case("draft")
    here = f"/demande/{case.reference}/documents/"

    page = as_applicant(case.applicant_sub).get(f"{here}{KIND}/").content.decode()

    assert f'href="{here}">Retour</a>' in page


def test_pages_are_put_in_order_with_buttons():
    case = a_case("draft")
    send(case, picture(300), picture(310), picture(320))

    assert "La page 3 est devenue la page 2." in act(case, 3, "monter")
    assert widths(case) == [300, 320, 310]
    act(case, 1, "descendre")
    assert widths(case) == [320, 300, 310]
    act(case, 1, "monter")  # it is the first already
    assert widths(case) == [320, 300, 310]


def test_a_page_taken_out_leaves_no_hole_and_the_last_takes_the_document():
    case = a_case("draft")
    send(case, picture(300), picture(310), picture(320))

    act(case, 2, "retirer")
    assert widths(case) == [300, 320]
    act(case, 1, "retirer")
    act(case, 1, "retirer")

    assert queries.documents(case.id) == ()
    assert SealedDocument.objects.filter(case_id=case.id).count() == 0


def test_a_page_that_is_not_there_is_not_found():
    case = a_case("draft")
    send(case, picture(300))
    (doc,) = queries.documents(case.id, KIND)
    client, base = as_applicant(case.applicant_sub), f"/demande/{case.reference}/fichiers/{doc.id}"

    for what in ("9/retirer", "9/monter", "9/descendre"):
        assert client.post(f"{base}/{what}").status_code == 404
    assert client.get(f"{base}/9/vignette").status_code == 404


def test_too_many_pages_is_said_with_the_numbers(monkeypatch: pytest.MonkeyPatch):
    case = a_case("draft")
    monkeypatch.setitem(rules.MOST_PAGES_OF, KIND, 2)
    send(case, picture(300))

    page = send(case, picture(310), picture(320)).content.decode()

    assert "«\u00a0page-320.jpg\u00a0»\u00a0: Ce document peut avoir 2 pages\u00a0: il en a déjà 2" in page
    assert widths(case) == [300, 310]
    assert "Ce document a toutes les pages possibles" in page


def test_the_good_files_are_kept_when_one_is_refused():
    case = a_case("draft")
    bad = SimpleUploadedFile("notes.jpg", b"#!/bin/sh\n", "image/jpeg")

    page = send(case, picture(300), bad, picture(310)).content.decode()

    assert "«\u00a0notes.jpg\u00a0»\u00a0: Ce fichier n’est ni une image" in page
    assert 'href="#id_file"' in page
    assert widths(case) == [300, 310]


def test_a_file_too_heavy_is_refused_with_its_weight_where_no_script_did():
    case = a_case("draft")
    heavy = SimpleUploadedFile("bail.jpg", a_jpeg() + bytes(10 * 1024 * 1024), "image/jpeg")

    page = send(case, heavy).content.decode()

    assert "pèse 10,1" in page
    assert queries.documents(case.id) == ()


def test_more_files_than_a_request_can_carry_are_refused_at_once():
    case = a_case("draft")

    page = send(case, *(picture(300 + n) for n in range(rules.MOST_FILES_AT_ONCE + 1))).content.decode()

    assert "5 fichiers au plus à la fois" in page
    assert queries.documents(case.id) == ()


def test_no_file_is_said_at_the_field():
    page = send(a_case("draft")).content.decode()

    assert "Choisissez un fichier." in page
    assert 'href="#id_file"' in page


def test_a_thumbnail_is_small():
    case = a_case("draft")
    send(case, SimpleUploadedFile("big.jpg", a_jpeg(3000, 2000), "image/jpeg"))
    (doc,) = queries.documents(case.id, KIND)

    small = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/fichiers/{doc.id}/1/vignette")

    assert max(Image.open(io.BytesIO(small.content)).size) == 360
    assert "no-store" in small["Cache-Control"]
