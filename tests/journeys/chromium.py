"""A real browser in the hands of the people of a story, with each page shown to whoever wants to look at it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from bs4 import Tag
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page as Tab, Response

from escale.storyteller.browser import Lost, Page
from escale.storyteller.papers import File

PATIENCE = 30_000
"""Milliseconds for a page to answer."""

type Look = Callable[[Tab], None]


class Chromium:
    """The hands of one person: fills what they see, presses buttons, follows the scripts of the page."""

    def __init__(self, context: BrowserContext, look: Look) -> None:
        self.tab = context.new_page()
        self.tab.set_default_timeout(PATIENCE)
        self.look = look
        self.page: Page | None = None
        self.complaints: list[str] = []
        """What the browser complained of: scripts that failed, what the content policy refused."""
        self.tab.on("console", self._said)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("response", self._heard)
        self._status = 200

    def _said(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.complaints.append(f"{line.text} ({line.location.get('url', '')}, on {self.tab.url})")

    def _heard(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self.tab.main_frame:
            self._status = response.status

    def _see(self, status: tuple[int, ...]) -> Page:
        """Look at the page that is there now. Raises Lost on another status."""
        self.tab.wait_for_load_state("load")
        html = self.tab.content().encode()
        self.page = Page(self.tab.url, self._status, html, "text/html")
        if self._status not in status:
            raise Lost(f"{self.tab.url} answered {self._status}: {self.page.title} {self.page.text[:300]}")
        self.look(self.tab)
        return self.page

    def open(self, url: str, *, status: int = 200) -> Page:
        """Open an address. Raises Lost on another status."""
        self.tab.goto(url)
        return self._see((status,))

    def submit(
        self,
        form: Tag,
        values: dict[str, str | list[str]] | None = None,
        *,
        files: dict[str, File] | None = None,
        button: str = "",
        value: str = "",
        status: tuple[int, ...] = (200,),
    ) -> Page:
        """Fill a form with keyboard and mouse, press its button, wait until the page has taken it in."""
        where = self._find(form)
        for closed in where.locator("xpath=ancestor::details[not(@open)]/summary").all():
            self._press(closed)
        for name, given in (values or {}).items():
            for each in [given] if isinstance(given, str) else given:
                self._fill(where, name, each)
        for name, file in (files or {}).items():
            self._attach(where.locator(f'[name="{name}"]'), file)
        where.evaluate("form => form.dataset.sent = '1'")
        self._press(self._button(where, button, value))
        self.tab.locator("form[data-sent]").wait_for(state="detached")
        return self._see(status)

    def _press(self, control: Locator) -> None:
        control.click()

    def _attach(self, field: Locator, file: File) -> None:
        name, content, media = file
        payload = {"name": name, "mimeType": media, "buffer": content}
        field.set_input_files(payload)  # type: ignore[arg-type]  # a FilePayload

    def _find(self, form: Tag) -> Locator:
        """The form of the page that was read as ``form``."""
        if self.page is None:
            raise Lost("no page is open")
        places = [place for place, each in enumerate(self.page.soup.find_all("form")) if each is form]
        if not places:
            raise Lost(f"this form is not on « {self.page.title} » any more")
        return self.tab.locator("form").nth(places[0])

    def _fill(self, where: Locator, name: str, given: str) -> None:
        field = where.locator(f'[name="{name}"]')
        kind = field.first.evaluate("field => field.type")
        if kind == "radio":
            where.locator(f'[name="{name}"][value="{given}"]').check(force=True)
        elif kind == "checkbox":
            box = where.locator(f'[name="{name}"][value="{given}"]') if field.count() > 1 else field
            box.focus()
            if not box.is_checked():
                box.press("Space")
        elif kind == "select-one":
            field.select_option(given)
        elif kind != "hidden":
            field.fill(given)

    @staticmethod
    def _button(where: Locator, name: str, value: str) -> Locator:
        if name and value:
            return where.locator(f'button[name="{name}"][value="{value}"]')
        if name:
            return where.locator(f'button[name="{name}"]').first
        own = where.locator("button:not([formaction])")  # the others send the form elsewhere
        return own.and_(where.locator("button:not([type=button]):not([name]), button[type=submit]")).first


def kind_of_page(url: str) -> str:
    """The address of a page without what names a case, a parcel or a document."""
    path = re.sub(r"ESC-[A-Z0-9-]+|[0-9a-f-]{32,}|\d{6,}|[\w-]{40,}", "…", urlsplit(url).path)
    return f"{urlsplit(url).port} {path}"
