"""Every other way an applicant's step may go wrong, met in a browser: what is said, what is kept, where one is led."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from escale.case import events as e
from escale.case.values import SecurityNumber, StampNumber
from escale.ledger.models import Case
from tests.browser import making
from tests.browser.house import HOUR, House, chromium as chromium, house as house
from tests.browser.mistakes import (
    FORM,
    MISTAKES,
    Make,
    Met,
    choose,
    fill,
    met,
    of,
    open_page as open_page,
    windows as windows,
)
from tests.browser.states import press
from tests.browser.states_applicant import matched_in_the_register
from tests.factories.cases import a_case, an_agent
from tests.inspection.making.labels import label_pdf
from tests.steps.step2 import building
from tests.steps.step2.fakes import GOOD, OTHER
from tests.steps.step3.test_views import ADDRESS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_numbers = itertools.count(1)


# ── signing in and being found ──


def _signing_in(says: str) -> Met:
    return Met("/connexion/", (), lambda page: press(page.locator("main form[method=post]").first), says)


@met("fr")
def sign_in_given_up(house: House) -> Met:
    house.franceconnect.fails = "cancelled"
    return _signing_in("Vous avez interrompu la connexion Rien n’a été enregistré")


@met("en")
def sign_in_not_sure_enough(house: House) -> Met:
    house.franceconnect.fails = "refused"
    return _signing_in("FranceConnect+ could not verify your identity")


@met("fr")
def franceconnect_down(house: House) -> Met:
    house.franceconnect.down = True
    return _signing_in(
        "La connexion n’a pas abouti, pour une raison technique Cela ne vient pas de vous et rien n’est perdu"
    )


@met("en")
def a_return_nobody_waits_for(house: House) -> Met:
    return Met(
        "/connexion/retour?code=c&state=another", (), lambda page: None, "This is not your fault and nothing is lost"
    )


@met("fr")
def register_down(house: House) -> Met:
    house.register.down = True
    typed = {"numic": "24681373", "email": "jeanne@courriel.example"}
    says = "Le Registre ne répond pas pour le moment. Rien n’est perdu"
    return Met("/registre/", (house.applicant(uuid4().hex),), partial(fill, **typed), says, typed)


@met("en")
def not_eligible(house: House) -> Met:
    an_agent()
    case = matched_in_the_register(house)
    here, who = of(house, case)

    def answers(page: Page) -> None:
        for group in page.locator("main fieldset").all():
            group.locator("input[type=radio][value=True], input[type=radio][value=oui]").first.check(force=True)
        press(page.locator(FORM).first)

    return Met(f"{here}eligibilite/situation/", who, answers, "consular post", on="mailto:")


# ── the application ──


def _with_a_stamp(house: House) -> Case:
    number = StampNumber(f"40001111{next(_numbers):08}")
    house.tax_stamp.sell(number)
    return building.with_stamp(building.a_draft(), number)


def _stamp(house: House, number: str, says: str) -> Met:
    here, who = of(house, building.a_draft())
    return Met(f"{here}timbre/", who, partial(fill, form="main form:has([name=number])", number=number), says)


def _stamp_in(house: House, state: str, says: str) -> Met:
    house.tax_stamp.sell(OTHER)
    house.tax_stamp.stamps[OTHER.text] = replace(house.tax_stamp.stamps[OTHER.text], state=state)
    return _stamp(house, OTHER.text, says)


@met("fr")
def stamp_with_digits_missing(house: House) -> Met:
    return _stamp(house, "1234 5678", "Le numéro d’un timbre a 16 chiffres : vérifiez qu’il n’en manque pas")


@met("en")
def stamp_expired(house: House) -> Met:
    says = "This stamp has expired: it is valid for one year. It can be refunded within eighteen months of buying it."
    return _stamp_in(house, "expired", says)


@met("fr")
def stamp_refunded(house: House) -> Met:
    return _stamp_in(house, "refunded", "Ce timbre a été remboursé ou annulé")


@met("en")
def stamps_down(house: House) -> Met:
    house.tax_stamp.down = True
    return _stamp(house, GOOD.text, "The tax stamp service is not responding for now. Nothing is lost")


@met("fr")
def payment_down(house: House) -> Met:
    house.payment.down = True
    here, who = of(house, building.a_draft())
    pay = "main form[action$='timbre/acheter']"
    says = "La page de paiement ne répond pas pour le moment. Rien n’a été payé"
    return Met(f"{here}timbre/", who, lambda page: press(page.locator(pay).first), says, on="timbre/acheter")


@met("en")
def nothing_declared(house: House) -> Met:
    here, who = of(house, _with_a_stamp(house))
    says = "Certify that the information is"
    return Met(
        f"{here}recapitulatif/",
        who,
        lambda page: press(page.locator("main form:has([name=true_statement])").first),
        says,
    )


@met("fr")
def sent_while_the_stamps_are_down(house: House) -> Met:
    here, who = of(house, _with_a_stamp(house))
    house.tax_stamp.down = True

    def send(page: Page) -> None:
        for box in ("true_statement", "holds_passport"):
            page.locator(f"main [name={box}]").check(force=True)
        press(page.locator("main form:has([name=true_statement])").first)

    says = "Votre demande est complète et enregistrée ; envoyez-la de nouveau dans quelques minutes"
    return Met(f"{here}recapitulatif/", who, send, says)


@met("en")
def the_session_ended_before_it_was_sent(house: House) -> Met:
    here, who = of(house, a_case("draft"))

    def too_late(page: Page) -> None:
        page.locator("main [name=height_cm]").fill("168")
        page.context.clear_cookies(name="escale_portal")
        press(page.locator(FORM).first)

    says = "What you had entered is here; none of it is kept anywhere else"
    return Met(f"{here}identite/", who, too_late, says, {"height_cm": "168"}, on="/connexion/?suite=")


def _sends(house: House, kind: str, name: str, content: bytes, media: str, says: str) -> Met:
    here, who = of(house, a_case("draft"))
    return Met(f"{here}{kind}/", who, partial(choose, name, content, media), says)


@met("fr")
def a_word_document(house: House) -> Met:
    says = "ni une image JPEG, PNG ou HEIC, ni un PDF : c’est une archive ou un document bureautique"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return _sends(house, "documents/address_proof", "bail.docx", b"PK\x03\x04 word", word, says)


@met("en")
def an_empty_file(house: House) -> Met:
    says = "The file is empty. Check that it opens on your device"
    return _sends(house, "documents/address_proof", "vide.pdf", b"", "application/pdf", says)


@met("fr")
def a_pdf_cut_short(house: House) -> Met:
    says = "Le fichier est abîmé ou incomplet"
    return _sends(house, "documents/address_proof", "bail.pdf", b"%PDF-1.7\n1 0 obj <<>>", "application/pdf", says)


@met("en")
def a_photo_cut_short(house: House) -> Met:
    says = "The file is damaged or incomplete: it could not be read to the end"
    return _sends(house, "photo", "photo.jpg", building.a_jpeg()[:400], "image/jpeg", says)


# ── the label and the interview ──


def _label(house: House, content: bytes, says: str) -> Met:
    here, who = of(house, a_case("accepted"))
    give = partial(choose, "etiquette.pdf", content, "application/pdf", named="label")
    return Met(f"{here}envoi/etiquette/importer/", who, give, says)


@met("en")
def label_with_the_forbidden_option(house: House) -> Met:
    says = "This label carries the ‘adult signature’ option. It is forbidden"
    return _label(house, label_pdf("3318810025", [*ADDRESS, "", "SIGNATURE D'UN ADULTE"]), says)


@met("fr")
def label_to_somebody_else(house: House) -> Met:
    says = "Cette étiquette n’est pas à votre nom. Le destinataire doit être vous"
    return _label(house, label_pdf("3318810025", ["TO:", "Paul LEGRAND", *ADDRESS[2:]]), says)


@met("en")
def label_saved_as_a_web_page(house: House) -> Met:
    return _label(house, b"<html>", "nor a PDF: it is a web page. Save it in one of these formats")


@met("fr")
def carrier_down(house: House) -> Met:
    house.courier.down = True
    here, who = of(house, a_case("accepted"))
    make = "main form[action$='fabriquer/']"
    says = "Un service partenaire ne répond pas. Rien n’est perdu"
    return Met(f"{here}envoi/etiquette/", who, lambda page: press(page.locator(make).first), says, on="fabriquer/")


@met("fr")
def too_late_to_cancel(house: House) -> Met:
    an_agent()
    case, held = making.booked()
    here, who = of(house, case)
    says = "jusqu’à 24 heures avant. Écrivez à votre poste"
    late = held.starts_at - timedelta(hours=2)
    return Met(f"{here}rendez-vous/annuler/", who, lambda page: press(page.locator(FORM).first), says, now=late)


# ── the new passport and the old one ──


def _confirms(house: House, security: str, says: str) -> Met:
    case, _waybill, number = making.sent_out(house, an_agent())
    making.with_security(case)
    who = (house.applicant(case.applicant_sub, "reception"),)

    def confirm(page: Page) -> None:
        for box in page.locator("main form input[type=checkbox]").all():
            box.check(force=True)
        fill(page, number=number, security=security)

    return Met(f"/passeports/{case.reference}/", who, confirm, says, site="reception")


@met("fr")
def security_number_with_a_slip(house: House) -> Met:
    return _confirms(house, "0000 0000 0000", "Relisez votre récépissé. Cet essai ne compte pas")


@met("en")
def security_number_of_another(house: House) -> Met:
    return _confirms(house, SecurityNumber.draw().grouped, "attempts")


@met("fr")
def locked_out(house: House) -> Met:
    case, _waybill, _number = making.sent_out(house, an_agent())
    making.after(case, e.ReceiptLockedOut())
    who = (house.applicant(case.applicant_sub, "reception"),)
    return Met(f"/passeports/{case.reference}/", who, lambda page: None, "bloqu", on="mailto:", site="reception")


@met("en")
def confirmed_before_it_was_sent(house: House) -> Met:
    case = a_case("approved")
    who = (house.applicant(case.applicant_sub, "reception"),)
    return Met("/passeports/", who, lambda page: None, "no passport", site="reception")


@met("fr")
def a_return_number_with_a_slip(house: House) -> Met:
    case, _waybill, _number = making.sent_out(house, an_agent())
    here, who = of(house, case)

    def announce(page: Page) -> None:
        page.locator("main details:has([name=waybill]) > summary").click()
        fill(page, form="main form:has([name=waybill])", waybill="3318810010")

    return Met(f"{here}deux-obligations/", who, announce, "numéro", {"waybill": "3318810010"})


@pytest.fixture
def mended(house: House) -> Iterator[None]:
    """Partners answer again and the hour is right, whatever a test did."""
    yield
    house.now = HOUR
    house.franceconnect.fails = ""
    for partner in (house.franceconnect, house.register, house.tax_stamp, house.payment, house.courier):
        partner.down = False


@pytest.mark.parametrize(("language", "make"), MISTAKES, ids=[make.__name__ for _, make in MISTAKES])
def test_the_answer_says_what_is_wrong_keeps_what_was_typed_and_leads_on(
    house: House, open_page: Callable[..., Page], mended: None, language: str, make: Make
):
    mistake = make(house)
    house.now = mistake.now
    page = open_page(language, *mistake.who)
    page.goto(house.urls[mistake.site] + mistake.path)

    mistake.does(page)

    said = re.compile(re.escape(mistake.says).replace(r"\ ", r"\s*"), re.I)
    expect(page.locator("main")).to_contain_text(said)
    assert page.locator("html").get_attribute("lang") == language
    summary = page.locator("#erreurs")
    if summary.count():
        expect(summary).to_be_focused()
        for link in summary.locator("a[href^='#']").all():
            wrong = page.locator(f"[id='{str(link.get_attribute('href'))[1:]}']")
            assert wrong.and_(page.locator("[aria-invalid=true], :has([aria-invalid=true])")).count() == 1
    for name, value in mistake.kept.items():
        assert page.locator(f"main [name={name}]").input_value() == value
    if mistake.on:
        ways = f"a[href*='{mistake.on}'], form[action*='{mistake.on}'], button[name='{mistake.on}']"
        assert page.locator(f"main :is({ways})").first.is_visible()
