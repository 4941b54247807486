"""One visit of every state: pictures, the HTML that was served, and what axe and a screen reader would object to."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page, Response

from tests.axe import BY_WIDTH, objections
from tests.browser import aria
from tests.browser.house import House
from tests.browser.states import State

LANGUAGES = ("fr", "en")
NARROW, PHONE, WIDE = 320, 390, 1280
HEIGHT = 900
# A call is live and kept nowhere: both sides can write beside it, and there are no captions to offer.
LIVE = frozenset({"video-caption"})
OVERFLOW = """() => {
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over <= 0) return '';
  const out = (one) => one.getBoundingClientRect().right > innerWidth + 1;
  const wide = [...document.querySelectorAll('main *')].find(out);
  return `${over} px wider than the window: ${(wide || document.body).outerHTML.slice(0, 120)}`;
}"""


def name_of(site: str, url: str) -> str:
    """Name of the page an address leads to; nothing when it leads nowhere."""
    try:
        return resolve(urlsplit(url).path, settings.SITE_URLCONFS[site]).url_name or ""
    except Resolver404:
        return ""


def _page(state: State) -> tuple[str, str]:
    return state.site, name_of(state.site, state.path)


@dataclass
class Seen:
    """What the visit brought home. Each list holds sentences that begin with the state and its language."""

    html: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    reader: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


class Crawl:
    """``pictures``: a folder for them, or None to take none.

    Every page is visited in both languages. With pictures every state of it is, too; without, states of one page take
    the languages in turn, which halves the time and leaves out no template, no state and no language of a page.
    """

    def __init__(self, house: House, browser: Browser, *, pictures: Path | None) -> None:
        self.house, self.browser, self.pictures = house, browser, pictures
        self.seen = Seen()
        self._last: Response | None = None
        self._colours: set[str] = set()

    def run(self, states: Iterable[State]) -> Seen:
        states = list(states)
        doubles = {state.name for state in states if [one.name for one in states].count(state.name) > 1}
        assert not doubles, f"two states of one name: {doubles}"
        for language in LANGUAGES:
            context = self.house.context(self.browser, language=language, width=WIDE)
            tongue = context.cookies()
            page = context.new_page()
            session = context.new_cdp_session(page)
            page.on("console", lambda line: self._said(line, language))  # noqa: B023 - the page ends with the loop
            page.on("response", self._heard)
            for state in self._told_in(language, states):
                self._visit(state, language, context, tongue, page, session)
            context.close()
        return self.seen

    def _told_in(self, language: str, states: list[State]) -> Iterator[State]:
        pages = Counter(_page(state) for state in states)
        # One page begins in French, the next in English: else every second state, often that in error, would be French.
        turns = dict(zip(pages, itertools.cycle((0, 1)), strict=False))
        for state in states:
            page = _page(state)
            turns[page] += 1
            if self.pictures is not None or pages[page] == 1 or LANGUAGES[turns[page] % 2] == language:
                yield state

    def _said(self, line: ConsoleMessage, language: str) -> None:
        # That a page answers 404 or 409 is no fault: states say which status they expect.
        if line.type == "error" and "the server responded with a status of" not in line.text:
            self.seen.console.append(f"{language}: {line.text} ({line.location.get('url', '')})")

    def _heard(self, response: Response) -> None:
        request = response.request
        if not request.is_navigation_request() or 300 <= response.status < 400:
            return
        if request.frame.parent_frame is None:
            self._last = response

    def _visit(
        self,
        state: State,
        language: str,
        context: BrowserContext,
        tongue: list[dict[str, object]],
        page: Page,
        session: CDPSession,
    ) -> None:
        where = f"{state.site}/{state.name} ({language})"
        self.house.now = state.now
        context.clear_cookies()
        context.add_cookies([*tongue, *state.cookies])  # type: ignore[list-item]  # plain dictionaries are taken
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        self._last = None
        page.goto(f"{self.house.urls[state.site]}{state.path}")
        if state.act is not None:
            state.act(page)
            page.wait_for_load_state("load")
        answer = self._last
        assert answer is not None, where
        if answer.status != state.status:
            self.seen.failures.append(f"{where}: {page.url} answered {answer.status}: {page.title()}")
            return
        self.seen.html[f"{state.site}-{state.name}-{language}"] = answer.text()
        wanted, came = name_of(state.site, state.path), name_of(state.site, page.url)
        if state.act is None and wanted != came:
            self.seen.failures.append(f"{where}: {wanted} led to {came}")
        self.seen.reader += [f"{where}: {one}" for one in aria.complaints(page, session, language=language)]
        self._look(state, language, where, page)

    def _look(self, state: State, language: str, where: str, page: Page) -> None:
        """Pictures and width first, since axe is shown a page made plain. It reads all of the wide one."""
        if self.pictures is not None:
            for width in (WIDE, PHONE):
                page.set_viewport_size({"width": width, "height": HEIGHT})
                folder = self.pictures / state.site
                folder.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=folder / f"{state.name}-{language}-{width}.png", full_page=True)
        judged = LIVE if page.locator("video").count() else frozenset[str]()
        page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        wide = page.evaluate(OVERFLOW)
        if wide:
            self.seen.wide.append(f"{where}, {NARROW} px: {wide}")
        self.seen.axe += objections(page, f"{where}, {NARROW} px", judged=judged, rules=BY_WIDTH)
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        self.seen.axe += objections(page, f"{where}, {WIDE} px", judged=judged, colours=self._colours)
