"""The desk in a real browser: every page read by axe in both languages, in the dark, and by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

import pypdfium2
import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from escale import clock
from escale.case.values import Waybill
from escale.desk import service
from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.people.models import Agent
from escale.steps.step3_posted_items import service as posting, service_label
from escale.ui.sessions import SessionStore
from tests.axe import objections
from tests.chromium import launch
from tests.factories.cases import a_case, acting, an_agent
from tests.screenshots import plain_addresses
from tests.steps.step2 import building
from tests.steps.step2.fakes import FakeStamps
from tests.steps.step3.fakes import FakeCourier
from tests.steps.step5.builders import at_post
from tests.steps.step5.fakes import FakeIssuance

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FILE = "bureau/dossiers/{}/"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@dataclass
class Scene:
    """Cases at every gate, a supervisor, and the address where the desk answers."""

    url: str
    supervisor: Agent
    submitted: Case
    received: Case
    booked: Case
    held: Case
    on_bench: Case
    dispatched: Case

    def addresses(self) -> list[str]:
        """Every page of the desk that can be opened, the cases' own included."""
        table = import_module(django_settings.SITE_URLCONFS["desk"]).urlpatterns
        cases = [self.submitted, self.received, self.booked, self.held, self.on_bench, self.dispatched]
        return [
            *dict.fromkeys(plain_addresses(table)),
            *(FILE.format(case.reference) for case in cases),
            f"bureau/courrier/{self.received.reference}/controle/",
            *(f"bureau/entretien/{case.reference}/" for case in (self.booked, self.held)),
            f"bureau/equipe/{an_agent().pk}/",
            f"bureau/dossiers/{self.submitted.reference}/foyer/",
            "connexion/?confirmer=1",
            "bureau/dossiers/?file=miens",
            "bureau/introuvable/",
        ]


@pytest.fixture
def scene(live_server, settings, stamps: FakeStamps, courier: FakeCourier, issuance: FakeIssuance) -> Scene:
    settings.SITES = {**settings.SITES, "desk": live_server.url}
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    now, supervisor = clock.now(), an_agent("supervisor", usual_name="Caron")
    received = a_case("accepted", sub="s1", now=now)
    me = applicant("s1")
    service_label.generate_label(case_id=received.id, actor=me, now=now)
    posting.announce(case_id=received.id, carrier="dhl", waybill=Waybill.dhl(331881055).text, actor=me, now=now)
    posting.receive(case_id=received.id, actor=acting(supervisor), now=now)
    for number in range(3):
        service.add_note(received.id, text=f"Note {number}", actor=acting(supervisor), now=now)
    service.take(received.id, actor=acting(supervisor), now=now)
    submitted = building.submitted()
    Case.objects.filter(pk__in=[received.pk, submitted.pk]).update(household_key="elm")
    submitted.refresh_from_db()
    return Scene(
        live_server.url,
        supervisor,
        submitted,
        received,
        a_case("booked", now=now),
        a_case("held", now=now),
        at_post(issuance, acting(supervisor)),
        a_case("delivered", now=now),
    )


type SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(chromium: Browser, scene: Scene) -> Iterator[SignIn]:
    """A page of the browser, signed in on the desk."""
    opened: list[BrowserContext] = []

    def open_page(*, language: str = "fr", width: int = 1280, dark: bool = False) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale=language, color_scheme="dark" if dark else "light"
        )
        opened.append(context)
        session = SessionStore()
        session["actor"], session["name"] = {"kind": "agent", "id": scene.supervisor.pk}, str(scene.supervisor)
        session["authenticated_at"] = clock.now().isoformat()
        session.save()
        cookies = {"escale_desk": session.session_key, django_settings.LANGUAGE_COOKIE_NAME: language}
        context.add_cookies([{"name": name, "value": value, "url": scene.url} for name, value in cookies.items()])
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


def read(tab: Page, scene: Scene, addresses: list[str]) -> list[str]:
    """What axe, or the browser's own console, has against these pages."""
    found: list[str] = []
    tab.on("console", lambda line: found.append(f"{tab.url}: {line.text}") if "Security Policy" in line.text else None)
    visited = 0
    for address in addresses:
        url = f"{scene.url}/{address}"
        if tab.request.get(url).status == 405:  # for forms alone
            continue
        answer = tab.goto(url)
        assert answer is not None
        assert answer.status in (200, 404), f"{address}: {answer.status}"
        visited += 1
        wide = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append(f"/{address}: {wide} px wider than the window")
        found += objections(tab, f"/{address}")
    assert visited >= len(addresses) - 3
    return found


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways_at_four_and_two_times_the_size(scene: Scene, sign_in: SignIn, width: int):
    """A window of 1280 px enlarged four times shows 320 px of page (WCAG 2.2, 1.4.10)."""
    tab = sign_in(width=width)
    cases = (scene.submitted, scene.received, scene.booked)
    pages = [
        "bureau/",
        "bureau/dossiers/",
        "bureau/dossiers/?file=enveloppes&pris=personne&ordre=echeance",
        "bureau/courrier/",
        f"bureau/courrier/{scene.received.reference}/controle/",
        f"bureau/dossiers/{scene.submitted.reference}/foyer/",
        f"bureau/equipe/{an_agent().pk}/",
        "bureau/equipe/",
        "bureau/poste/",
        *(FILE.format(case.reference) for case in cases),
    ]

    wider = {}
    for page in pages:
        answer = tab.goto(f"{scene.url}/{page}")
        assert answer is not None
        assert answer.status == 200, page
        over = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wider[page] = over
    assert wider == {}


def test_nor_in_the_dark(scene: Scene, sign_in: SignIn):
    tab = sign_in(dark=True)
    pages = ["bureau/", "bureau/dossiers/", FILE.format(scene.received.reference), "bureau/statistiques/"]

    found = read(tab, scene, pages)

    assert tab.evaluate("document.documentElement.dataset.frTheme") == "dark"
    assert found == []


def test_keys_move_tick_and_never_decide(scene: Scene, sign_in: SignIn):
    tab = sign_in()
    tab.goto(f"{scene.url}/{FILE.format(scene.received.reference)}")
    focused = "document.activeElement"

    tab.keyboard.press("j")
    assert tab.evaluate(f"{focused}.closest('details').id") == "etape-3"
    tab.keyboard.press("j")
    assert tab.evaluate(f"{focused}.type") == "checkbox"
    first = tab.evaluate(f"{focused}.id")
    tab.keyboard.press("v")
    assert tab.locator(f"#{first}").is_checked()
    assert tab.evaluate(f"{focused}.type") == "checkbox"
    assert tab.evaluate(f"{focused}.id") != first
    tab.keyboard.press("k")
    assert tab.evaluate(f"{focused}.id") == first
    tab.keyboard.press("r")
    assert tab.evaluate(f"{focused}.closest('form').action").endswith("/remplacement/")
    assert tab.evaluate(f"{focused}.closest('details').open") is True
    tab.keyboard.type("vjk")  # letters typed in a field are letters
    assert tab.url.endswith(f"{scene.received.reference}/")
    scene.received.refresh_from_db()
    assert scene.received.posted_items == "received"


def test_keys_find_the_button_the_lines_and_the_search(scene: Scene, sign_in: SignIn):
    tab = sign_in()
    tab.goto(f"{scene.url}/{FILE.format(scene.submitted.reference)}")
    tab.keyboard.press("a")  # nothing is there to say that all is right: the machine could not read the page
    assert tab.evaluate("document.activeElement === document.body")

    tab.goto(f"{scene.url}/bureau/dossiers/")
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    assert tab.evaluate("document.activeElement === document.querySelectorAll('.desk-rows tbody a')[1]")
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.type") == "search"


def test_the_help_opens_and_turns_keys_off(scene: Scene, sign_in: SignIn):
    tab = sign_in()
    tab.goto(f"{scene.url}/bureau/dossiers/")
    help_ = tab.locator("#raccourcis-aide")

    tab.keyboard.press("?")
    assert help_.is_visible()
    # What lies under a dialog does not count for its contrast, but axe counts it.
    tab.evaluate("document.querySelectorAll('header, main, footer').forEach(it => it.style.visibility = 'hidden')")
    assert objections(tab, "help", within="#raccourcis-aide") == []
    tab.evaluate("document.querySelectorAll('header, main, footer').forEach(it => it.style.visibility = '')")
    tab.get_by_label("Raccourcis activés sur cet appareil").uncheck(force=True)
    tab.keyboard.press("Escape")
    assert not help_.is_visible()
    tab.keyboard.press("j")
    assert tab.evaluate("document.activeElement.closest('.desk-rows tbody')") is None
    tab.reload()
    tab.keyboard.press("?")
    assert not help_.is_visible()
    tab.get_by_role("button", name="Raccourcis clavier").click()
    assert help_.is_visible()


def test_printing_leaves_paper_light_and_whole(scene: Scene, sign_in: SignIn):
    tab = sign_in(dark=True)
    tab.goto(f"{scene.url}/{FILE.format(scene.received.reference)}")
    tab.emulate_media(media="print")

    assert not tab.locator("#raccourcis").is_visible()
    assert not tab.get_by_role("button", name="Prendre ce dossier").is_visible()
    history = tab.locator(".desk-scroll")
    assert history.evaluate("it => it.scrollHeight <= it.clientHeight + 1")


def test_what_is_printed_says_whose_it_is_and_of_when(scene: Scene, sign_in: SignIn) -> None:
    tab, file = sign_in(), FILE.format(scene.submitted.reference)
    controls = (
        "Se déconnecter",
        "Raccourcis clavier",
        "Accepter la demande",
        "Envoyer les remarques",
        "Ajouter la note",
    )

    for address, whose in (
        (file, scene.submitted.reference),
        ("bureau/agenda/", "Consulat général de France à Toronto"),
    ):
        tab.goto(f"{scene.url}/{address}")
        sheets = [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(tab.pdf(format="A4"))]
        for number, text in enumerate(sheets, start=1):
            foot = re.search(rf"{re.escape(whose)} · .* à \d\d:\d\d \(Toronto\)", text)
            assert foot, text
            assert f"{number} / {len(sheets)}" in text
            assert len(text.replace(foot[0], "").strip()) > 40, "a sheet for nothing"
            assert [word for word in controls if word in text] == []
