"""Gate 2 by keyboard: from the queue to the decision, and on to the next envelope, counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Request

from escale import clock
from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.people.models import Agent
from escale.steps.step3_posted_items import queries, rules, service, service_label
from tests.axe import objections
from tests.desk.test_browser import SignIn, chromium as chromium, scene as scene, sign_in as sign_in
from tests.factories.cases import a_case, acting
from tests.factories.web import as_agent
from tests.inspection.making.labels import label_pdf
from tests.steps.step3.fakes import FakeCourier

MOST_ACTIONS = 12
RECEIVER = ["TO:", "Jeanne MARTIN", "12 Elm Street", "Toronto ON M4W 1A8", "CANADA", "", "FROM:", "Consulat"]


def an_envelope(sub: str, by: Agent, *, days: int = 0, scanned: bool = True) -> Case:
    """An envelope on the table, its label made here, and compared when ``scanned``."""
    now = clock.now() + timedelta(days=days)
    case = a_case("accepted", sub=sub, now=now)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=now)
    service.receive(case_id=case.id, actor=acting(by), now=now)
    if scanned:
        number = queries.posted_items(case.id).label_waybill
        assert number is not None
        service.scan(typed=number.text, actor=acting(by), now=now, open_reference=case.reference)
    case.refresh_from_db()
    return case


@pytest.mark.django_db
def test_only_what_an_eye_must_see_is_ticked_and_the_next_envelope_follows(agent: Agent, courier: FakeCourier):
    first, second = an_envelope("a", agent), an_envelope("b", agent, days=1)
    client, url = as_agent(agent), f"/bureau/courrier/{first.reference}/controle/"

    page = client.get(url).content.decode()
    answer = client.post(
        url,
        {"version": queries.revision(first.id), **dict.fromkeys(rules.PHOTO_CHECKS, "on"), "suivant": "1"},
        follow=True,
    )

    assert page.count('type="checkbox"') - page.count('id="raccourcis-actifs"') == len(rules.PHOTO_CHECKS)
    assert page.count("fabriquée ici") == len(rules.LABEL_CHECKS) - 1  # and its validity says its own reason
    assert answer.request["PATH_INFO"] == f"/bureau/courrier/{second.reference}/controle/"
    assert f"{first.reference}\u00a0: Pièces vérifiées" in answer.content.decode().replace(" :", "\u00a0:")
    last = client.post(
        f"/bureau/courrier/{second.reference}/controle/",
        {"version": queries.revision(second.id), **dict.fromkeys(rules.PHOTO_CHECKS, "on"), "suivant": "1"},
        follow=True,
    )
    assert "Plus aucun dossier ne vous attend dans cette file." in last.content.decode()


@pytest.mark.django_db
def test_an_imported_label_is_vouched_for_in_one_word_where_the_machine_read_it_right(agent: Agent):
    now = clock.now()
    case = a_case("accepted", sub="i", now=now)
    service_label.import_label(
        case_id=case.id, content=label_pdf("3318810025", RECEIVER), filename="e.pdf", actor=applicant("i"), now=now
    )
    service.receive(case_id=case.id, actor=acting(agent), now=now)
    client, url = as_agent(agent), f"/bureau/courrier/{case.reference}/controle/"
    typed = {"version": queries.revision(case.id), "tout": "1", **dict.fromkeys(rules.PHOTO_CHECKS, "on")}

    assert 'name="tout"' in client.get(url).content.decode()
    not_all = client.post(url, typed)
    assert not_all.status_code == 422  # what no machine can read of a label is still to be seen
    assert not_all.content.decode().count("Ce point n’est pas vérifié.</") == 2
    assert client.post(url, {**typed, "prepaid": "on", "validity": "on"}).status_code == 302
    case.refresh_from_db()
    assert case.posted_items == "verified"


def _gate(tab: Page) -> int:
    """Look at each point, accept, and land on the next page. Returns how many keys were pressed."""
    boxes = tab.locator("[data-gate] [data-point] input[type=checkbox]").count()
    for _ in range(boxes):
        tab.keyboard.press("v")
    assert tab.evaluate("document.activeElement.textContent") == "Valider les pièces"
    assert tab.locator("[data-decide]").evaluate("it => it.getBoundingClientRect().bottom <= innerHeight")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    return boxes + 1


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_envelope_is_decided_within_twelve_actions(scene, sign_in: SignIn, capsys):
    second = an_envelope("second", scene.supervisor, days=1)
    tab = sign_in()
    tab.goto(f"{scene.url}/bureau/dossiers/?file=enveloppes")
    asked: list[Request] = []
    tab.on("request", lambda each: asked.append(each))

    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[data-gate]")
    first = 2 + _gate(tab)
    assert tab.url.endswith(f"/bureau/courrier/{second.reference}/controle/")
    then = _gate(tab)

    pages = [each for each in asked if each.resource_type == "document"]
    with capsys.disabled():
        print(f"\ngate 2: {first} actions, then {then} for the next envelope; {len(pages)} pages asked for both")
    scene.received.refresh_from_db()
    second.refresh_from_db()
    assert (scene.received.posted_items, second.posted_items) == ("verified", "verified")
    assert max(first, then) <= MOST_ACTIONS
    assert len(pages) <= MOST_ACTIONS


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_keys_at_gate_two_go_to_what_is_asked_again(scene, sign_in: SignIn):
    tab = sign_in()
    tab.goto(f"{scene.url}/bureau/courrier/{scene.received.reference}/controle/")

    tab.keyboard.press("j")
    assert tab.evaluate("document.activeElement.name") == "photo_present"
    tab.keyboard.press("j")
    tab.keyboard.press("k")
    assert tab.evaluate("document.activeElement.name") == "photo_present"
    tab.keyboard.press("r")
    assert tab.evaluate("document.activeElement.name") == "photo"
    tab.locator("[name=one_passport]").focus()  # this label was not scanned: its number is compared by eye
    tab.keyboard.press("r")
    assert tab.evaluate("document.activeElement.name") == "label"
    tab.locator("[name=one_passport]").focus()
    tab.keyboard.press("?")
    assert tab.locator("#raccourcis-aide").is_visible()
    tab.keyboard.press("Escape")
    assert objections(tab, "gate 2") == []


@pytest.mark.django_db
def test_a_refused_decision_is_shown_again_with_the_version_now_read(agent: Agent, courier: FakeCourier):
    case = an_envelope("v", agent)
    url, seen = f"/bureau/courrier/{case.reference}/controle/", queries.revision(case.id)
    typed = dict.fromkeys(rules.PHOTO_CHECKS, "on")

    stale = as_agent(agent).post(url, {"version": seen - 1, **typed}).content.decode()

    assert "Quelqu’un d’autre vient de modifier ce dossier" in stale
    assert stale.count(f'name="version" value="{seen}"') == 2  # the form that accepts and the one that asks again
    assert stale.count('id="id_version"') == 1
