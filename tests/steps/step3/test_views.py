"""The envelope's pages, on the portal and at the mail desk."""

import io
import re
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escale import clock
from escale.case import events as e
from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.steps.step3_posted_items import handlers, queries, rules, service, service_label
from escale.ui import mail
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.inspection.making.labels import label_pdf
from tests.steps.step3.fakes import FakeCourier

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
ADDRESS = ["TO:", "Jeanne MARTIN", "12 Elm Street", "Toronto ON M4W 1A8", "CANADA", "", "FROM:", "Consulat"]


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: LATER)


def page(client: Client, case: Case, rest: str = "", **data: object):
    url = f"/demande/{case.reference}/envoi/{rest}"
    return client.post(url, data) if data else client.get(url)


def test_the_page_says_what_goes_in_and_where(sub: str, courier: FakeCourier):
    case = a_case("accepted", sub=sub)

    answer = page(as_applicant(sub), case)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "2 Bloor Street East" in text
    assert "ma photo aux normes françaises" in text
    assert "Préparer l’étiquette" in text
    assert text.count("<h1") == 1


def test_the_page_does_not_exist_before_it_is_asked_nor_for_others(sub: str):
    assert page(as_applicant(sub), a_case("submitted", sub=sub)).status_code == 404
    assert page(as_applicant("other"), a_case("accepted", sub=sub)).status_code == 404


def test_the_forbidden_option_is_shown_struck_with_its_reason(sub: str):
    text = page(as_applicant(sub), a_case("accepted", sub=sub), "etiquette/").content.decode()

    assert "<s>Signature d’un adulte</s>" in text
    assert "votre demande sera annulée par DHL" in text


def label_holder(client: Client, case: Case) -> str:
    """Who holds the label, as the page says it."""
    shown = page(client, case).content.decode()
    return shown.partition("<dt>Étiquette d’envoi prépayée</dt><dd>")[2].partition("</dd>")[0]


def test_a_label_is_made_then_printed_then_posted(sub: str, courier: FakeCourier):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)

    assert "n’existe pas encore" in label_holder(client, case)
    assert client.post(f"/demande/{case.reference}/envoi/etiquette/fabriquer/").status_code == 302
    assert "chez vous" in label_holder(client, case)
    label = page(client, case, "etiquette/fichier")
    text = page(client, case).content.decode()
    version = re.search(r'name="version" value="(\d+)"', text)
    assert version is not None
    posted = page(client, case, "poste/", carrier="dhl", waybill="8487 1355 06", version=version[1])

    assert label.content == b"%PDF-1.7 label"
    assert posted.status_code == 302
    case.refresh_from_db()
    assert case.posted_items == "announced"
    assert queries.posted_items(case.id).outbound_waybill == "8487135506"
    assert "en route" in page(client, case).content.decode()

    again = page(client, case, "poste/", carrier="dhl", waybill="3318810025", version=version[1])
    assert again["Location"].endswith("/envoi/")
    assert "Votre envoi est déjà noté, depuis le" in page(client, case).content.decode()
    assert queries.posted_items(case.id).outbound_waybill == "8487135506"


def test_a_mistyped_tracking_number_is_kept_on_the_page(sub: str, courier: FakeCourier):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)

    answer = page(client, case, "poste/", carrier="dhl", waybill="8487135507", version=str(queries.revision(case.id)))

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "8487135507" in text
    assert "faute de frappe" in text
    assert 'href="#id_waybill"' in text


def test_a_carrier_out_of_reach_is_said_kindly(sub: str, courier: FakeCourier):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    courier.down = True

    answer = client.post(f"/demande/{case.reference}/envoi/etiquette/fabriquer/", follow=True)

    assert "réessayez dans quelques minutes" in answer.content.decode()
    courier.down = False
    client.post(f"/demande/{case.reference}/envoi/etiquette/fabriquer/")
    assert len(courier.shipments) == 1


def imported(client: Client, case: Case, content: bytes):
    file = SimpleUploadedFile("label.pdf", content, "application/pdf")
    return page(client, case, "etiquette/importer/", label=file)


def test_an_imported_label_with_the_option_is_refused_on_the_spot(sub: str):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)

    answer = imported(client, case, label_pdf("3318810025", [*ADDRESS, "", "SIGNATURE D'UN ADULTE"]))

    assert answer.status_code == 422
    assert "votre demande sera annulée par DHL" in answer.content.decode()
    assert imported(client, case, b"not a label").status_code == 422
    assert imported(client, case, label_pdf("3318810025", ADDRESS)).status_code == 302
    assert "Aucune option interdite" in page(client, case).content.decode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (label_pdf("3318810025", [*ADDRESS, "", "SIGNATURE D'UN ADULTE"]), "demande sera annulée par DHL"),
        (label_pdf("3318810025", ["TO:", "Paul LEGRAND", *ADDRESS[2:]]), "n’est pas à votre nom"),
        (label_pdf("3318810025", [line.replace("CANADA", "SPAIN") for line in ADDRESS]), "dans un autre pays"),
        (b"not a label", "PDF"),
    ],
)
def test_each_refusal_of_a_label_shows_the_ways_out(sub: str, content: bytes, said: str):
    case = a_case("accepted", sub=sub)
    answer = imported(as_applicant(sub), case, content)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert "Ce que vous pouvez faire" in text
    assert "Fabriquer l’étiquette ici" in text
    assert "12 Elm Street" in text


def test_a_typed_number_is_checked(sub: str):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)

    assert page(client, case, "etiquette/saisir/", waybill="3318810010").status_code == 422
    assert page(client, case, "etiquette/saisir/", waybill="33 1881 0025").status_code == 302


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_cover_sheet_is_read_by_the_scanner(sub: str, language: str):
    case = a_case("accepted", sub=sub)
    Case.objects.filter(pk=case.pk).update(language=language)

    content = page(as_applicant(sub), case, "bordereau.pdf").content

    image = pypdfium2.PdfDocument(io.BytesIO(content))[0].render(scale=200 / 72).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [case.reference]
    assert b"pdfuaid" in content


def envelope(sub: str, courier: FakeCourier) -> Case:
    case = a_case("accepted", sub=sub)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=NOON)
    service.announce(case_id=case.id, carrier="dhl", waybill="", actor=applicant(sub), now=NOON)
    return case


def test_the_mail_desk_receives_then_checks(sub: str, courier: FakeCourier):
    case, client = envelope(sub, courier), as_agent(an_agent())

    scanned = client.post("/bureau/courrier/", {"code": case.reference}).content.decode()
    assert "enveloppe reçue" in scanned
    assert "autofocus" in scanned
    number = queries.posted_items(case.id).label_waybill
    assert number is not None
    assert "bien celle de" in client.post("/bureau/courrier/", {"code": number.text}).content.decode()
    assert "ATTENTION" in client.post("/bureau/courrier/", {"code": "1099255990"}).content.decode()
    url = f"/bureau/courrier/{case.reference}/controle/"
    version = queries.revision(case.id)
    half = client.post(url, {"version": version, "photo_present": "on"})
    assert half.status_code == 422
    assert "Ce point n’est pas vérifié" in half.content.decode()
    whole = client.post(url, {"version": version, **dict.fromkeys(rules.CHECKS, "on")})

    assert whole.status_code == 302
    case.refresh_from_db()
    assert case.posted_items == "verified"


def test_a_morning_of_envelopes_costs_as_many_questions_as_one(courier: FakeCourier):
    agent = an_agent()
    client = as_agent(agent)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            text = client.get("/bureau/courrier/").content.decode()
        assert "MARTIN Jeanne Marie" in text
        return len(asked)

    def morning(number: int) -> None:
        for place in range(number):
            service.receive(case_id=a_case("announced", sub=f"{number}-{place}").id, actor=acting(agent), now=LATER)

    morning(2)
    questions()  # the first page of a process also fills what is kept in memory
    few = questions()
    morning(12)
    assert questions() == few
    assert "(14)" in client.get("/bureau/courrier/").content.decode()


def test_an_unknown_code_shouts(sub: str):
    assert "ATTENTION" in as_agent(an_agent()).post("/bureau/courrier/", {"code": "ESC-0000"}).content.decode()
    assert as_agent(an_agent()).post("/bureau/courrier/", {"code": ""}).status_code == 422


def test_a_replacement_says_why_in_the_applicants_words(sub: str, courier: FakeCourier):
    case, agent = envelope(sub, courier), an_agent()
    service.receive(case_id=case.id, actor=acting(agent), now=NOON)
    url = f"/bureau/courrier/{case.reference}/remplacement/"

    nothing = as_agent(agent).post(url, {"version": queries.revision(case.id)})
    given = {"photo": "photo_damaged", "words_fr": "Pliée au coin.", "version": queries.revision(case.id)}
    answer = as_agent(agent).post(url, given)

    assert nothing.status_code == 422
    assert answer.status_code == 302
    text = page(as_applicant(sub), case).content.decode()
    assert "La photo est arrivée abîmée." in text
    assert "Pliée au coin." in text
    assert "l’étiquette d’envoi prépayée, imprimée" not in text


def test_two_agents_at_one_gate(sub: str, courier: FakeCourier):
    case, agent = envelope(sub, courier), an_agent()
    service.receive(case_id=case.id, actor=acting(agent), now=NOON)
    seen = {"version": queries.revision(case.id), **dict.fromkeys(rules.CHECKS, "on")}
    service.ask_again(case_id=case.id, reasons={"photo": "photo_damaged"}, words={}, actor=acting(agent), now=NOON)

    answer = as_agent(agent).post(f"/bureau/courrier/{case.reference}/controle/", seen)

    assert "Quelqu’un d’autre vient de modifier ce dossier" in answer.content.decode()


def test_another_post_sees_nothing(sub: str, courier: FakeCourier):
    case = envelope(sub, courier)
    stranger = as_agent(an_agent(post="CA-MONTREAL"))

    assert stranger.get(f"/bureau/courrier/{case.reference}/controle/").status_code == 404
    assert stranger.post(f"/bureau/courrier/{case.reference}/remplacement/").status_code == 404


EVENTS = [
    (e.ReminderDue(kind="posting_reminder"), "posting_reminder"),
    (e.EnvelopeReceived(), "envelope_received"),
    (e.ReplacementRequested(items=("photo", "label"), reason="several"), "replacement_needed"),
    (e.LabelCancelledByCourier(code="CX"), "replacement_needed"),
    (e.LateObjectReceived(item="envelope"), "late_object"),
]


@pytest.mark.parametrize(("event", "code"), EVENTS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_message_is_whole(sub: str, courier: FakeCourier, event: e.Event, code: str, language: str):
    case = a_case("received", sub=sub)
    case.language = language
    service.ask_again(
        case_id=case.id, reasons={"photo": "photo_damaged", "label": "wrong_address"}, words={"fr": "Le coin."},
        actor=acting(an_agent()), now=NOON,
    )  # fmt: skip
    common = {"name": "Jeanne MARTIN", "reference": case.reference, "case_url": "http://x/", "post_tz": case.post.tz}
    build = handlers.MESSAGES.get(code)
    extra = build(case=case, event=event, now=NOON) if build else {}

    message = mail.compose(code, language, {**common, **extra})

    assert "{" not in message.text
    assert "http" in message.text
    if code == "replacement_needed":
        assert ("L’adresse de l’étiquette" in message.text) == (language == "fr")
        assert "Le coin." in message.text
