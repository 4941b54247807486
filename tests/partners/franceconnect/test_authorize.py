"""What FranceConnect+ accepts and refuses at ``/authorize``, as its own scenarios say (re-expressed)."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.partners.franceconnect.citizen import PROVIDER, Citizen, returned
from tests.partners.franceconnect.wire import NONCE, STATE, Wire, error_of, fragment_of

REQUIRED = ["acr_values", "client_id", "nonce", "redirect_uri", "response_type", "scope", "state"]


def assert_page(answer: httpx.Response, code: str, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert code in answer.text


@pytest.mark.parametrize("prompt", [None, "login", "consent", "login consent", "consent login"])
def test_a_right_request_leads_to_the_choice_of_a_provider(wire: Wire, prompt: str | None) -> None:
    answer = wire.authorize(prompt=prompt)
    assert answer.status_code == 303
    page = wire.citizen.open(f"{wire.simulators.url}{answer.headers['location']}")
    assert page.status_code == 200
    assert "France Identité" in page.text
    assert "La Poste" in page.text


def test_a_request_may_be_a_posted_form(wire: Wire) -> None:
    answer = httpx.post(f"{wire.base}/authorize", data=wire.parameters(), trust_env=False)
    assert answer.status_code == 303
    assert "/interaction/" in answer.headers["location"]


@pytest.mark.parametrize(
    "name", ["acr_values", "client_id", "nonce", "redirect_uri", "response_type", "scope", "state"]
)
def test_a_missing_parameter_is_y030007(wire: Wire, name: str) -> None:
    assert_page(wire.authorize(**{name: None}), "Y030007", 400)


@pytest.mark.parametrize(
    "more",
    [
        {"prompt": ""},
        {"prompt": "none"},
        {"prompt": "select_account"},
        {"nonce": ""},
        {"nonce": "n" * 21},
        {"client_id": ""},
        {"redirect_uri": ""},
        {"acr_values": " ".join(["eidas2"] * 65)},
        {"code_challenge": "c" * 43, "code_challenge_method": "S256"},
        {"login_hint": "jeanne@courriel.example"},
        {"max_age": "0"},
        {"resource": "urn:escale"},
        {"response_mode": "query"},
    ],
)
def test_anything_out_of_the_closed_list_is_y030007(wire: Wire, more: dict[str, str]) -> None:
    assert_page(wire.authorize(**more), "Y030007", 400)


def test_a_parameter_given_twice_is_y030007(wire: Wire) -> None:
    twice = [*wire.parameters().items(), ("state", "another")]
    assert_page(httpx.get(f"{wire.base}/authorize", params=twice, trust_env=False), "Y030007", 400)


def test_unknown_client_and_unknown_return(wire: Wire) -> None:
    assert_page(wire.authorize(client_id="inconnu"), "Y04EA6EF", 400)
    assert_page(wire.authorize(redirect_uri="https://ailleurs.example/retour"), "Y04C013C", 400)
    assert_page(wire.authorize(redirect_uri=f"{wire.redirect_uri}/"), "Y04C013C", 400)


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"scope": ""}, "invalid_request", "openid scope must be requested when using the acr_values parameter"),
        ({"scope": "profile"}, "invalid_request", "openid scope must be requested when using the acr_values parameter"),
        ({"response_type": ""}, "invalid_request", "missing required parameter 'response_type'"),
        ({"response_type": "inconnu"}, "unsupported_response_type", "unsupported response_type requested"),
        (
            {"acr_values": "eidas2 eidas1"},
            "invalid_acr",
            "acr_value is not valid, should be equal one of these values, expected eidas2,eidas3, got eidas1",
        ),
        ({"idp_hint": PROVIDER}, "invalid_idp_hint", "An idp_hint was provided but is not allowed"),
        ({"claims": "{"}, "invalid_request", "could not parse the claims parameter JSON"),
    ],
)
def test_errors_that_come_back_to_the_service(
    wire: Wire, changes: dict[str, str], error: str, description: str
) -> None:
    answer = wire.authorize(**changes)
    assert error_of(answer) == (error, description)
    query = returned(answer)
    assert (query["state"], query["iss"]) == (STATE, wire.base)


@pytest.mark.parametrize("response_type", ["id_token", "id_token token", "code id_token", "code token"])
def test_front_channel_types_are_refused_in_the_fragment(wire: Wire, response_type: str) -> None:
    refused = fragment_of(wire.authorize(response_type=response_type))
    assert (refused["error"], refused["state"]) == ("unsupported_response_type", STATE)


def test_a_claim_without_permission_is_y100009(wire: Wire) -> None:
    assert_page(wire.authorize(claims=json.dumps({"id_token": {"given_name": None}})), "Y100009", 400)


@pytest.mark.parametrize(
    ("asked", "reached"),
    [("eidas2 eidas3", "eidas2"), ("eidas3 eidas2", "eidas2"), ("inconnu", "eidas3"), ("inconnu eidas2", "eidas2")],
)
def test_the_lowest_known_level_counts(wire: Wire, asked: str, reached: str) -> None:
    """The identity provider's page proposes the level that FranceConnect+ will demand."""
    page = wire.citizen.choose(wire.citizen.open(wire.address(acr_values=asked)), idp=PROVIDER)
    assert f'<option value="{reached}" selected>' in page.text


def test_a_level_too_low_never_comes_back(wire: Wire) -> None:
    page = wire.citizen.choose(wire.citizen.open(wire.address()), idp=PROVIDER)
    assert_page(wire.citizen.choose(page, login="jeanne", acr="eidas1"), "Y100001", 500)


def test_an_identity_without_email_never_comes_back(wire: Wire) -> None:
    page = wire.citizen.choose(wire.citizen.open(wire.address()), idp=PROVIDER)
    assert_page(wire.citizen.choose(page, login="sabrine"), "Y600006", 500)


def test_ten_minutes_end_the_way_through(wire: Wire) -> None:
    page = wire.citizen.open(wire.address())
    wire.simulators.advance(minutes=10, seconds=1)
    assert_page(wire.citizen.choose(page, idp=PROVIDER), "Y190001", 403)


def test_another_browser_cannot_take_over(wire: Wire) -> None:
    page = wire.citizen.open(wire.address())
    assert_page(httpx.post(page.url, data={"idp": PROVIDER}, trust_env=False), "Y420001", 403)


def test_pages_cannot_be_skipped(wire: Wire) -> None:
    page = wire.citizen.open(wire.address())
    assert_page(wire.citizen.open(f"{page.url}/consent"), "Y420001", 403)


def test_a_session_serves_again_at_level_two_alone(wire: Wire) -> None:
    wire.code()
    again = wire.citizen.open(wire.address())
    assert "Continuer vers" in again.text
    higher = wire.citizen.open(wire.address(acr_values="eidas3"))
    assert "choisissez votre compte" in higher.text
    wire.simulators.advance(minutes=10, seconds=1)
    later = wire.citizen.open(wire.address())
    assert "choisissez votre compte" in later.text


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ("server_error", "server_error"),
        ("temporarily_unavailable", "temporarily_unavailable"),
        ("refused", "access_denied"),
    ],
)
def test_an_outage_comes_back_as_an_error_once(wire: Wire, outcome: str, error: str) -> None:
    wire.switch(outcome=outcome)
    address = wire.address()
    page = wire.citizen.choose(wire.citizen.open(address), idp=PROVIDER)
    assert error_of(wire.citizen.choose(page, login="jeanne"))[0] == error
    assert "code" in Citizen().sign_in(address)


def test_the_sector_list_is_read_when_asked(wire: Wire) -> None:
    wire.switch(sector="1")
    try:
        assert wire.authorize().status_code == 303
        declared = {
            "client_id": "sans-liste",
            "client_secret": "secret",
            "redirect_uris": [wire.redirect_uri],
            "post_logout_redirect_uris": [],
            "jwks_uri": f"{wire.simulators.portal_url}/partenaires/franceconnect/jwks",
            "sector_identifier_uri": f"{wire.simulators.portal_url}/absent",
        }
        registered = httpx.post(f"{wire.simulators.url}/franceconnect/_clients", json=declared, trust_env=False)
        assert registered.status_code == 201
        assert_page(wire.authorize(client_id="sans-liste"), "Y04A8220", 400)
    finally:
        wire.switch(sector="")


def test_a_nonce_with_odd_characters_comes_back_as_it_was(wire: Wire) -> None:
    nonce = "nonce@#&" * 8
    claims = wire.opened(wire.token(wire.code(nonce=nonce)).json()["id_token"])[2]
    assert claims["nonce"] == nonce != NONCE
