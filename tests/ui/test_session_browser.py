"""The warning before the end of a session, in a real browser: it comes, has the focus, extends, and ends."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from escale.ui.sessions import SessionStore
from tests.chromium import launch
from tests.factories.cases import a_case

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EXTEND, ENDED = "Prolonger ma session", "Votre session est terminée"


def left(page: Page, seconds: int) -> None:
    """What the server says is left when the script asks, since the browser's hour alone is moved."""
    body = f'{{"seconds": {seconds}, "final": false}}'
    page.unroute_all()
    page.route("**/session/", lambda route: route.fulfill(content_type="application/json", body=body))


def test_the_warning_comes_with_the_focus_extends_and_then_says_the_end(live_server: LiveServer):
    case = a_case("draft")
    held = SessionStore()
    held["actor"] = {"kind": "applicant", "id": case.applicant_sub}
    held.save()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(locale="fr-FR")
        context.add_cookies([{"name": "escale_portal", "value": held.session_key or "", "url": live_server.url}])
        page = context.new_page()
        page.clock.install()
        page.goto(f"{live_server.url}/demande/{case.reference}/")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_hidden()

        left(page, 900)
        page.clock.fast_forward("26:00")
        expect(dialog).to_be_hidden()

        left(page, 240)
        page.clock.fast_forward("11:00")
        expect(dialog).to_contain_text("environ 4 minutes")
        expect(dialog.get_by_role("button", name=EXTEND)).to_be_focused()

        dialog.get_by_role("button", name=EXTEND).click()
        expect(dialog).to_be_hidden()
        expect(page.locator("#session-said")).to_have_text("Votre session est prolongée.")

        left(page, 0)
        page.clock.fast_forward("31:00")
        expect(dialog.get_by_role("heading", name=ENDED)).to_be_visible()
        again = dialog.get_by_role("link", name="Me connecter à nouveau")
        expect(again).to_be_focused()
        assert again.get_attribute("href") == f"/connexion/?suite=/demande/{case.reference}/&probleme=session"
        browser.close()
