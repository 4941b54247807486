"""Two real browsers with made-up cameras see and hear each other through the product, and find each other again.

Where a network lets no UDP out, the rehearsal tells beforehand; in the room both sides are told, and go on.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from escale.stack import Stack
from tests.chromium import INSTALLED, launch
from tests.steps.step4.rooms import NO_UDP, a_scene, in_communication, let_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED, reason="no Chromium here, or left out with NO_BROWSER=1"),
]

# What a form with pictures carries, the browser does not show from outside.
COUNT_PICTURES = """() => {
  const append = FormData.prototype.append;
  window.pictures = 0;
  FormData.prototype.append = function (name, ...more) {
    window.pictures += name === "picture" ? 1 : 0;
    return append.call(this, name, ...more);
  };
}"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Interviews take place in our own room; the State's web conference is behind it."""
    how = {"ESCALE_WEBCONFERENCE_ORDER": "embedded,webconf"}
    with Stack(tmp_path_factory.mktemp("stack"), mode="test", demo=False, environment=how) as running:
        yield running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@contextmanager
def two_browsers(playwright: Playwright, *flags: str) -> Iterator[tuple[Browser, Browser]]:
    """The applicant's, with these flags, and the agent's."""
    made = launch(playwright, *flags, whole=True), launch(playwright, whole=True)
    yield made
    for browser in made:
        browser.close()


@pytest.fixture
def browsers(playwright: Playwright) -> Iterator[tuple[Browser, Browser]]:
    with two_browsers(playwright) as made:
        yield made


@pytest.fixture
def without_udp(playwright: Playwright) -> Iterator[tuple[Browser, Browser]]:
    """The applicant's cannot send UDP."""
    with two_browsers(playwright, NO_UDP) as made:
        yield made


def test_two_browsers_meet_speak_part_and_meet_again(stack: Stack, browsers: tuple[Browser, Browser]):
    scene = a_scene(stack, "sees-and-hears")
    problems: list[str] = []
    citizen, agent = scene.rooms(browsers)
    for page in (citizen, agent):
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)

    # given: both wait, and nothing passes before the agent lets the applicant in
    citizen.get_by_text("Vous êtes dans la salle d’attente").wait_for()
    agent.get_by_text("L’autre personne est là.").wait_for(timeout=30_000)
    assert citizen.locator("#salle").get_attribute("data-connection") is None

    # when: the agent declares and lets in, without leaving the page
    let_in(agent)

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

    # five stills of the passport in a second: told on the applicant's screen, read together, one kept and shown to the
    # agent, with the focus on what was said; a verdict not yet sent stays
    agent.keyboard.press("v")  # the first control of the sheet without a verdict
    assert agent.evaluate("document.activeElement.name") == "face_photo"  # and on to the next
    agent.evaluate(COUNT_PICTURES)
    agent.get_by_role("button", name="Image fixe du passeport").press("Enter")
    citizen.get_by_text("L’agent va prendre une image fixe de votre passeport").wait_for(timeout=30_000)
    agent.get_by_role("img", name="Image fixe : Passeport").wait_for(timeout=60_000)
    citizen.get_by_text("Les deux lignes du bas n’ont pas pu être lues").wait_for(timeout=30_000)
    assert agent.evaluate("window.pictures") == 5
    assert agent.get_by_role("img", name="Image fixe : Passeport").count() == 1
    agent.get_by_text("zone non lue").wait_for()
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


def test_the_truth_is_told_and_the_interview_goes_on_elsewhere(stack: Stack, without_udp: tuple[Browser, Browser]):
    scene, browsers = a_scene(stack, "without-udp"), without_udp
    # the rehearsal knows it beforehand
    scene.rehearse(browsers[0], "Réseau\u00a0: il bloque la voie (UDP) de l’image et du son.")

    # given: the interview begins
    citizen, agent = scene.rooms(browsers)
    let_in(agent)

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
