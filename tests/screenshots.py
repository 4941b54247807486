"""Pictures of the pages, for a person to look at: ``make screenshots``.

    python -m tests.screenshots [--out screenshots] [--only portal]

Every page and state of the three sites, at phone and desktop width, in French and in English: they are those that
``tests/browser`` visits, which writes them down on its way. ``index.html`` shows them all. ``--only simulators`` takes
the home of the simulated partners, and ``--only journey`` every kind of page met while a whole journey is played, in
its order; both start the whole stack.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver
from playwright.sync_api import Browser, Error, Page, Response, sync_playwright

from escale.stack import Stack
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES
from escale.storyteller.world import World
from tests.browser import sheet
from tests.chromium import launch
from tests.journeys.chromium import Chromium, kind_of_page

WIDTHS = {390: 844, 1280: 900}
LANGUAGES = ("fr", "en")
SITES = ("portal", "reception", "desk")
# Which file of tests visits which sites.
FILES = {"applicant": ("portal",), "later": ("portal", "reception"), "desk": ("desk",)}
SIMULATOR_PAGES = ["", "courriel/", "horloge/"]
MACHINE_PAGES = {"sante/", "session/", "connexion/retour", "deconnexion/"}  # nothing to see, or the end of the visit


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


def visit_the_sites(folder: Path, site: str | None) -> int:
    """Let the tests that visit every page take its picture. Returns how many there are."""
    files = [f"tests/browser/test_{name}.py" for name in FILES if site is None or site in FILES[name]]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-n", "2", "--dist", "loadfile", *files]
    done = subprocess.run(command, env={**os.environ, "ESCALE_PICTURES": str(folder.resolve())}, check=False)
    if done.returncode:
        print("some pages are not as they should be: see above; their pictures were taken all the same")
    return sheet.write(folder)


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
    parser.add_argument("--only", choices=[*SITES, "simulators", "journey"])
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
    options.out.mkdir(parents=True, exist_ok=True)
    if options.only in (None, *SITES):
        total = visit_the_sites(options.out, options.only)
    else:
        total = take_from_a_stack(options.out / options.only, options.only)
    print(f"{total} pictures in {options.out}; open {options.out / 'index.html'} to see those of the three sites")
    return 0 if total else 1


def take_from_a_stack(folder: Path, what: str) -> int:
    """Start everything, and take the simulators' pages or a journey. Returns how many pictures were kept."""
    with tempfile.TemporaryDirectory() as data, Stack(data) as stack, sync_playwright() as playwright:
        browser = launch(playwright, whole=True)
        if what == "journey":
            kept = journey(browser, stack, folder)
        else:
            kept, left = visit(browser, stack, what, SIMULATOR_PAGES, folder)
            print(*left, sep="\n")
        browser.close()
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
