"""The pages of the application, page after page."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from escale.ledger.models import Case
from escale.steps.step2_application import queries
from escale.steps.step2_application.service import checks, review
from escale.ui.said import Said
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import a_client, as_applicant
from tests.steps.step2.building import a_draft, a_jpeg, submitted, with_stamp
from tests.steps.step2.fakes import GOOD, FakePayments, FakeStamps

pytestmark = pytest.mark.django_db
PAGES = (
    "motif",
    "identite",
    "coordonnees",
    "passeport-actuel",
    "documents",
    "documents/passport_page",
    "photo",
    "timbre",
    "recapitulatif",
    "retirer",
)
TYPED = {
    "motif": {"motive": "expiring"},
    "identite": {"usage_origin": "unchanged", "height_cm": "168", "eye_colour": "green"},
    "coordonnees": {"hosted": "non", "phone": "+1 416 555 0101", "travel_on": "12/05/2026"},
    "passeport-actuel": {
        "passport_number": "17fr 42486",
        "passport_issued_on": "01/04/2016",
        "passport_expires_on": "31/03/2026",
        "keeps_visa": "non",
    },
}


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def url(case: Case, page: str) -> str:
    return f"/demande/{case.reference}/{page}/"


def declarations(case: Case) -> dict[str, object]:
    return {"version": case.version, "true_statement": "on", "holds_passport": "on"}


def upload(name: str = "page.jpg", content: bytes | None = None) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content if content is not None else a_jpeg(1200, 900), "image/jpeg")}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_in_both_languages(page: str, language: str, stamps: FakeStamps):
    case = with_stamp(a_draft())
    client = as_applicant(case.applicant_sub)
    client.cookies["langue"] = language

    answer = client.get(url(case, page))

    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize("page", PAGES)
def test_another_persons_request_does_not_exist(page: str):
    case = a_case("draft")

    assert as_applicant("somebody").get(url(case, page)).status_code == 404
    assert "connexion" in a_client("portal").get(url(case, page))["Location"]


def test_the_pages_follow_each_other_and_keep_what_was_typed():
    case = a_case("draft")
    client = as_applicant(case.applicant_sub)
    places = [client.post(url(case, page), typed)["Location"] for page, typed in TYPED.items()]

    assert [place.split("/")[-2] for place in places] == ["identite", "coordonnees", "passeport-actuel", "documents"]
    answers = queries.answers(case.id)
    assert answers["passport_number"] == "17FR42486"
    assert answers["travel_on"] == "2026-05-12"
    case.refresh_from_db()
    assert str(case.travel_on) == "2026-05-12"


@pytest.mark.parametrize(
    ("page", "typed", "field", "words"),
    [
        ("motif", {}, "motive", "Choisissez un motif"),
        ("motif", {"motive": "address"}, "accepts_old_expiry", "garde l’ancienne date"),
        ("identite", {**TYPED["identite"], "height_cm": "1,68"}, "height_cm", "Exemple\u00a0: 172"),
        ("identite", {**TYPED["identite"], "usage_origin": "spouse"}, "usage_name", "nouveau nom d’usage"),
        ("coordonnees", {**TYPED["coordonnees"], "phone": "0416"}, "phone", "indicatif du pays"),
        ("coordonnees", {**TYPED["coordonnees"], "travel_on": "01/01/2026"}, "travel_on", "est passée"),
        (
            "passeport-actuel",
            {**TYPED["passeport-actuel"], "passport_number": "17FR424"},
            "passport_number",
            "deux chiffres",
        ),
        ("passeport-actuel", {**TYPED["passeport-actuel"], "keeps_visa": "oui"}, "visa_until", "date de fin"),
    ],
)
def test_a_mistake_is_explained_at_its_field(page: str, typed: dict[str, str], field: str, words: str):
    case = a_case("draft")
    answer = as_applicant(case.applicant_sub).post(url(case, page), typed)
    text = answer.content.decode()

    assert answer.status_code == 200
    led = re.findall(rf'href="#(id_{field}\w*)"', text)
    assert len(led) == 1
    assert f'id="{led[0]}"' in text
    assert words in text
    assert queries.answers(case.id) == {}


def test_a_free_motive_on_an_expired_passport_is_refused_with_words():
    case = a_draft()
    with time_machine.travel("2026-04-15T12:00:00Z", tick=False):
        client = as_applicant(case.applicant_sub)
        text = client.post(url(case, "motif"), {"motive": "address", "accepts_old_expiry": "on"}).content.decode()

    assert "garderait une date passée" in text
    assert queries.answers(case.id)["motive"] == "expiring"


def test_an_upload_is_made_anew_and_shown_again():
    case = a_case("draft")
    client = as_applicant(case.applicant_sub)

    answer = client.post(url(case, "documents/host_identity"), upload())

    doc = queries.documents(case.id, "host_identity")[0]
    picture = client.get(f"/demande/{case.reference}/fichiers/{doc.id}/1")
    assert answer.status_code == 302
    assert picture["Content-Type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")
    assert "no-store" in picture["Cache-Control"]
    assert as_applicant("somebody").get(f"/demande/{case.reference}/fichiers/{doc.id}/1").status_code == 404


def test_a_file_that_is_no_document_is_refused_with_words():
    case = a_case("draft")

    page = as_applicant(case.applicant_sub).post(
        url(case, "documents/host_identity"), upload("page.pdf", b"#!/bin/sh\necho hello\n")
    )

    assert "Enregistrez-le dans l’un de ces formats" in page.content.decode()
    assert queries.documents(case.id) == ()


def test_a_document_of_another_case_is_not_served():
    mine, other = a_draft(), a_draft()
    doc = queries.documents(other.id)[0]

    client = as_applicant(mine.applicant_sub)
    assert client.get(f"/demande/{mine.reference}/fichiers/{doc.id}/1").status_code == 404
    assert client.post(f"/demande/{mine.reference}/fichiers/{doc.id}/retirer").status_code == 404
    assert len(queries.documents(other.id)) == 3


def test_the_photo_is_checked_and_the_report_shown():
    case = a_case("draft")
    client = as_applicant(case.applicant_sub)
    client.post(url(case, "photo"), upload("photo.jpg", a_jpeg(700, 900)))
    client.post(url(case, "photo"), upload("photo.jpg", a_jpeg(710, 900)))
    checks.run_due(now=NOON)

    page = client.get(url(case, "photo")).content.decode()

    assert len(queries.documents(case.id, "photo")) == 1
    assert "Remplacer la photo" in page
    assert "fr-alert--" in page


def test_a_pdf_is_no_photo():
    case = a_case("draft")
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    pdf += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"

    as_applicant(case.applicant_sub).post(url(case, "photo"), upload("photo.pdf", pdf))

    assert queries.documents(case.id) == ()


def test_a_stamp_sold_in_france_is_explained(stamps: FakeStamps):
    case = a_draft()
    stamps.sell(GOOD, product="PASSEPORT_MAJEUR_FRANCE", cents=8600)

    text = as_applicant(case.applicant_sub).post(url(case, "timbre"), {"number": GOOD.grouped}).content.decode()

    assert "86\u00a0€" in text
    assert "96\u00a0€" in text


def test_guessing_stamps_is_stopped(stamps: FakeStamps):
    case = a_draft()
    client = as_applicant(case.applicant_sub)
    statuses = [client.post(url(case, "timbre"), {"number": f"{n:016d}"}).status_code for n in range(11)]

    assert statuses == [200] * 10 + [429]


def test_a_silent_stamp_service_is_said(stamps: FakeStamps):
    case = a_draft()
    stamps.down = True

    answer = as_applicant(case.applicant_sub).post(url(case, "timbre"), {"number": GOOD.text})

    assert answer.status_code == 503
    assert "Rien n’est perdu" in answer.content.decode()


def test_buying_goes_to_the_payment_page_and_back(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    client = as_applicant(case.applicant_sub)

    assert client.post(f"/demande/{case.reference}/timbre/acheter")["Location"].startswith("https://payment.example/")
    payments.pays(GOOD)
    page = client.get(f"/demande/{case.reference}/timbre/retour?idop=op-1", follow=True).content.decode()

    assert "Paiement reçu" in page
    assert GOOD.masked in page
    assert GOOD.text not in page


def test_the_partners_notification_is_only_a_hint(stamps: FakeStamps, payments: FakePayments):
    case = a_draft()
    as_applicant(case.applicant_sub).post(f"/demande/{case.reference}/timbre/acheter")
    hook = a_client("portal")

    assert hook.post("/partenaires/payfip/notification", {"idOp": "op-1"}).content == b"OK"
    assert queries.stamp_in_use(case.id) is None
    payments.pays(GOOD)
    assert hook.post("/partenaires/payfip/notification", {"idop": "op-1"}).content == b"OK"
    assert queries.stamp_in_use(case.id) is not None
    assert hook.get("/partenaires/payfip/notification").status_code == 405


def test_sending_asks_for_the_declarations(stamps: FakeStamps):
    case = with_stamp(a_draft())

    page = as_applicant(case.applicant_sub).post(url(case, "recapitulatif"), {"version": case.version}).content.decode()

    case.refresh_from_db()
    assert 'href="#id_true_statement"' in page
    assert case.application == "draft"


def test_sending_leads_to_a_receipt(stamps: FakeStamps):
    case = with_stamp(a_draft())
    client = as_applicant(case.applicant_sub)

    page = client.post(url(case, "recapitulatif"), declarations(case), follow=True).content.decode()

    case.refresh_from_db()
    assert case.application == "submitted"
    assert case.reference in page
    assert "Vous n’avez rien à faire" in page


def test_a_silent_stamp_service_keeps_the_request_ready(stamps: FakeStamps):
    case = with_stamp(a_draft())
    stamps.down = True

    answer = as_applicant(case.applicant_sub).post(url(case, "recapitulatif"), declarations(case))

    assert answer.status_code == 503
    assert "envoyez-la de nouveau" in answer.content.decode()


def test_what_is_missing_is_listed_with_a_way_there():
    case = a_case("draft")

    page = as_applicant(case.applicant_sub).get(url(case, "recapitulatif")).content.decode()

    assert "Il manque encore" in page
    assert f'href="{url(case, "motif")}"' in page
    assert "Envoyer ma demande" not in page


def test_a_submitted_request_is_read_not_edited(stamps: FakeStamps):
    case = submitted()

    assert as_applicant(case.applicant_sub).get(url(case, "motif"))["Location"] == url(case, "ma-demande")


def test_the_agents_words_stand_at_the_field(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    review.ask_correction(
        case=case,
        words={"height_cm": Said("Taille improbable."), "address_proof": Said("Facture trop ancienne.")},
        revision=queries.revision(case.id),
        actor=acting(agent),
        now=NOON,
    )
    client = as_applicant(case.applicant_sub)

    identity = client.get(url(case, "identite")).content.decode()
    documents = client.get(url(case, "documents/address_proof")).content.decode()

    assert 'id="remarque-height_cm"' in identity
    assert "Taille improbable." in identity
    assert "Facture trop ancienne." not in identity
    assert "Facture trop ancienne." in documents
    assert "Facture trop ancienne." not in client.get(url(case, "documents/passport_page")).content.decode()
    listed = client.get(url(case, "documents")).content.decode()
    assert listed.count("Facture trop ancienne.") == 1


def test_each_page_says_when_it_was_saved():
    case = a_draft()
    client = as_applicant(case.applicant_sub)

    assert "Enregistré à 07:00 (Toronto)." in client.get(url(case, "motif")).content.decode()
    with time_machine.travel("2026-03-05T12:00:00Z", tick=False):
        later = as_applicant(case.applicant_sub)  # another device, three days after
        assert "Enregistré le lundi 2 mars 2026 à 07:00 (Toronto)." in later.get(url(case, "identite")).content.decode()


def test_withdrawing_says_what_it_costs_and_needs_a_yes(stamps: FakeStamps):
    case = submitted()
    client = as_applicant(case.applicant_sub)

    assert "timbre vous est rendu" in client.get(url(case, "retirer")).content.decode()
    client.post(url(case, "retirer"), {"version": case.version})
    case.refresh_from_db()
    assert case.is_open
    client.post(url(case, "retirer"), {"version": case.version, "sure": "on"})
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_an_ordered_passport_can_no_longer_be_withdrawn():
    case = a_case("approved")

    page = as_applicant(case.applicant_sub).get(url(case, "retirer")).content.decode()

    assert "déjà commandé" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]


def test_a_field_that_another_answer_asks_for_is_not_called_optional():
    case = a_draft()
    client = as_applicant(case.applicant_sub)

    motive = client.get(url(case, "motif")).content.decode()
    contact = client.get(url(case, "coordonnees")).content.decode()

    assert "facultatif" not in motive
    assert contact.count("(facultatif)") == 2  # the telephone and the travel
    assert "Optionnel" not in motive + contact
