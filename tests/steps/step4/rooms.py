"""An interview about to begin in a running product, and what two browsers see of each other."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from escale.stack import Stack

NO_UDP = "--webrtc-ip-handling-policy=disable_non_proxied_udp"
DECODED = """async () => {
  const report = await window.escaleRoom.statistics();
  let video = 0, audio = 0;
  report.forEach((one) => {
    if (one.type === "inbound-rtp" && one.kind === "video") video = one.framesDecoded || 0;
    if (one.type === "inbound-rtp" && one.kind === "audio") audio = one.packetsReceived || 0;
  });
  return video > 10 && audio > 10;
}"""


@dataclass
class Scene:
    stack: Stack
    reference: str
    sessions: dict[str, str]

    def page(self, browser: Browser, site: str, path: str) -> Page:
        context = browser.new_context(locale="fr-FR")
        base = self.stack.urls[site]
        host = urlsplit(base).hostname
        context.add_cookies([{"name": f"escale_{site}", "value": self.sessions[site], "domain": host, "path": "/"}])
        page = context.new_page()
        page.goto(f"{base}{path}")
        return page

    def rehearse(self, browser: Browser, said: str) -> None:
        """The applicant's rehearsal ends with these words about the network."""
        page = self.page(browser, "portal", f"/demande/{self.reference}/essai/")
        page.get_by_role("button", name="Commencer l’essai").click()
        page.get_by_text(said).wait_for(timeout=45_000)
        page.close()

    def rooms(self, browsers: tuple[Browser, Browser]) -> tuple[Page, Page]:
        """The applicant's page of the room and the agent's, each in their browser."""
        citizen = self.page(browsers[0], "portal", f"/demande/{self.reference}/salle/")
        return citizen, self.page(browsers[1], "desk", f"/bureau/entretien/{self.reference}/")


def a_scene(stack: Stack, sub: str = "browser-applicant") -> Scene:
    """Two minutes before the interview of somebody; the product's clock is moved there."""
    seeded = subprocess.run(
        [sys.executable, "-m", "tests.steps.step4.seeding", sub],
        env={**stack.environment, "PYTHONPATH": os.pathsep.join([*sys.path, "src", "."])},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(seeded.stdout.splitlines()[-1])
    return Scene(stack, told["reference"], told["sessions"])


def let_in(agent: Page) -> None:
    """The agent declares, and lets the applicant in, without leaving the page."""
    agent.get_by_text("Je déclare ne pas connaître cette personne.").click()
    agent.get_by_role("button", name="Faire entrer et commencer").click()


def in_communication(page: Page) -> None:
    """Connected, with pictures decoded and sound received."""
    page.wait_for_selector('#salle[data-connection="connected"]', timeout=45_000)
    page.wait_for_function(DECODED, timeout=45_000)
