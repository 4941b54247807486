"""A small browser without JavaScript: follows redirects between sites, fills forms by their names, keeps cookies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup, Tag


class Lost(Exception):
    """The page was not what the story expected: what was looked for, where, and what the page said."""


@dataclass
class Page:
    """One answer: where it came from, its status, its text."""

    url: str
    status: int
    body: bytes
    media_type: str
    soup: BeautifulSoup = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.soup = BeautifulSoup(self.body if "html" in self.media_type else "", "html.parser")

    @property
    def title(self) -> str:
        heading = self.soup.find("h1")
        return heading.get_text(" ", strip=True) if heading else self.url

    @property
    def text(self) -> str:
        main = self.soup.find("main") or self.soup
        return " ".join(main.get_text(" ", strip=True).split())

    @property
    def alerts(self) -> list[str]:
        """What the page says went wrong, or well."""
        found = self.soup.select(".fr-alert, .fr-error-text, .error, .fr-message--error, [role=alert]")
        return [" ".join(each.get_text(" ", strip=True).split()) for each in found]

    def form(self, *names: str, action: str = "") -> Tag:
        """The first form that has all these fields or buttons, and ``action`` in its address. Raises Lost."""
        for form in self.soup.find_all("form"):
            held = {each.get("name") for each in form.find_all(["input", "select", "textarea", "button"])}
            if set(names) <= held and action in str(form.get("action") or self.url):
                return form
        wanted = ", ".join(names) or action
        raise Lost(f"no form with « {wanted} » on « {self.title} » ({self.url}). {'; '.join(self.alerts)[:300]}")

    def has_form(self, *names: str, action: str = "") -> bool:
        try:
            self.form(*names, action=action)
        except Lost:
            return False
        return True

    def link(self, text: str = "", *, href: str = "") -> str:
        """Address of the first link with this text and address in it. Raises Lost."""
        for link in self.soup.find_all("a", href=True):
            if text.lower() in link.get_text(" ", strip=True).lower() and href in str(link["href"]):
                return urljoin(self.url, str(link["href"]))
        raise Lost(f"no link « {text or href} » on « {self.title} » ({self.url})")


def _defaults(form: Tag) -> dict[str, list[str]]:
    """What the form would send untouched."""
    values: dict[str, list[str]] = {}
    for each in form.find_all(["input", "textarea", "select"]):
        name, kind = each.get("name"), each.get("type", "text")
        if not name or each.has_attr("disabled") or kind in {"submit", "button", "file", "image"}:
            continue
        if kind in {"checkbox", "radio"} and not each.has_attr("checked"):
            continue
        if each.name == "textarea":
            value = each.get_text()
        elif each.name == "select":
            chosen = each.find("option", selected=True) or each.find("option")
            value = str(chosen.get("value", chosen.get_text())) if chosen else ""
        else:
            value = str(each.get("value", "on" if kind in {"checkbox", "radio"} else ""))
        values.setdefault(str(name), []).append(value)
    return values


class Browser:
    """One person's browser."""

    def __init__(self, language: str = "fr") -> None:
        self.client = httpx.Client(
            timeout=60, trust_env=False, headers={"Accept-Language": language, "User-Agent": "escale-journey"}
        )
        self.jars: dict[str, httpx.Cookies] = {}
        self.page: Page | None = None
        self.asked: list[str] = []
        """Every address asked for, redirects included."""

    def _send(self, method: str, url: str, **options: Any) -> Page:
        for _ in range(20):
            host = httpx.URL(url).netloc.decode()
            jar = self.jars.setdefault(host, httpx.Cookies())
            self.client.cookies = jar
            request = self.client.build_request(method, url, **options)
            self.asked.append(str(request.url))
            response = self.client.send(request)
            jar.update(response.cookies)
            self.jars[host] = jar
            if not response.is_redirect:
                media = response.headers.get("content-type", "")
                self.page = Page(str(response.url), response.status_code, response.content, media)
                return self.page
            url = urljoin(url, response.headers["location"])
            if response.status_code in {301, 302, 303}:
                method, options = "GET", {}
        raise Lost(f"too many redirects at {url}")

    def open(self, url: str, *, status: int = 200) -> Page:
        """GET a page. Raises Lost on another status."""
        page = self._send("GET", url)
        if page.status != status:
            raise Lost(f"{url} answered {page.status} instead of {status}: {page.title} {page.text[:200]}")
        return page

    def submit(
        self,
        form: Tag,
        values: dict[str, str | list[str]] | None = None,
        *,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        button: str = "",
        value: str = "",
        status: tuple[int, ...] = (200,),
    ) -> Page:
        """Send a form as filled: its own values, ``values`` over them, and the button pressed. Raises Lost."""
        if self.page is None:
            raise Lost("no page is open")
        data = _defaults(form)
        for name, given in (values or {}).items():
            data[name] = given if isinstance(given, list) else [given]
        if button:
            data[button] = [value or self._button_value(form, button)]
        address = urljoin(self.page.url, str(form.get("action") or self.page.url))
        here = urlsplit(self.page.url)
        referer = {"Referer": self.page.url, "Origin": f"{here.scheme}://{here.netloc}"}
        method = str(form.get("method", "get")).upper()
        if method == "GET":
            page = self._send("GET", str(httpx.URL(address, params=data)))
        elif files or form.get("enctype") == "multipart/form-data":
            parts = list((files or {}).items())
            page = self._send("POST", address, data=data, files=parts or [("", ("", b""))], headers=referer)
        else:
            page = self._send("POST", address, data=data, headers=referer)
        if page.status not in status:
            raise Lost(f"{address} answered {page.status}: {page.title} {page.text[:300]}")
        return page

    @staticmethod
    def _button_value(form: Tag, name: str) -> str:
        found = form.find(["button", "input"], attrs={"name": name})
        return str(found.get("value", "")) if found else ""
