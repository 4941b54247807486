"""Every page of the sign-ins' and the register's simulators can be used by everyone, without JavaScript."""

from __future__ import annotations

import httpx
import pytest
from bs4 import BeautifulSoup, Tag

from escale.partners.kit import people
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import PROVIDER, Citizen
from tests.partners.franceconnect.wire import NONCE, STATE
from tests.partners.proconnect.agent_browser import AgentBrowser
from tests.partners.proconnect.wire import Wire as AgentWire


def franceconnect_pages(simulators: Simulators) -> list[httpx.Response]:
    parameters = {
        "client_id": "escale-demonstration-franceconnect",
        "redirect_uri": f"{simulators.portal_url}/connexion/retour",
        "response_type": "code",
        "scope": "openid identite_pivot",
        "acr_values": "eidas2",
        "state": STATE,
        "nonce": NONCE,
    }
    citizen = Citizen()
    first = citizen.open(str(httpx.URL(f"{simulators.url}/franceconnect/api/v2/authorize", params=parameters)))
    second = citizen.choose(first, idp=PROVIDER)
    third = citizen.choose(second, login="jeanne")
    error = citizen.open(f"{simulators.url}/franceconnect/api/v2/authorize?surprise=1")
    return [first, second, third, error, citizen.open(f"{simulators.url}/franceconnect/_reglages")]


def proconnect_pages(simulators: Simulators) -> list[httpx.Response]:
    browser, wire = AgentBrowser(), AgentWire(simulators)
    first = browser.open(wire.address())
    second = browser.post(first, email="camille.perrin@diplomatie.example")
    error = browser.open(wire.address(surprise="1"))
    return [first, second, error, browser.open(f"{simulators.url}/proconnect/_reglages")]


def register_pages(simulators: Simulators) -> list[httpx.Response]:
    base = f"{simulators.url}/registre/inscrits"
    addresses = (f"{base}/", f"{base}/{people.person('jeanne').numic}/", f"{base}/00000000/")
    wrong = httpx.post(addresses[1], data={"register_email": "sans arobase"}, trust_env=False)
    return [*(httpx.get(address, trust_env=False) for address in addresses), wrong]


@pytest.mark.parametrize("pages", [franceconnect_pages, proconnect_pages, register_pages])
def test_pages_have_one_title_and_named_fields(simulators: Simulators, pages: object) -> None:
    assert callable(pages)
    for answer in pages(simulators):
        page = BeautifulSoup(answer.text, "html.parser")
        assert len(page.find_all("h1")) == 1, answer.url
        assert page.html is not None
        assert page.html["lang"] == "fr"
        assert page.find("script") is None
        assert not [field for field in page.find_all(["input", "select", "textarea"]) if not named(page, field)]
        assert all(button.get_text(strip=True) for button in page.find_all("button"))


def named(page: BeautifulSoup, field: Tag) -> bool:
    return page.find("label", attrs={"for": field.get("id", "")}) is not None


def test_the_agent_of_the_email_comes_first(simulators: Simulators) -> None:
    wire, browser = AgentWire(simulators), AgentBrowser()
    page = browser.post(browser.open(wire.address()), email="ines.colin@diplomatie.example")
    buttons = BeautifulSoup(page.text, "html.parser").find_all("button", attrs={"name": "login"})
    assert buttons[0]["value"] == "ines"
    assert len(buttons) == len(people.agents())


def test_a_wrong_change_says_what_is_expected(simulators: Simulators) -> None:
    wrong = register_pages(simulators)[-1]
    assert wrong.status_code == 400
    assert "Indiquez une adresse électronique" in wrong.text
