"""Gate 1 by keyboard: from the queue to the decision and on to the next case, counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Request

from escale.desk import queues, service
from escale.ledger.models import Case
from escale.people.models import Agent
from tests.desk.test_browser import SignIn, chromium as chromium, scene as scene, sign_in as sign_in
from tests.factories.cases import NOON, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step2 import building
from tests.steps.step2.fakes import GOOD, OTHER, FakeStamps

MOST_ACTIONS = 12


def two_cases() -> tuple[Case, Case]:
    """Two complete applications, the first waiting the longer."""
    cases = []
    for number, days in ((GOOD, 3), (OTHER, 1)):
        draft = building.with_stamp(building.a_draft(), number)
        building.submission.submit(case=draft, actor=building.me(draft), now=NOON - timedelta(days=days))
        cases.append(draft)
    return cases[0], cases[1]


@pytest.mark.django_db
def test_the_next_case_is_the_one_waiting_longest_that_no_colleague_has_taken(agent: Agent, stamps: FakeStamps) -> None:
    stamps.sell(OTHER)
    first, second = two_cases()
    service.take(first.id, actor=acting(an_agent(usual_name="Blanc")), now=NOON)

    assert queues.following(acting(agent), "demandes", after="", now=NOON) == second
    assert queues.following(acting(agent), "demandes", after=second.reference, now=NOON) is None
    answer = as_agent(agent).get(f"/bureau/dossiers/suivant/?file=demandes&apres={second.reference}", follow=True)
    assert "Plus aucun dossier ne vous attend dans cette file." in answer.content.decode()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_complete_case_is_decided_within_twelve_actions(scene, sign_in: SignIn, stamps: FakeStamps, capsys) -> None:
    stamps.sell(OTHER)
    other = building.with_stamp(building.a_draft(), OTHER)
    building.submission.submit(case=other, actor=building.me(other), now=NOON + timedelta(days=1))
    tab = sign_in()
    tab.goto(f"{scene.url}/bureau/dossiers/?file=demandes")
    asked: list[Request] = []
    tab.on("request", lambda each: asked.append(each))
    actions = _decide_by_keys(tab)

    with capsys.disabled():
        pages = [each for each in asked if each.resource_type == "document"]
        pieces = [each for each in asked if each.resource_type == "image" and "/pieces/" in each.url]
        print(f"\ngate 1: {actions} actions, {len(pages)} pages and {len(pieces)} pieces asked for")
    scene.submitted.refresh_from_db()
    assert scene.submitted.application == "accepted"
    assert tab.url.endswith(f"/bureau/dossiers/{other.reference}/")
    assert actions <= MOST_ACTIONS
    assert len(pages) <= MOST_ACTIONS


def _decide_by_keys(tab: Page) -> int:
    """Open the first line, look at each point, accept. Returns how many keys were pressed."""
    pressed = ["j", "Enter"]
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[data-gate]")
    for _ in range(tab.locator("input[name=vu]").count()):
        pressed.append("v")
        tab.keyboard.press("v")
    assert tab.evaluate("document.activeElement.textContent") == "Accepter la demande"
    assert tab.locator("[data-decide]").evaluate("it => it.getBoundingClientRect().bottom <= innerHeight")
    pressed.append("Enter")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    return len(pressed)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_piece_is_enlarged_and_turned_in_place(scene, sign_in: SignIn) -> None:
    tab = sign_in()
    tab.goto(f"{scene.url}/bureau/dossiers/{scene.submitted.reference}/")
    tab.locator("#vu-passport").focus()
    tab.keyboard.press("z")
    image = tab.locator(".gate-viewer img")
    image.wait_for()
    before = image.evaluate("it => it.clientWidth")

    tab.keyboard.press("+")
    tab.keyboard.press("t")

    assert image.evaluate("it => it.clientWidth") > before
    assert "rotate(90deg)" in image.evaluate("it => it.style.transform")
    tab.keyboard.press("Escape")
    assert not image.is_visible()
    tab.keyboard.press("r")
    tab.keyboard.type("Page coupée")
    assert tab.evaluate("document.activeElement.value") == "Page coupée"
