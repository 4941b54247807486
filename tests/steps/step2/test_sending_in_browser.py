"""The applicant's forms with their scripts on: files and their progress, mistakes, a cut connection, the end of a check
announced, and what was typed when the language changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from escale import clock
from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step2_application import queries
from escale.steps.step2_application.service import checks
from tests.axe import objections
from tests.browser.house import chromium as chromium
from tests.chromium import INSTALLED
from tests.factories.cases import a_case
from tests.factories.web import as_applicant
from tests.steps.step2.building import a_jpeg, filled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not INSTALLED, reason="Chromium is not installed"),
]


def picture(name: str, content: bytes | None = None) -> dict[str, object]:
    """No two names have the same content."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": content or a_jpeg(700 + ord(name[0]), 900)}


@pytest.fixture
def case(live_server, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    return a_case("draft", now=clock.now())


@pytest.fixture
def phone(live_server, case: Case, chromium: Browser) -> Iterator[Page]:
    key = as_applicant(case.applicant_sub).cookies["escale_portal"].value
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    cookies = {"escale_portal": key, settings.LANGUAGE_COOKIE_NAME: "fr"}
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    yield context.new_page()
    context.close()


def test_files_are_sent_with_words_and_nothing_is_lost(phone: Page, live_server, case: Case):
    phone.goto(f"{live_server.url}/demande/{case.reference}/documents/host_identity/")
    chooser, button = phone.locator("input[type=file]"), phone.locator("form[data-upload] button[type=submit]")
    chooser.set_input_files([picture("1.jpg"), picture("2.jpg")])
    button.click()
    expect(phone.locator(".esc-pages > li")).to_have_count(2)
    expect(phone.locator("main")).to_contain_text("2 fichiers ajoutés")

    chooser.set_input_files([picture("n.jpg", b"#!/bin/sh")])
    button.click()
    expect(phone.locator("#erreurs")).to_be_focused()
    expect(phone.locator(".esc-pages > li")).to_have_count(2)
    assert objections(phone, "a mistake") == []

    chooser.evaluate("field => { field.dataset.most = 10 }")
    chooser.set_input_files([picture("3.jpg")])
    button.click()
    expect(phone.locator("[data-words]")).to_contain_text("« 3.jpg » dépasse 10 Mo : rien n’a été envoyé")
    expect(phone.locator("progress")).to_be_hidden()
    chooser.evaluate("field => { field.dataset.most = 10_000_000 }")

    phone.context.set_offline(True)
    chooser.set_input_files([picture("3.jpg")])
    button.click()
    expect(phone.locator("[data-words]")).to_contain_text("La connexion a été coupée")
    expect(button).to_be_enabled()
    phone.context.set_offline(False)
    button.click()
    expect(phone.locator(".esc-pages > li")).to_have_count(3)


def test_a_network_that_dies_without_a_word_does_not_keep_one_waiting(phone: Page, live_server, case: Case):
    phone.clock.install()
    phone.goto(f"{live_server.url}/demande/{case.reference}/documents/host_identity/")
    button = phone.locator("form[data-upload] button[type=submit]")
    phone.route("**/documents/**", lambda route: None)  # nothing comes back, nothing fails
    phone.locator("input[type=file]").set_input_files([picture("1.jpg")])
    button.click()
    expect(button).to_be_disabled()

    phone.clock.fast_forward("01:01")

    expect(phone.locator("[data-words]")).to_contain_text("La connexion a été coupée")
    expect(button).to_be_enabled()


def test_the_end_of_a_check_is_announced_where_one_waits(phone: Page, live_server, case: Case):
    phone.goto(f"{live_server.url}/demande/{case.reference}/photo/")
    phone.locator("input[type=file]").set_input_files([picture("photo.jpg")])
    phone.locator("form[data-upload] button[type=submit]").click()
    expect(phone.locator("[data-check=pending]")).to_be_visible()

    assert checks.run_due(now=clock.now()) == 1

    expect(phone.locator("[data-check=done]")).to_be_visible(timeout=15_000)
    expect(phone.get_by_role("status").filter(has_text="Vérification terminée")).to_have_count(1)
    assert queries.documents(case.id, "photo")[0].check == "done"


def test_back_after_sending_shows_what_is_so_and_a_second_tab_sends_nothing(phone: Page, live_server, case: Case):
    """A browser may bring back the page it left, form and all: these pages are never kept."""
    now = clock.now()
    free = {"motive": "pages_full", "accepts_old_expiry": True}
    filled(case, now=now, passport_expires_on=now.date() + timedelta(days=400), **free)
    address = f"{live_server.url}/demande/{case.reference}/recapitulatif/"
    tab = phone.context.new_page()
    for page in (phone, tab):
        opened = page.goto(address)
        assert opened is not None
        assert "no-store" in opened.headers["cache-control"]
        for box in page.locator("main input[type=checkbox]").all():
            box.check(force=True)
    send = "main form button[type=submit]"
    phone.locator(send).last.click()
    expect(phone.locator("h1")).to_have_text("Votre demande est envoyée")

    phone.go_back()
    expect(phone.locator("h1")).to_have_text("Ma demande")
    expect(phone.locator("main input[type=checkbox]")).to_have_count(0)

    tab.locator(send).last.click()
    expect(tab.locator("main")).to_contain_text("Votre demande est déjà envoyée")
    assert ledger.count(case.id, e.ApplicationSubmitted) == 1


def test_what_is_typed_comes_along_to_the_other_language_and_no_number_does(phone: Page, live_server, case: Case):
    here = f"{live_server.url}/demande/{case.reference}"
    phone.goto(f"{here}/identite/")
    phone.locator("[name=height_cm]").fill("17")
    phone.locator("[name=usage_origin][value=parent]").check(force=True)

    phone.get_by_role("link", name="English").click()
    expect(phone.locator("h1")).to_have_text("Identity")
    expect(phone.locator("[name=height_cm]")).to_have_value("17")
    expect(phone.locator("[name=usage_origin][value=parent]")).to_be_checked()

    phone.locator("main form[method=post] button[type=submit]").click()
    expect(phone.locator("#erreurs")).to_be_focused()
    phone.get_by_role("link", name="Français").click()
    expect(phone.locator("h1")).to_have_text("Identité")
    expect(phone.locator("[name=height_cm]")).to_have_value("17")

    phone.reload()
    expect(phone.locator("[name=height_cm]")).to_have_value("")
    phone.goto(f"{here}/passeport-actuel/")
    phone.locator("[name=passport_number]").fill("17FR42486")
    phone.locator("[name=passport_issued_on]").fill("01/04/2016")
    phone.get_by_role("link", name="English").click()
    expect(phone.locator("[name=passport_issued_on]")).to_have_value("01/04/2016")
    expect(phone.locator("[name=passport_number]")).to_have_value("")
