"""A state: one page of one site as somebody meets it, and how a browser gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import URLPattern, URLResolver
from playwright.sync_api import Locator, Page

from tests.browser.house import HOUR


@dataclass(frozen=True)
class State:
    """``name`` names its pictures. ``cookies``: who is signed in. ``act``: what is done once the page is open."""

    site: str
    name: str
    path: str
    cookies: tuple[dict[str, Any], ...] = ()
    now: datetime = HOUR
    act: Callable[[Page], None] | None = None
    status: int = 200


def press(form: Locator, button: str = "button:not([type=button])") -> None:
    """Press a form's button past the browser's own checks; come back when the answer is there."""
    for closed in form.locator("xpath=ancestor::details[not(@open)]/summary").all():
        closed.click()
    form.evaluate("form => { form.noValidate = true; form.dataset.sent = '1' }")
    form.locator(button).first.click()
    form.page.locator("form[data-sent]").wait_for(state="detached")


def send_empty(page: Page) -> None:
    """Send the first form of the page as it is, past the browser's own checks: what a hurried person does."""
    forms = page.locator("main form[method=post]")
    form = next(one for one in forms.all() if one.locator("input:not([type=hidden]), select, textarea").count())
    press(form, "button:not([type=button]):not([name])")


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")


def walk(patterns: Sequence[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of a table, with its route."""
    for pattern in patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$").removesuffix(r"\Z")
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield route, pattern
