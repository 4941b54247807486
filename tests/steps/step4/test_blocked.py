"""A network that lets no UDP out: the rehearsal tells beforehand; in the room both sides are told, and go on."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from escale.stack import Stack
from tests.chromium import INSTALLED, launch
from tests.steps.step4.test_browsers import Scene

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED, reason="no Chromium here, or left out with NO_BROWSER=1"),
]
NO_UDP = "--webrtc-ip-handling-policy=disable_non_proxied_udp"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    order = {"ESCALE_WEBCONFERENCE_ORDER": "embedded,webconf"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in order.items():
            patch.setenv(name, value)
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
    """The applicant's, which cannot send UDP, and the agent's."""
    with sync_playwright() as playwright:
        made = [launch(playwright, NO_UDP), launch(playwright)]
        yield made[0], made[1]
        for browser in made:
            browser.close()


def test_the_truth_is_told_and_the_interview_goes_on_elsewhere(scene: Scene, browsers: tuple[Browser, Browser]):
    # the rehearsal knows it beforehand
    rehearsal = scene.page(browsers[0], "portal", f"/demande/{scene.reference}/essai/")
    rehearsal.get_by_role("button", name="Commencer l’essai").click()
    rehearsal.get_by_text("Réseau\u00a0: il bloque la voie (UDP) de l’image et du son.").wait_for(timeout=45_000)
    rehearsal.close()

    # given: the interview begins
    citizen = scene.page(browsers[0], "portal", f"/demande/{scene.reference}/salle/")
    agent = scene.page(browsers[1], "desk", f"/bureau/entretien/{scene.reference}/")
    agent.get_by_text("Je déclare ne pas connaître cette personne.").click()
    agent.get_by_role("button", name="Faire entrer et commencer").click()

    # then: both sides are told within seconds, and by whose network
    citizen.get_by_text("Votre réseau bloque la voie (UDP)").wait_for(timeout=45_000)
    agent.get_by_text("Le réseau de l’autre personne bloque la voie (UDP)").wait_for(timeout=45_000)
    assert citizen.locator("#salle").get_attribute("data-means") == "blocked"

    # words still pass
    citizen.get_by_label("Votre message").fill("Je n’ai pas d’image")
    citizen.get_by_role("button", name="Envoyer").click()
    agent.locator('#salle [data-part="chat"]', has_text="Je n’ai pas d’image").wait_for()

    # when: the agent opens the backup room; then: both have a link to it, in another tab, and this page stays
    agent.get_by_role("button", name="Ouvrir la salle de secours").click()
    for page, token in ((citizen, "displayName"), (agent, "jwt=")):
        link = page.get_by_role("link", name="Entrer dans la salle (nouvel onglet)")
        link.wait_for(timeout=30_000)
        page.wait_for_function("document.querySelector('[data-part=away-link]').href.includes('/webconf/')")
        assert token in (link.get_attribute("href") or "")
        assert link.get_attribute("target") == "_blank"
    with citizen.expect_popup() as opened:
        citizen.get_by_role("link", name="Entrer dans la salle (nouvel onglet)").click()
    assert opened.value.url.startswith(scene.stack.urls["simulators"])
    assert "Je n’ai pas d’image" in citizen.locator('#salle [data-part="chat"]').inner_text()
