"""The pages of the two citizens' sites over a poor line: 400 kbit/s, 400 ms there and back, a phone four times slower.

    .venv/bin/python -m bench.line [--only /photo/]

Each page is opened by a browser that has never seen the site, then again by the same. Told of each: seconds until the
first text and until everything is there, and kilobytes by kind as they pass on the line. The limit is that of the line:
what the bytes alone would take is printed beside.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench import ground
from escale.stack import Stack
from tests.chromium import launch

BYTES_PER_SECOND = 50_000  # 400 kbit/s
LATENCY_MS = 400
SLOWER = 4
KINDS = {"Document": "page", "Stylesheet": "sheets", "Script": "scripts", "Font": "fonts", "Image": "pictures"}
FIRST_TEXT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
THERE = "performance.getEntriesByType('navigation')[0].loadEventEnd"


@dataclass
class Visit:
    """Seconds, and bytes by kind."""

    text: float
    there: float
    weights: dict[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        return sum(self.weights.values())


def opened(context: BrowserContext, url: str) -> Visit:
    """Open a page over the poor line, in a tab of its own."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    weights: dict[str, int] = defaultdict(int)

    def met(told: dict[str, Any]) -> None:
        kinds[told["requestId"]] = KINDS.get(told["type"], "other")

    def came(told: dict[str, Any]) -> None:
        weights[kinds.get(told["requestId"], "other")] += int(told["encodedDataLength"])

    line.on("Network.responseReceived", met)
    line.on("Network.loadingFinished", came)
    line.send("Network.enable")
    speed = {"downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND}
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **speed})
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    answer = page.goto(url, wait_until="load", timeout=120_000)
    if answer is None or answer.status != 200:
        raise SystemExit(f"{url} cannot be opened")
    page.wait_for_function(f"{THERE} > 0")
    page.wait_for_timeout(500)  # fonts asked for late
    visit = Visit(page.evaluate(FIRST_TEXT) / 1000, page.evaluate(THERE) / 1000, dict(weights))
    page.close()
    return visit


def both(browser: Browser, base: str, path: str, cookie: tuple[str, str]) -> tuple[Visit, Visit]:
    """A first visit and a second one by the same browser."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    if cookie[0]:
        context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": base}])
    found = opened(context, base + path), opened(context, base + path)
    context.close()
    return found


def told(visit: Visit) -> str:
    """One line."""
    kinds = ", ".join(f"{name} {size / 1000:.1f}" for name, size in sorted(visit.weights.items()) if size)
    least = visit.weight / BYTES_PER_SECOND
    return (
        f"text {visit.text:.1f} s, all {visit.there:.1f} s, {visit.weight / 1000:.0f} kB"
        f" ({least:.1f} s of line): {kinds}"
    )


def main() -> None:
    """Start the sites, open every page twice, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="pages whose address contains this")
    asked = parser.parse_args()
    print(ground.machine())
    first: list[Visit] = []
    again: list[Visit] = []
    with tempfile.TemporaryDirectory() as data, Stack(data, worker=False) as stack, sync_playwright() as playwright:
        env = {**stack.environment, "PYTHONPATH": f"{ground.ROOT}/src:{ground.ROOT}", "PYTHONWARNINGS": "ignore"}
        pages = json.loads(ground.run("-m", "bench.line_scene", env=env).splitlines()[-1])
        browser = launch(playwright, whole=True)
        for site, path, *cookie in pages:
            if asked.only not in path:
                continue
            cold, warm = both(browser, stack.urls[site], path, (cookie[0], cookie[1]))
            first.append(cold)
            again.append(warm)
            print(f"{site} {path}\n  first  {told(cold)}\n  again  {told(warm)}", flush=True)
        browser.close()
    for name, visits in (("first", first), ("again", again)):
        text, there = (sorted(getattr(one, what) for one in visits) for what in ("text", "there"))
        print(
            f"{name}: {len(visits)} pages, text {statistics.median(text):.1f} s (worst {text[-1]:.1f}), "
            f"all {statistics.median(there):.1f} s (worst {there[-1]:.1f}), "
            f"{statistics.median(one.weight for one in visits) / 1000:.0f} kB "
            f"(heaviest {max(one.weight for one in visits) / 1000:.0f})"
        )


if __name__ == "__main__":
    main()
