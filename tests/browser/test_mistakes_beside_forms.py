"""Mistakes that no single field tells: found nowhere, taken meanwhile, too late, locked. The focus is led there too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from escale.case import events as e
from escale.case.values import SecurityNumber
from escale.ledger.models import Entry
from escale.steps.step4_interview import queries_slots, rules_slots, service as booking
from tests.browser import making
from tests.browser.house import HOUR, House, chromium as chromium, house as house
from tests.browser.mistakes import FORM, fill, of, open_page as open_page, windows as windows, words_of
from tests.browser.states import press
from tests.browser.states_applicant import matched_in_the_register
from tests.factories.cases import a_case, an_agent
from tests.journeys.keyboard import SHOWN
from tests.steps.step2 import building
from tests.steps.step2.test_opinions import judged

pytestmark = [pytest.mark.browser, pytest.mark.slow]

type Open = Callable[..., Page]
STOP = f"""() => {{
  const one = document.activeElement;
  const order = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].indexOf(one);
  return {{ order, ringed: ({SHOWN})(one), name: one.outerHTML }};
}}"""


def told(page: Page, says: str) -> None:
    """These words, in the box that has the focus; the title says that something is wrong."""
    box = page.locator("#erreurs")
    expect(box).to_be_focused()
    assert says in " ".join(box.inner_text().split())
    assert page.title().startswith(("Erreur", "Error"))


def at_the_field(page: Page, field: str, kept: str) -> None:
    """The summary leads to the field, which is said wrong and holds what was typed."""
    page.locator(f"#erreurs a[href='#{field}']").press("Enter")
    wrong = page.locator(f"#{field}")
    expect(wrong).to_be_focused()
    assert wrong.get_attribute("aria-invalid") == "true"
    assert wrong.get_attribute("aria-describedby")
    assert wrong.input_value() == kept


def typed(page: Page, value: str) -> None:
    """In the field that has the focus, then sent with Enter."""
    page.locator(FORM).evaluate("form => { form.dataset.sent = '1' }")
    page.keyboard.press("Control+a")
    page.keyboard.type(value)
    page.keyboard.press("Enter")
    page.locator("form[data-sent]").wait_for(state="detached")


def test_somebody_the_register_does_not_know(house: House, open_page: Open):
    page = open_page("fr", house.applicant(uuid4().hex))
    page.goto(f"{house.urls['portal']}/registre/")

    fill(page, numic="13572468", email="autre@courriel.example")

    told(page, "Nous ne vous retrouvons pas au Registre avec ces informations")
    assert page.locator("[name=numic]").input_value() == "13572468"


def test_a_slot_taken_meanwhile(house: House, open_page: Open):
    an_agent()
    early = HOUR - timedelta(minutes=30)
    case = a_case("bookable", now=early)
    here, who = of(house, case)
    page = open_page("en", *who)
    page.goto(f"{house.urls['portal']}{here}rendez-vous/")
    wanted = rules_slots.parse_key(str(page.locator("button[name=slot]").first.get_attribute("value")))
    press(page.locator("main form:has(button[name=slot])").first, "button[name=slot]")
    while wanted in [slot.starts_at for slot in queries_slots.free_slots(case.post, now=HOUR, case_id=case.id)]:
        other = a_case("bookable", now=early)  # one per agent who is free then
        booking.book(case_id=other.id, starts_at=wanted, actor=making.me(other), now=HOUR)

    press(page.locator("main form:has([name=instead])"))

    told(page, "This slot has just been taken. The others are up to date: choose one of them")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("main button[name=slot]").first.is_visible()


def test_the_back_button_tells_what_is_done_and_does_it_once(house: House, open_page: Open):
    an_agent()
    case = a_case("bookable", now=HOUR - timedelta(minutes=30))
    here, who = of(house, case)
    page = open_page("fr", *who)
    page.goto(f"{house.urls['portal']}{here}rendez-vous/")
    press(page.locator("main form:has(button[name=slot])").first, "button[name=slot]")
    press(page.locator("main form:has([name=instead])"))
    expect(page.get_by_role("heading", name="Votre rendez-vous")).to_be_visible()

    page.go_back()

    assert "Ce rendez-vous est déjà le vôtre" in words_of(page)
    assert page.locator("main form:has([name=instead])").count() == 0
    assert Entry.objects.filter(case=case, event="InterviewBooked").count() == 1


def test_a_visa_that_has_ended_is_told_at_its_date(house: House, open_page: Open):
    case, _waybill, _number = making.sent_out(house, an_agent())
    here, who = of(house, case)
    page = open_page("fr", *who)
    page.goto(f"{house.urls['portal']}{here}deux-obligations/")
    page.locator("main details:has([name=until]) > summary").click()
    picture = {"name": "visa.jpg", "mimeType": "image/jpeg", "buffer": building.a_jpeg()}
    page.locator("main [name=copy]").set_input_files(picture)

    fill(page, form="main form:has([name=until])", until="2026-03-01")

    told(page, "La date de fin du visa doit être dans le futur")
    at_the_field(page, "id_until", "2026-03-01")


def test_a_number_of_the_envelope_with_a_slip(house: House, open_page: Open):
    here, who = of(house, making.with_label())
    page = open_page("en", *who)
    page.goto(f"{house.urls['portal']}{here}envoi/")

    fill(page, form="main form:has([name=waybill])", waybill="3318810010")

    told(page, "check digit")
    at_the_field(page, "id_waybill", "3318810010")


def test_the_fifth_wrong_number_locks(house: House, open_page: Open):
    case, _waybill, number = making.sent_out(house, an_agent())
    making.with_security(case)
    making.after(case, *[e.WrongNumberEntered()] * 3)
    page = open_page("fr", house.applicant(case.applicant_sub, "reception"))
    page.goto(f"{house.urls['reception']}/passeports/{case.reference}/")

    for says in ("Il vous reste 1 essai avant", "La saisie est bloquée pendant 24 heures"):
        for box in page.locator("main form input[type=checkbox]").all():
            box.check(force=True)
        fill(page, number=number, security=SecurityNumber.draw().grouped)
        assert says in words_of(page)

    assert page.locator("main a[href^='mailto:']").is_visible()
    assert page.locator("main form").count() == 0


def test_a_photo_the_machine_finds_wrong_may_be_kept(house: House, open_page: Open):
    case = judged(building.a_draft(), "not_compliant")
    here, who = of(house, case)
    page = open_page("fr", *who)
    page.goto(f"{house.urls['portal']}{here}photo/")
    assert "La photo sera sans doute refusée" in words_of(page)

    page.locator(f"main .esc-main a[href='{here}timbre/']").click()

    expect(page).to_have_url(re.compile("/timbre/$"))


def test_with_keys_alone_a_mistake_is_found_and_mended(house: House, open_page: Open):
    """Tab goes forward through the page, shows where it is, and is held nowhere."""
    here, who = of(house, matched_in_the_register(house))
    page = open_page("en", *who)
    page.goto(f"{house.urls['portal']}{here}eligibilite/passeport/")
    page.locator("[name=issued_on]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("01/04/2020")
    page.keyboard.press("Tab")
    typed(page, "31/03/2016")

    expect(page.locator("#erreurs")).to_be_focused()
    stops = []
    while page.evaluate("document.activeElement !== document.body") and len(stops) < 60:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(STOP))
    *inside, _out = stops
    assert len(inside) < 59, "no trap"
    assert [stop["order"] for stop in inside] == sorted(stop["order"] for stop in inside)
    assert all(stop["ringed"] for stop in inside), [stop["name"] for stop in inside if not stop["ringed"]]

    at_the_field(page, "id_expires_on", "31/03/2016")
    typed(page, "31/03/2019")  # wrong again, from an address that now ends with the field
    expect(page.locator("#erreurs")).to_be_focused()
    at_the_field(page, "id_expires_on", "31/03/2019")
    typed(page, "31/03/2030")
    expect(page).to_have_url(re.compile("/eligibilite/situation/"))
