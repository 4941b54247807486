"""A person before a browser: opens pages, fills forms, signs in again when a session has ended."""

from __future__ import annotations

from typing import Protocol

from bs4 import Tag

from escale.storyteller.browser import Lost, Page
from escale.storyteller.papers import File
from escale.storyteller.world import World


class Hands(Protocol):
    """What a person needs of a browser: ours without JavaScript, or a real one driven from outside."""

    page: Page | None

    def open(self, url: str, *, status: int = 200) -> Page:
        """Open an address. Raises Lost on another status."""

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
        """Send a form. Raises Lost on another status."""


class Visitor:
    """One person on one of the sites. Rooms add what they can do there."""

    site = "portal"

    def __init__(self, world: World, hands: Hands, login: str) -> None:
        self.world = world
        self.hands = hands
        self.login = login

    @property
    def page(self) -> Page:
        """What is before their eyes."""
        if self.hands.page is None:
            raise Lost("no page is open")
        return self.hands.page

    def address(self, path: str, site: str = "") -> str:
        return f"{self.world.urls[site or self.site]}/{path}"

    def go(self, path: str, *, site: str = "") -> Page:
        """Open a page of a site; when it asks who we are, sign in and open it again."""
        page = self.hands.open(self.address(path, site))
        if self._asked_to_sign_in(page):
            self.sign_in(site or self.site)
            page = self.hands.open(self.address(path, site))
        return page

    def sign_in(self, site: str = "") -> Page:
        """Go through the identity provider of the site."""
        raise NotImplementedError

    def _asked_to_sign_in(self, page: Page) -> bool:
        return any(page.url.startswith(f"{self.world.urls[site]}/connexion/") for site in self.world.urls)

    def press(self, label: str, **values: str) -> Page:
        """Press the first button with these words on it, after filling fields by name. Raises Lost."""
        for form in self.page.soup.find_all("form"):
            for button in form.find_all("button"):
                if label.lower() in button.get_text(" ", strip=True).lower():
                    named = str(button.get("name") or "")
                    chosen: dict[str, str | list[str]] = dict(values)
                    return self.hands.submit(form, chosen, button=named, value=str(button.get("value") or ""))
        raise Lost(f"no button « {label} » on « {self.page.title} » ({self.page.url})")

    def succeeded(self, words: str) -> None:
        """The page says so. Raises Lost with what it says instead."""
        if words not in self.page.text:
            said = "; ".join(self.page.alerts) or self.page.text[:300]
            raise Lost(f"« {words} » is not said on « {self.page.title} » ({self.page.url}), but: {said}")
