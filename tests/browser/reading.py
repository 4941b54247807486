"""What is asked of every page that was met. A file of pages gives ``seen`` and inherits these tests."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import nu
from tests.browser.crawl import Crawl, Seen
from tests.browser.house import House
from tests.browser.states import State


def visit(house: House, browser: Browser, states: list[State]) -> Seen:
    """Visit every state; pictures are taken when ESCALE_PICTURES names a folder for them."""
    folder = os.environ.get("ESCALE_PICTURES", "")
    return Crawl(house, browser, pictures=Path(folder) if folder else None).run(states)


class Reading:
    """Each list of ``seen`` says page, language and fault."""

    def test_every_page_opens(self, seen: Seen):
        assert not seen.failures, "\n".join(seen.failures)

    def test_axe_finds_nothing(self, seen: Seen):
        assert not seen.axe, "\n".join(seen.axe)

    def test_a_screen_reader_is_told_everything(self, seen: Seen):
        assert not seen.reader, "\n".join(seen.reader)

    def test_nothing_is_wider_than_the_window(self, seen: Seen):
        assert not seen.wide, "\n".join(seen.wide)

    def test_the_browser_complains_of_nothing(self, seen: Seen):
        assert not seen.console, "\n".join(seen.console)

    def test_the_html_is_valid(self, seen: Seen, tmp_path: Path):
        found = nu.errors(seen.html, tmp_path)
        assert not found, "\n".join(found)
