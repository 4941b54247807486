"""The happy story in a real browser: an applicant on a phone and an agent at a desk, neither with a mouse. Axe reads
the partners' pages on the way: those of the sites are read in every state by tests/browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page as Tab, sync_playwright

from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES
from escale.storyteller.world import World
from tests.axe import objections
from tests.chromium import launch
from tests.journeys.chromium import kind_of_page
from tests.journeys.keyboard import Keyboard

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


class Reader:
    """Reads each kind of page of the partners once with axe, and remembers what it objects to."""

    def __init__(self, partners: str) -> None:
        self.partners = partners
        self.read: set[str] = set()
        self.objections: list[str] = []

    def __call__(self, tab: Tab) -> None:
        if not tab.url.startswith(self.partners):
            return
        kind = f"{kind_of_page(tab.url)} {tab.locator('h1').first.inner_text()}"
        if kind not in self.read:
            self.read.add(kind)
            self.objections += objections(tab, kind)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reader(world: World) -> Reader:
    return Reader(world.urls["simulators"])


@pytest.fixture(scope="module")
def hands() -> dict[str, Keyboard]:
    return {}


@pytest.fixture(scope="module")
def play(chromium: Browser, world: World, reader: Reader, hands: dict[str, Keyboard]) -> Iterator[Play]:
    """The happy story with two browsers: what the world does is done beside them, on the simulators' pages."""
    contexts = {
        role: chromium.new_context(viewport=size, locale="fr-FR", permissions=["camera", "microphone"])
        for role, size in (("applicant", PHONE), ("agent", DESK))
    }

    def give(role: str) -> Keyboard:
        hands[role] = Keyboard(contexts[role], reader)
        return hands[role]

    yield Play(world, STORIES["happy"].cast, hands=give)
    for context in contexts.values():
        context.close()


@pytest.fixture(scope="module")
def told(play: Play) -> Play:
    """The story, played to its checked end."""
    STORIES["happy"].play(play)
    return play


def test_the_happy_story_ends_well_in_a_real_browser(told: Play, world: World):
    assert world.title_words(told.ref) == "valide"


@pytest.mark.parametrize(("role", "stops"), [("applicant", 300), ("agent", 200)])
def test_nobody_needs_a_mouse_and_each_sees_where_they_are(
    told: Play, hands: dict[str, Keyboard], role: str, stops: int
):
    """From the first page to the last duty, from the sign-in to the decision and the bench: with Tab alone."""
    assert hands[role].stops > stops
    assert not hands[role].unseen, "\n".join(sorted(hands[role].unseen))


def test_axe_objects_to_no_page_of_a_partner(told: Play, reader: Reader):
    assert len(reader.read) >= 4, reader.read
    assert not reader.objections, "\n".join(reader.objections)


def test_the_browser_complains_of_nothing(told: Play, hands: dict[str, Keyboard]):
    """No script fails, nothing is refused by the content policy. The end of a room is told to its script by 410."""
    complaints = [
        f"{role}: {complaint}"
        for role, one in hands.items()
        for complaint in one.complaints
        if not ("410 (Gone)" in complaint and "/messages/" in complaint)
    ]

    assert not complaints, "\n".join(complaints)
