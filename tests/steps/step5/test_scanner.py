"""The dispatch bench with a scanner that types like a keyboard: what it reads, then Enter. The mouse is not touched."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from escale.case.values import Waybill
from escale.ledger.models import Case
from escale.people.models import Agent
from escale.ports.issuance import Title
from tests.browser.house import House, chromium as chromium, house as house
from tests.factories.cases import acting, an_agent
from tests.steps.step5.builders import at_post, produced
from tests.steps.step5.fakes import a_title

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BENCH = "/bureau/expeditions/"
COMING, THERE = a_title("26FR50001"), a_title("26FR50002")
LABELS = Waybill.dhl(500000001), Waybill.dhl(500000002)


def scan(page: Page, *lines: str) -> None:
    """A reader types each line wherever the caret is."""
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def caret(page: Page, name: str) -> None:
    expect(page.locator(f"[name={name}]")).to_be_focused()


class Bench(NamedTuple):
    """One passport on its way from the producer, one at the post."""

    coming: Case
    there: Case
    agent: Agent


@pytest.fixture(scope="module")
def cases(house: House) -> Bench:
    agent = an_agent()
    coming = produced(house.issuance, COMING, waybill=LABELS[0], sub="scan-1", now=house.now)
    there = at_post(house.issuance, acting(agent), THERE, waybill=LABELS[1], sub="scan-2", now=house.now)
    return Bench(coming, there, agent)


@pytest.fixture
def page(house: House, chromium: Browser, cases: Bench) -> Iterator[Page]:
    context = house.context(chromium, house.agent(cases.agent))
    page = context.new_page()
    yield page
    context.close()


def zone(title: Title) -> tuple[str, ...]:
    return tuple(title.mrz.splitlines())


def test_a_day_at_the_bench(house: House, page: Page, cases: Bench):
    coming, there, _agent = cases

    # arrival: number, then the two lines of the zone; the caret is ready for the next passport of the delivery
    page.goto(f"{house.urls['desk']}{BENCH}?poste=arrivee")
    caret(page, "arrivee-number")
    scan(page, COMING.number.text)
    caret(page, "arrivee-zone")
    scan(page, *zone(COMING))
    expect(page.get_by_text("Arrivé au poste")).to_contain_text(coming.reference)
    caret(page, "arrivee-number")
    coming.refresh_from_db()
    assert coming.dispatch == "at_post"

    # the label of another parcel: the bench stops aloud, and nothing has left
    page.goto(f"{house.urls['desk']}{BENCH}")
    caret(page, "expedition-number")
    scan(page, COMING.number.text)
    caret(page, "expedition-waybill")
    scan(page, LABELS[1].text)
    expect(page.get_by_role("alert")).to_contain_text("STOP. Cette étiquette n’est pas celle de ce passeport")
    coming.refresh_from_db()
    assert coming.dispatch == "at_post"

    # read again over what the refusal left, with a number that is no label's
    caret(page, "expedition-number")
    wrong = f"{LABELS[0].text[:-1]}{(int(LABELS[0].text[-1]) + 1) % 7}"
    scan(page, COMING.number.text, wrong)
    expect(page.get_by_text("Un chiffre du numéro de suivi est faux").first).to_be_visible()
    assert page.locator("[name=expedition-number]").input_value() == COMING.number.text

    # the right pair, the passport read by its whole zone
    caret(page, "expedition-number")
    scan(page, zone(COMING)[0])
    caret(page, "expedition-number")
    scan(page, zone(COMING)[1])
    caret(page, "expedition-waybill")
    scan(page, LABELS[0].text)
    expect(page.get_by_text("Pli prêt à remettre au transporteur")).to_contain_text(coming.reference)
    coming.refresh_from_db()
    assert coming.dispatch == "dispatched"

    # the same label again, on the next passport: it has served
    caret(page, "expedition-number")
    scan(page, THERE.number.text, LABELS[0].text)
    expect(page.get_by_role("alert")).to_contain_text("STOP. Cette étiquette a déjà servi.")
    there.refresh_from_db()
    assert there.dispatch == "at_post"

    # the file says where each of the four objects is
    page.goto(f"{house.urls['desk']}/bureau/dossiers/{coming.reference}/")
    page.locator("#etape-3 > summary").click()
    held = page.locator("#etape-3 dl").first
    for line in (
        "Photo d’identitéchez l’usager",
        "Étiquette d’envoi prépayéechez le transporteur",
        "Nouveau passeportchez le transporteur",
        "Ancien passeportchez l’usager",
    ):
        expect(held).to_contain_text(line)
