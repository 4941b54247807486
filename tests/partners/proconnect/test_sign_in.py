"""Agents sign in through ProConnect: the real adapter, the simulator, a browser."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from escale.partners.kit import people
from escale.partners.proconnect.adapter import ProConnect
from escale.ports.franceconnect import SignInFailed
from escale.ports.proconnect import AgentSignIn
from tests.partners.conftest import Simulators
from tests.partners.proconnect.agent_browser import AgentBrowser, returned
from tests.partners.proconnect.conftest import built


def sign_in(
    adapter: ProConnect,
    simulators: Simulators,
    redirect_uri: str,
    login: str = "camille",
    *,
    browser: AgentBrowser | None = None,
    force_login: bool = False,
) -> AgentSignIn:
    address, kept = adapter.start(redirect_uri=redirect_uri, force_login=force_login)
    query = (browser or AgentBrowser()).sign_in(address, login)
    return adapter.finish(query=query, kept=kept, redirect_uri=redirect_uri, now=simulators.now().timestamp())


def test_camille_signs_in_with_several_factors(adapter: ProConnect, simulators: Simulators, redirect_uri: str) -> None:
    camille, signed_in = people.agent("camille"), sign_in(adapter, simulators, redirect_uri)
    identity = signed_in.identity
    assert (identity.sub, identity.idp_id, identity.siret) == (camille.sub, camille.idp_id, camille.siret)
    assert (identity.email, identity.given_name, identity.usual_name, identity.uid) == (
        "camille.perrin@diplomatie.example",
        "Camille",
        "Perrin",
        "camille.perrin",
    )
    assert signed_in.acr == "eidas1-mfa"
    assert signed_in.amr == ("pwd", "totp", "mfa")


def test_the_request_proves_its_return_and_demands_several_factors(adapter: ProConnect, redirect_uri: str) -> None:
    address, kept = adapter.start(redirect_uri=redirect_uri, login_hint="camille.perrin@diplomatie.example")
    query = dict(parse_qsl(urlsplit(address).query))
    assert query["code_challenge_method"] == "S256"
    assert kept["verifier"] not in address
    demanded = json.loads(query["claims"])["id_token"]
    assert demanded["acr"]["essential"] is True
    assert demanded["amr"]["essential"] is True
    assert "eidas1" not in demanded["acr"]["values"]
    assert "prompt" not in query


@pytest.mark.parametrize(
    ("login", "outcome", "code"),
    [
        ("robin", "refused", "access_denied"),  # one factor alone: ProConnect itself says no
        ("morgan", "refused", "siret"),
    ],
)
def test_agents_who_may_not_enter(
    adapter: ProConnect, simulators: Simulators, redirect_uri: str, login: str, outcome: str, code: str
) -> None:
    with pytest.raises(SignInFailed) as failed:
        sign_in(adapter, simulators, redirect_uri, login)
    assert (failed.value.outcome, failed.value.code) == (outcome, code)


def test_a_provider_out_of_our_list_is_refused(simulators: Simulators, redirect_uri: str) -> None:
    adapter = built(simulators, SIRETS=people.agent("morgan").siret)
    with pytest.raises(SignInFailed) as failed:
        sign_in(adapter, simulators, redirect_uri, "morgan")
    assert (failed.value.outcome, failed.value.code) == ("refused", "idp_id")


def test_the_private_sector_sees_proconnects_own_page(adapter: ProConnect, redirect_uri: str) -> None:
    browser = AgentBrowser()
    page = browser.post(browser.open(adapter.start(redirect_uri=redirect_uri)[0]), email="")
    refused = browser.post(page, login="jo")
    assert refused.status_code == 403
    assert "Y500015" in refused.text


def test_going_back_is_a_cancellation(adapter: ProConnect, simulators: Simulators, redirect_uri: str) -> None:
    address, kept = adapter.start(redirect_uri=redirect_uri)
    browser = AgentBrowser()
    query = returned(browser.post(browser.post(browser.open(address), email=""), cancel="1"))
    with pytest.raises(SignInFailed) as failed:
        adapter.finish(query=query, kept=kept, redirect_uri=redirect_uri, now=simulators.now().timestamp())
    assert failed.value.outcome == "cancelled"


def test_single_sign_on_then_a_demanded_authentication(
    adapter: ProConnect, simulators: Simulators, redirect_uri: str
) -> None:
    browser = AgentBrowser()
    first = sign_in(adapter, simulators, redirect_uri, browser=browser)
    simulators.advance(minutes=20)
    silent = browser.open(adapter.start(redirect_uri=redirect_uri)[0])
    assert "code" in returned(silent)
    again = sign_in(adapter, simulators, redirect_uri, browser=browser, force_login=True)
    assert again.auth_time >= first.auth_time + 20 * 60


def test_an_old_authentication_is_refused_when_a_fresh_one_was_demanded(
    adapter: ProConnect, simulators: Simulators, redirect_uri: str
) -> None:
    browser = AgentBrowser()
    sign_in(adapter, simulators, redirect_uri, browser=browser)
    simulators.advance(minutes=20)
    httpx.post(f"{simulators.url}/proconnect/_reglages", data={"ignore_prompt": "1"}, trust_env=False)
    try:
        with pytest.raises(SignInFailed) as failed:
            sign_in(adapter, simulators, redirect_uri, browser=browser, force_login=True)
    finally:
        httpx.post(f"{simulators.url}/proconnect/_reglages", data={"ignore_prompt": ""}, trust_env=False)
    assert (failed.value.outcome, failed.value.code) == ("refused", "stale")
