"""What every page carries whatever its subject: look, language, devices, the plural of French."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import translation
from django.utils.translation import ngettext

from escale.ui import messages
from escale.ui.headers import NO_DEVICE
from tests.factories.cases import an_agent
from tests.factories.web import a_client, as_agent, as_applicant

pytestmark = pytest.mark.django_db
SITES = {"portal": "/aide/", "reception": "/", "desk": "/bureau/"}


def on(site: str) -> Client:
    return as_agent(an_agent()) if site == "desk" else as_applicant("owner", site)


@pytest.mark.parametrize("site", SITES)
def test_no_page_may_use_a_device(site: str):
    policy = on(site).get(SITES[site])["Permissions-Policy"]

    assert {"camera=()", "microphone=()", "geolocation=()"} <= {part.strip() for part in policy.split(",")}


def test_the_policy_names_only_what_browsers_know():
    # Permissions Policy registry of the W3C, the features Chromium and Firefox answer to; others fill the console.
    known = {"camera", "microphone", "display-capture", "geolocation", "payment", "usb", "serial", "hid", "midi"}

    assert {part.strip().partition("=")[0] for part in NO_DEVICE.split(",")} <= known


@pytest.mark.parametrize("site", SITES)
def test_the_look_is_chosen_and_remembered(site: str):
    client = on(site)
    page = client.get(SITES[site]).content.decode()
    assert 'data-scheme="auto">' in page
    dark = re.search(r'href="(/apparence/dark/[^"]*)"', page)[1].replace("&amp;", "&")

    assert client.get(dark)["Location"] == SITES[site]

    page = client.get(SITES[site]).content.decode()
    assert 'data-scheme="dark" data-fr-theme="dark">' in page
    assert "/apparence/dark/" not in page


def test_a_made_up_look_is_ignored():
    client = a_client("portal")
    client.cookies["apparence"] = '"><script>'

    assert 'data-scheme="auto">' in client.get("/").content.decode()


@pytest.mark.parametrize("switch", ["langue/en", "apparence/light"])
def test_a_choice_keeps_the_page_and_its_answers(switch: str):
    client = a_client("portal")
    page = client.get("/verifier/pays/?majeur=oui").content.decode()
    link = re.search(rf'href="(/{switch}/[^"]*)"', page)[1].replace("&amp;", "&")

    assert client.get(link)["Location"] == "/verifier/pays/?majeur=oui"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_choice_leads_nowhere_else(away: str):
    assert a_client("portal").get("/apparence/dark/", {"suite": away})["Location"] == "/"


def test_none_is_singular_in_french_and_plural_in_english():
    for folder in messages.applications():
        messages.compile_one(folder)
    plural = next(
        message.id
        for folder in messages.applications()
        for message in messages.stored_catalogue(folder)
        if message.id and message.pluralizable and message.string[0] != message.string[1]
    )
    translation.trans_real._translations.clear()
    with translation.override("fr"):
        assert ngettext(*plural, 0) == plural[0]
        assert ngettext(*plural, 2) == plural[1]
    with translation.override("en"):
        assert ngettext(*plural, 0) != ngettext(*plural, 1)


def selectors(sheet: str, *families: str) -> set[str]:
    """What a style sheet sets in one of these families."""
    found = set()
    for rule in re.sub(r"/\*.*?\*/", "", Path(str(finders.find(sheet))).read_text(), flags=re.DOTALL).split("}"):
        head, _, body = rule.rpartition("{")
        if any(f"font-family:{family}" in body.replace(" ", "") for family in families):
            found |= {name.strip() for name in head.rpartition("{")[2].split(",")}
    return found - {"@font-face"}


def test_the_neutral_theme_leaves_the_font_of_the_state_nowhere():
    theirs = [
        selectors(f"dsfr/dist/{sheet}", "Marianne", "Spectral")
        for sheet in ("dsfr/dsfr.min.css", "utility/utility.min.css")
    ]

    assert theirs[0]
    assert set.union(*theirs) <= selectors("ui/neutral.css", "system-ui")
