"""What an applicant reads when something goes wrong: the words, what was typed still there, and a way on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from escale.ports.tax_stamp import PaymentState
from tests.browser import making
from tests.browser.house import House, chromium as chromium, house as house
from tests.browser.mistakes import Cookie, of, open_page as open_page, windows as windows, words_of
from tests.factories.cases import a_case, an_agent
from tests.steps.step2 import building
from tests.steps.step2.fakes import FRENCH, OTHER

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Mistake:
    """``typed``: fields and what is put in them. ``kept``: those that must still hold it. ``says``: by language."""

    path: str
    who: tuple[Cookie, ...]
    says: dict[str, str]
    typed: dict[str, str]
    kept: tuple[str, ...] = ()


def wrong_register_pair(house: House) -> Mistake:
    typed = {"numic": "13572468", "email": "autre@courriel.example"}
    says = {"fr": "Registre", "en": "register"}
    return Mistake("/registre/", (house.applicant(uuid4().hex),), says, typed, ("numic", "email"))


def numic_in_letters(house: House) -> Mistake:
    typed = {"numic": "ABC", "email": "jeanne@courriel.example"}
    says = {"fr": "Le NUMIC ne contient que des chiffres", "en": "NUMIC"}
    return Mistake("/registre/", (house.applicant(uuid4().hex),), says, typed, ("numic", "email"))


def dates_the_wrong_way_round(house: House) -> Mistake:
    here, who = of(house, a_case("matched"))
    typed = {"issued_on": "01/04/2020", "expires_on": "31/03/2016"}
    says = {"fr": "doit suivre la date de délivrance", "en": "date"}
    return Mistake(f"{here}eligibilite/passeport/", who, says, typed, ("issued_on", "expires_on"))


def _stamp(house: House, number: str, says: dict[str, str]) -> Mistake:
    here, who = of(house, building.a_draft())
    return Mistake(f"{here}timbre/", who, says, {"number": number})


def stamp_of_the_french_tariff(house: House) -> Mistake:
    house.tax_stamp.sell(FRENCH, product="PASSEPORT_MAJEUR", cents=8600)
    return _stamp(house, FRENCH.text, {"fr": "Il faut ici un timbre de 96 €", "en": "96"})


def stamp_unknown(house: House) -> Mistake:
    return _stamp(house, "9999888877776666", {"fr": "Ce numéro de timbre n’existe pas", "en": "stamp"})


def stamp_used_before(house: House) -> Mistake:
    house.tax_stamp.sell(OTHER)
    house.tax_stamp.stamps[OTHER.text] = replace(house.tax_stamp.stamps[OTHER.text], state="consumed")
    return _stamp(house, OTHER.text, {"fr": "Ce timbre a déjà servi", "en": "stamp"})


def waybill_with_a_slip(house: House) -> Mistake:
    here, who = of(house, a_case("accepted"))
    typed = {"waybill": "3318810010"}
    return Mistake(f"{here}envoi/etiquette/saisir/", who, {"fr": "numéro", "en": "number"}, typed, ("waybill",))


MISTAKES: list[Callable[[House], Mistake]] = [
    wrong_register_pair,
    numic_in_letters,
    dates_the_wrong_way_round,
    stamp_of_the_french_tariff,
    stamp_unknown,
    stamp_used_before,
    waybill_with_a_slip,
]


def send(page: Page, typed: dict[str, str]) -> None:
    """Type by keyboard and send with Enter from the last field."""
    for name, value in typed.items():
        page.locator(f"main [name={name}]").focus()
        page.keyboard.type(value)
    form = page.locator(f"main form:has([name={next(iter(typed))}])")
    form.evaluate("form => { form.dataset.sent = '1' }")
    page.keyboard.press("Enter")
    page.locator("form[data-sent]").wait_for(state="detached")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.__name__)
def test_the_error_is_said_and_nothing_typed_is_lost(
    house: House, open_page: Callable[..., Page], mistake: Callable[[House], Mistake], language: str
):
    made = mistake(house)
    page = open_page(language, *made.who)
    page.goto(house.urls["portal"] + made.path)

    send(page, made.typed)

    alert = page.locator("main .fr-alert--error").first
    assert made.says[language].lower() in words_of(page).lower()
    assert alert.is_visible()
    for name in made.kept:
        assert page.locator(f"main [name={name}]").input_value() == made.typed[name]
    link = alert.locator("a[href^='#']")
    if link.count():  # the summary leads to the field, with the keyboard alone
        link.first.focus()
        page.keyboard.press("Enter")
        target = str(link.first.get_attribute("href"))[1:]
        assert page.evaluate("document.activeElement.id") == target or page.url.endswith(target)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (PaymentState.REFUSED, "Le paiement a été refusé par la banque"),
        (PaymentState.CANCELLED, "Vous avez abandonné le paiement"),
        (PaymentState.PENDING, "Ne payez pas une seconde fois"),
    ],
)
def test_a_payment_that_did_not_end_well_is_told(
    house: House, open_page: Callable[..., Page], state: PaymentState, says: str
):
    case = making.paying(house, state)
    here, who = of(house, case)
    page = open_page("fr", *who)

    page.goto(f"{house.urls['portal']}{here}timbre/retour")

    assert says in words_of(page)
    assert page.url.endswith("/timbre/")


def test_the_keyboard_alone_reaches_the_content_and_shows_where_it_is(house: House, open_page: Callable[..., Page]):
    page = open_page("fr", house.applicant(uuid4().hex))
    page.goto(f"{house.urls['portal']}/registre/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
    assert page.locator(":focus").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'contenu'")
    reached = []
    while "BUTTON" not in reached and len(reached) < 12:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", reached[-1]
    assert reached.index("numic") < reached.index("email") < reached.index("BUTTON")


def test_a_late_duty_says_what_is_missing(house: House, open_page: Callable[..., Page]):
    case, _waybill, _number = making.sent_out(house, an_agent(), now=making.HOUR - 42 * making.DAY)
    making.after(case, making.e.ReturnLate(), making.e.DutyMissed(missing=("receipt", "return")))
    here, who = of(house, case)
    page = open_page("fr", *who)

    page.goto(f"{house.urls['portal']}{here}deux-obligations/")

    assert page.locator("main .fr-alert").first.is_visible()
    assert page.locator("main a[href^='mailto:']").count()
