"""Debian's Chromium, or the one that CHROMIUM names, as every test of a browser starts it."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser, Playwright, expect

PATH = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# The same engine without the window around it, when it is there: a visit of a page takes a fifth less. It finds no way
# from one browser to another for a call.
BARE = os.environ.get("CHROMIUM_BARE", "/usr/bin/chromium-headless-shell")
INSTALLED = os.environ.get("NO_BROWSER") != "1" and Path(PATH).exists()
# Playwright's own list, which ours replaces, and at its end two pages behind the address bar that nobody
# sees, and that each window would load, for more processor than most pages under test take.
WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
)
# Made-up camera and microphone, given without a question, and calls that stay on this machine.
CALLS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
)

# What a page is expected to show comes later than Playwright's five seconds where three browsers share two cores.
expect.set_options(timeout=20_000)


def launch(playwright: Playwright, *more: str, whole: bool = False) -> Browser:
    """A browser of its own, with ``more`` flags; ``whole`` for two that call each other. The caller closes it."""
    path = BARE if not whole and Path(BARE).exists() else PATH
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *CALLS, *more])
