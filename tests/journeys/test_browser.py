"""The happy story in a real browser: an applicant with a phone, an agent at a desk, every page read by axe."""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page as Tab, sync_playwright

from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES
from escale.storyteller.world import World
from tests.journeys.chromium import FLAGS, Chromium, kind_of_page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# The design system draws icons and the underline of links as background images, behind which axe cannot measure a
# contrast. They are taken away, and a link that was underlined so is underlined by the browser instead.
PLAIN = """() => {
  for (const link of document.querySelectorAll('a[href]')) {
    if (getComputedStyle(link).backgroundImage !== 'none') link.style.textDecoration = 'underline';
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*,*::before,*::after{background-image:none!important}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
# What a machine cannot judge and a person has: a call between two people is live and kept nowhere, so that it has no
# captions to offer; both can write to each other beside it.
LIVE = {("video-caption", "data-part")}
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Reader:
    """Reads each kind of page once with axe, and remembers what it objects to."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.objections: list[str] = []

    def __call__(self, tab: Tab) -> None:
        kind = f"{kind_of_page(tab.url)} {tab.locator('h1').first.inner_text()}"
        if kind in self.read:
            return
        self.read.add(kind)
        tab.evaluate(PLAIN)
        found = Axe().run(tab, options=OPTIONS).response
        for level in ("violations", "incomplete"):
            for rule in found[level]:
                seen = [node for node in rule["nodes"] if not _live(rule["id"], node["html"])]
                if not seen:
                    continue
                nodes = "\n    ".join(f"{node['html'][:200]} {_why(node)}" for node in seen[:3])
                self.objections.append(f"{level}: {rule['id']} ({rule['help']}) on {kind}\n    {nodes}")


def _live(rule: str, html: str) -> bool:
    return any(rule == name and mark in html for name, mark in LIVE)


def _why(node: dict[str, list[dict[str, str]]]) -> str:
    return "; ".join(check["message"] for part in ("any", "all", "none") for check in node[part])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def hands() -> dict[str, Chromium]:
    return {}


@pytest.fixture(scope="module")
def play(chromium: Browser, world: World, reader: Reader, hands: dict[str, Chromium]) -> Iterator[Play]:
    """The happy story with two browsers: what the world does is done beside them, on the simulators' pages."""
    contexts = {
        role: chromium.new_context(viewport=size, locale="fr-FR", permissions=["camera", "microphone"])
        for role, size in (("applicant", PHONE), ("agent", DESK))
    }

    def give(role: str) -> Chromium:
        hands[role] = Chromium(contexts[role], reader)
        return hands[role]

    yield Play(world, STORIES["happy"].cast, hands=give)
    for context in contexts.values():
        context.close()


def test_the_happy_story_ends_well_in_a_real_browser(play: Play):
    STORIES["happy"].play(play)


def test_axe_objects_to_no_page(play: Play, reader: Reader):
    assert len(reader.read) > 40
    assert not reader.objections, "\n".join(reader.objections)


def test_the_browser_complains_of_nothing(play: Play, hands: dict[str, Chromium]):
    """No script fails, nothing is refused by the content policy."""
    complaints = [f"{role}: {complaint}" for role, one in hands.items() for complaint in one.complaints]

    assert not complaints, "\n".join(complaints)
