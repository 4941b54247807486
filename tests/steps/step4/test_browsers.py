"""Two real browsers with made-up cameras see and hear each other through the product, and find each other again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from escale.stack import Stack
from tests.chromium import INSTALLED, launch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED, reason="no Chromium here, or left out with NO_BROWSER=1"),
]
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


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with Stack(tmp_path_factory.mktemp("stack"), mode="test", demo=False) as stack:
        seeded = subprocess.run(
            [sys.executable, "-m", "tests.steps.step4.seeding"],
            env={**stack.environment, "PYTHONPATH": os.pathsep.join([*sys.path, "src", "."])},
            capture_output=True,
            text=True,
            check=True,
        )
        told = json.loads(seeded.stdout.splitlines()[-1])
        yield Scene(stack, told["reference"], told["sessions"])


@pytest.fixture(scope="module")
def browsers() -> Iterator[tuple[Browser, Browser]]:
    with sync_playwright() as playwright:
        made = [launch(playwright) for _ in range(2)]
        yield made[0], made[1]
        for browser in made:
            browser.close()


def in_communication(page: Page) -> None:
    """Connected, with pictures decoded and sound received."""
    page.wait_for_selector('#salle[data-connection="connected"]', timeout=45_000)
    page.wait_for_function(DECODED, timeout=45_000)


def test_two_browsers_meet_speak_part_and_meet_again(scene: Scene, browsers: tuple[Browser, Browser]):
    problems: list[str] = []
    citizen = scene.page(browsers[0], "portal", f"/demande/{scene.reference}/salle/")
    agent = scene.page(browsers[1], "desk", f"/bureau/entretien/{scene.reference}/")
    for page in (citizen, agent):
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)

    # given: both wait, and nothing passes before the agent lets the applicant in
    citizen.get_by_text("Vous êtes dans la salle d’attente").wait_for()
    agent.get_by_text("L’autre personne est là.").wait_for(timeout=30_000)
    assert citizen.locator("#salle").get_attribute("data-connection") is None

    # when: the agent declares and lets in, without leaving the page
    agent.get_by_text("Je déclare ne pas connaître cette personne.").click()
    agent.get_by_role("button", name="Faire entrer et commencer").click()

    # then: they see and hear each other
    in_communication(citizen)
    in_communication(agent)
    agent.get_by_text("Contrôles").first.wait_for()

    # the challenge is drawn large on both screens
    agent.get_by_role("button", name="Tirer un défi").click()
    drawn = agent.locator("#fiche .step4-challenge").inner_text()
    citizen.locator('#salle [data-part="challenge"]', has_text=drawn).wait_for()
    agent.get_by_role("button", name="Réussi").click()
    agent.get_by_text("réussi").first.wait_for()
    in_communication(agent)

    # the second device: its page needs no account, and the circle closes in the room
    agent.get_by_role("button", name="Défi du second appareil").click()
    code = citizen.locator('[data-part="device-code"]')
    code.wait_for(timeout=30_000)
    phone = browsers[0].new_context(locale="fr-FR").new_page()
    phone.goto(f"{scene.stack.urls['portal']}/presence/#{code.inner_text()}")
    assert phone.url.endswith("/presence/")
    phone.get_by_role("button", name="Voir le nombre").click()
    citizen.get_by_label("Nombre affiché sur l’autre appareil").fill(phone.locator(".step4-answer").inner_text())
    citizen.get_by_role("button", name="Valider").click()
    agent.get_by_text("Prenez un second appareil, un téléphone par exemple. — réussi").wait_for(timeout=30_000)

    # a still: told on the applicant's screen, then taken and shown to the agent; a verdict not yet sent stays
    agent.keyboard.press("v")  # the first control of the sheet without a verdict
    assert agent.evaluate("document.activeElement.name") == "face_photo"  # and on to the next
    agent.get_by_role("button", name="Image fixe du visage").click()
    citizen.get_by_text("L’agent va prendre une image fixe de votre visage.").wait_for(timeout=30_000)
    agent.get_by_role("img", name="Image fixe : Visage").wait_for(timeout=45_000)
    citizen.get_by_text("L’image fixe de votre visage est prise et scellée.").wait_for(timeout=30_000)
    assert agent.evaluate("document.querySelector('#fiche img[src$=vue]').naturalWidth") >= 320
    assert agent.locator("#fiche input[name=passport_shown][value=ok]").is_checked()

    # mute, and the quality of the line in words
    citizen.get_by_role("button", name="Couper le micro").click()
    muted = citizen.get_by_role("button", name="Rétablir le micro")
    assert muted.get_attribute("aria-pressed") == "true"
    muted.click()
    citizen.locator('[data-part="quality"] [data-level]', has_text="Liaison\u00a0:").wait_for(timeout=30_000)

    # words pass as a fallback
    citizen.get_by_label("Votre message").fill("Je vous entends mal")
    citizen.get_by_role("button", name="Envoyer").click()
    agent.locator('#salle [data-part="chat"]', has_text="Je vous entends mal").wait_for()

    # cut and rejoin: the applicant's page is loaded again, then the agent's
    for page in (citizen, agent):
        page.reload()
        in_communication(citizen)
        in_communication(agent)
    assert "Je vous entends mal" in citizen.locator('#salle [data-part="chat"]').inner_text()

    assert problems == []
