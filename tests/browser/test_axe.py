"""What is remembered from one page to the next spares axe a judgement, and hides nothing from it."""

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import objections
from tests.browser.house import chromium as chromium

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="fr"><title>Essai</title><main><h1>Essai</h1>
<p style="color: {}; background: {}">Une phrase</p></main></html>"""


def against(tab: Page, colour: str, ground: str, colours: set[str]) -> list[str]:
    tab.goto("about:blank")
    tab.set_content(PAGE.format(colour, ground))
    return [one for one in objections(tab, "essai", colours=colours) if "color-contrast" in one]


def test_colours_not_seen_yet_are_judged_whatever_came_before(chromium: Browser):
    tab, colours = chromium.new_page(), set[str]()

    assert not against(tab, "#161616", "#fff", colours)
    assert not against(tab, "#161616", "#fff", colours)
    assert against(tab, "#ccc", "#fff", colours)
    assert against(tab, "#161616", "#222", colours)
    tab.close()
