"""What the tests of mistakes share: a window of somebody's, what a mistake is, and how a form is filled and sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from escale.ledger.models import Case
from tests.browser.house import HOUR, House
from tests.browser.states import press

type Cookie = dict[str, object]
FORM = "main form[method=post]"
WIDTH = {"fr": 390, "en": 1280}


@pytest.fixture(scope="module")
def windows(house: House, chromium: Browser) -> Iterator[dict[str, tuple[BrowserContext, list[Any]]]]:
    """One window of a browser by language, and its cookies before anybody signed in: style sheets are read once."""
    contexts = {name: house.context(chromium, language=name, width=width) for name, width in WIDTH.items()}
    yield {name: (context, context.cookies()) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def open_page(windows: dict[str, tuple[BrowserContext, list[Any]]]) -> Iterator[Callable[..., Page]]:
    """``open_page(language, *cookies)``: a phone in French, a desk in English."""
    pages = []

    def opened(language: str, *cookies: Cookie) -> Page:
        context, tongue = windows[language]
        context.clear_cookies()
        context.add_cookies([*tongue, *cookies])
        pages.append(context.new_page())
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


def of(house: House, case: Case) -> tuple[str, tuple[Cookie, ...]]:
    """Address of a case and who may open it."""
    return f"/demande/{case.reference}/", (house.applicant(case.applicant_sub),)


def words_of(page: Page) -> str:
    """What the page says, with plain spaces where typography wants others."""
    return " ".join(page.locator("main").inner_text().split())


@dataclass(frozen=True)
class Met:
    """``does``: what the person does on the page. ``says``: words of the answer, in the language of ``met``. ``kept``:
    fields and what is still in them. ``on``: where the link or the form that leads on leads."""

    path: str
    who: tuple[Cookie, ...]
    does: Callable[[Page], None]
    says: str
    kept: dict[str, str] = field(default_factory=dict)
    on: str = ""
    site: str = "portal"
    now: datetime = HOUR


type Make = Callable[[House], Met]
MISTAKES: list[tuple[str, Make]] = []


def met(language: str) -> Callable[[Make], Make]:
    """A mistake to be met once, in this language: on a phone in French, on a desk in English."""

    def kept(make: Make) -> Make:
        MISTAKES.append((language, make))
        return make

    return kept


def fill(page: Page, form: str = FORM, **typed: str) -> None:
    for name, value in typed.items():
        page.locator(f"main [name={name}]").fill(value)
    press(page.locator(form).first)


def choose(name: str, content: bytes, media: str, page: Page, *, named: str = "file") -> None:
    page.locator(f"main [name={named}]").first.set_input_files({"name": name, "mimeType": media, "buffer": content})
    page.locator(f"main form:has([name={named}]) button:not([type=button])").first.click()
