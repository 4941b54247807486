"""Pictures of the pages, for a person to look at: ``make screenshots``.

    python -m tests.screenshots [--out screenshots] [--only portal]

Starts the whole stack on free ports and visits every address of the three sites that takes no argument, and the home
of the simulated partners, at phone and desktop width, in French and in English. A page that answers with an error, or
that leads elsewhere, is said and not kept. Partners' callbacks are left out. The desk is seen by a supervisor.
Then a whole journey is played, and every kind of page that its applicant (on a phone) and its agent meet is taken.
"""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.urls import URLPattern, URLResolver
from playwright.sync_api import Browser, Error, Page, Response, sync_playwright

from escale.stack import Stack
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES
from escale.storyteller.world import World
from tests.journeys.chromium import FLAGS as JOURNEY_FLAGS, Chromium, kind_of_page

WIDTHS = {390: 844, 1280: 900}
LANGUAGES = ("fr", "en")
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# Who is signed in while a site's pages are taken: a supervisor sees the whole desk.
SIGNED_IN = {"desk": "dominique"}
SIMULATOR_PAGES = ["", "courriel/", "horloge/"]
MACHINE_PAGES = {"sante/", "connexion/retour", "deconnexion/"}  # nothing to see, or the end of the visit


def plain_addresses(patterns: Sequence[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Addresses without an argument, in the order of the table."""
    for pattern in patterns:
        address = before + str(pattern.pattern).lstrip("^").rstrip("$").removesuffix(r"\Z")
        if re.search(r"[<(]", address):
            continue
        if isinstance(pattern, URLResolver):
            yield from plain_addresses(pattern.url_patterns, address)
        elif address not in MACHINE_PAGES and getattr(pattern.callback, "guard", "") != "partner":
            yield address


def pages() -> dict[str, list[str]]:
    """Addresses to visit, by site."""
    django.setup()
    found = {
        site: list(dict.fromkeys(plain_addresses(import_module(module).urlpatterns)))
        for site, module in settings.SITE_URLCONFS.items()
    }
    return {**found, "simulators": SIMULATOR_PAGES}


def visit(browser: Browser, stack: Stack, site: str, addresses: Sequence[str], folder: Path) -> tuple[int, list[str]]:
    """Take the pictures of one site. Returns how many were kept, and what was left out with its reason."""
    folder.mkdir(parents=True, exist_ok=True)
    base = stack.urls[site]
    kept, left = 0, {}
    for language in LANGUAGES:
        for width, height in WIDTHS.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
            context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": base}])
            page = context.new_page()
            if site in SIGNED_IN:
                sign_in(page, base, SIGNED_IN[site])
            for address in addresses:
                answer = _open(page, f"{base}/{address}")
                if answer is None or answer.status >= 400 or page.url.rstrip("/") != f"{base}/{address}".rstrip("/"):
                    status = answer.status if answer else "no page"
                    left[address] = f"left out: /{address} ({status}, {page.url.removeprefix(base)})"
                    continue
                name = address.strip("/").replace("/", "-") or "home"
                page.screenshot(path=folder / f"{name}-{language}-{width}.png", full_page=True)
                kept += 1
            context.close()
    return kept, list(left.values())


def journey(browser: Browser, stack: Stack, folder: Path) -> int:
    """Take every kind of page met in the happy story, in its order. Returns how many pictures were kept."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()

    def look(page: Page) -> None:
        title = page.locator("h1").first.inner_text()
        name = re.sub(r"\W+", "-", f"{kind_of_page(page.url).partition(' ')[2]} {title}".lower()).strip("-")[:80]
        if name not in seen:
            seen.add(name)
            page.screenshot(path=folder / f"{len(seen):03d}-{name}.png", full_page=True)

    def hands(role: str) -> Chromium:
        width = 390 if role == "applicant" else 1280
        context = browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]}, locale="fr-FR", permissions=["camera", "microphone"]
        )
        return Chromium(context, look)

    with World(stack.urls) as world:
        story = STORIES["happy"]
        story.play(Play(world, story.cast, hands=hands))
    return len(seen)


def sign_in(page: Page, base: str, login: str) -> None:
    """Go through the simulated ProConnect as an invented agent: by name where people are offered, else on."""
    page.goto(f"{base}/connexion/")
    page.locator("main form button").first.click()
    for _ in range(5):
        if page.url.startswith(base):
            return
        person = page.locator(f"button[name=login][value={login}]")
        (person if person.count() else page.locator("form button").first).click()
    raise AssertionError(f"signing in as {login} ended at {page.url}")


def _open(page: Page, url: str) -> Response | None:
    """The answer to opening an address; None when it has nothing to show, as an error without a page."""
    try:
        return page.goto(url)
    except Error:
        return None


def main(arguments: Sequence[str]) -> int:
    """Take every picture. Returns the exit status: 1 when not one page could be kept."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", choices=["portal", "reception", "desk", "simulators", "journey"])
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
    total = 0
    with tempfile.TemporaryDirectory() as data, Stack(data) as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=[*FLAGS, *JOURNEY_FLAGS])
        for site, addresses in pages().items():
            if options.only in (None, site):
                kept, left = visit(browser, stack, site, addresses, options.out / site)
                total += kept
                print(f"{site}: {kept} pictures in {options.out / site}", *left, sep="\n  ")
        if options.only in (None, "journey"):
            kept = journey(browser, stack, options.out / "journey")
            total += kept
            print(f"journey: {kept} pictures in {options.out / 'journey'}")
        browser.close()
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
