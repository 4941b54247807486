"""ProConnect's simulator to the letter, as its own scenarios say (re-expressed)."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.partners.proconnect.agent_browser import AgentBrowser, returned
from tests.partners.proconnect.wire import FACTORS, NONCE, Wire, error_of


def refused(answer: httpx.Response) -> tuple[int, str, str]:
    body = answer.json()
    assert set(body) == {"error", "error_description"}
    assert "set-cookie" not in answer.headers
    return answer.status_code, body["error"], body["error_description"]


@pytest.mark.parametrize("prompt", [None, "login", "consent", "login consent", "consent login"])
def test_a_right_request_leads_to_the_email_page(wire: Wire, prompt: str | None) -> None:
    page = wire.browser.open(wire.address(prompt=prompt))
    assert page.status_code == 200
    assert "Adresse électronique professionnelle" in page.text


def test_optional_parameters_are_taken(wire: Wire) -> None:
    page = wire.browser.open(
        wire.address(login_hint="camille.perrin@diplomatie.example", siret_hint="99900000600018", nonce=None)
    )
    assert 'value="camille.perrin@diplomatie.example"' in page.text
    assert wire.authorize(response_mode="fragment").status_code == 303


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"client_id": "inconnu"}, "invalid_client", 400),
        ({"redirect_uri": "https://ailleurs.example/"}, "Y030031", 400),
        ({"state": None}, "Y000400", 400),
        ({"scope": None}, "Y000400", 400),
        ({"max_age": "0"}, "Y000400", 400),
        ({"nonce": ""}, "Y000400", 400),
        ({"nonce": "n" * 513}, "Y000400", 400),
        ({"login_hint": "camille"}, "Y000400", 400),
        ({"siret_hint": "123"}, "Y000400", 400),
        ({"prompt": "select_account"}, "Y000400", 400),
    ],
)
def test_errors_that_stay_at_proconnect(wire: Wire, changes: dict[str, str | None], code: str, status: int) -> None:
    answer = wire.authorize(**changes)
    assert (answer.status_code, code in answer.text) == (status, True)
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("changes", "error", "description"),
    [
        ({"prompt": "none"}, "login_required", "End-User authentication is required"),
        ({"prompt": "none login"}, "invalid_request", "prompt none must only be used alone"),
        ({"response_type": ""}, "invalid_request", "missing required parameter 'response_type'"),
        ({"response_type": "token"}, "unsupported_response_type", "unsupported response_type requested"),
        ({"scope": "openid passeports"}, "invalid_scope", "requested scope is not allowed"),
        ({"claims": "{"}, "invalid_request", "could not parse the claims parameter JSON"),
        (
            {"code_challenge": ""},
            "invalid_request",
            "code_challenge must be provided with code_challenge_method",
        ),
        (
            {"code_challenge": "petit"},
            "invalid_request",
            "code_challenge must be a string with a minimum length of 43 characters",
        ),
        ({"code_challenge": "é" * 43}, "invalid_request", "code_challenge contains invalid characters"),
        (
            {"code_challenge_method": None},
            "invalid_request",
            "plain code_challenge_method fallback disabled, code_challenge_method must be provided",
        ),
        ({"code_challenge_method": "plain"}, "invalid_request", "not supported value of code_challenge_method"),
    ],
)
def test_errors_that_come_back_to_the_service(
    wire: Wire, changes: dict[str, str | None], error: str, description: str
) -> None:
    assert error_of(wire.authorize(**changes)) == (error, description)


@pytest.mark.parametrize(
    ("shape", "members", "seconds"),
    [
        ("2026", {"access_token", "refresh_token", "expires_in", "id_token", "scope", "token_type"}, 3600),
        ("2025", {"access_token", "expires_in", "id_token", "token_type"}, 60),
    ],
)
def test_both_shapes_of_the_token_answer(wire: Wire, shape: str, members: set[str], seconds: int) -> None:
    wire.switch(shape=shape)
    try:
        answer = wire.token(wire.code(claims=FACTORS))
        access = answer.json()["access_token"]
        assert wire.userinfo(access).status_code == 200
        wire.simulators.advance(seconds=seconds + 1)
        assert wire.userinfo(access).status_code == 401
    finally:
        wire.switch(shape="2026")
    assert (set(answer.json()), answer.json()["expires_in"]) == (members, seconds)
    header, claims = wire.opened(answer.json()["id_token"])
    assert set(header) == {"alg", "kid"}
    assert {"sub", "acr", "amr", "auth_time", "nonce", "sid", "aud", "exp", "iat", "iss"} == set(claims)
    assert (claims["nonce"], claims["acr"], claims["iss"]) == (NONCE, "eidas1-mfa", wire.base)


def test_userinfo_is_signed_and_holds_what_the_scopes_give(wire: Wire) -> None:
    answer = wire.userinfo(wire.token(wire.code(scope="openid uid siren custom")).json()["access_token"])
    assert answer.headers["content-type"].startswith("application/jwt")
    assert set(wire.opened(answer.text)[1]) == {"sub", "uid", "siren", "custom", "aud", "exp", "iat", "iss"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"code": "faux"}, (400, "invalid_grant", "grant request is invalid")),
        ({"code_verifier": "w" * 43}, (400, "invalid_grant", "grant request is invalid")),
        ({"code_verifier": None}, (400, "invalid_grant", "grant request is invalid")),
        ({"redirect_uri": "https://ailleurs.example/"}, (400, "invalid_grant", "grant request is invalid")),
        ({"client_secret": None}, (401, "invalid_client", "client authentication failed")),
        ({"client_secret": "faux"}, (401, "invalid_client", "client authentication failed")),
        ({"client_id": "inconnu"}, (401, "invalid_client", "client authentication failed")),
        ({"client_id": None}, (400, "invalid_request", "no client authentication mechanism provided")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", "unsupported grant_type requested")),
        ({"code": None}, (400, "invalid_request", "missing required parameter 'code'")),
    ],
)
def test_errors_of_the_token_endpoint(
    wire: Wire, changes: dict[str, str | None], expected: tuple[int, str, str]
) -> None:
    assert refused(wire.token(**{"code": wire.code(), **changes})) == expected


def test_a_code_serves_once_and_takes_its_tokens_back(wire: Wire) -> None:
    code = wire.code()
    access = wire.token(code).json()["access_token"]
    assert refused(wire.token(code))[1] == "invalid_grant"
    assert wire.userinfo(access).status_code == 401


def test_a_code_lives_thirty_seconds(wire: Wire) -> None:
    code = wire.code()
    wire.simulators.advance(seconds=31)
    assert refused(wire.token(code))[1] == "invalid_grant"


def test_a_refresh_token_serves_once_and_can_be_revoked(wire: Wire) -> None:
    first = wire.token(wire.code()).json()["refresh_token"]
    second = wire.post("token", grant_type="refresh_token", refresh_token=first)
    assert len(second.json()) == 6
    assert refused(wire.post("token", grant_type="refresh_token", refresh_token=first))[1] == "invalid_grant"
    kept = second.json()["refresh_token"]
    assert wire.post("token/revocation", token=kept).status_code == 200
    assert refused(wire.post("token", grant_type="refresh_token", refresh_token=kept))[1] == "invalid_grant"


def test_introspection_is_signed(wire: Wire) -> None:
    access = wire.token(wire.code()).json()["access_token"]
    answer = wire.post("token/introspection", token=access)
    assert answer.headers["content-type"] == "application/token-introspection+jwt; charset=utf-8"
    claims = wire.opened(answer.text)[1]
    assert set(claims) == {"token_introspection", "aud", "iat", "iss"}
    assert claims["token_introspection"]["active"] is True
    unknown = wire.opened(wire.post("token/introspection", token="faux").text)[1]
    assert unknown["token_introspection"] == {"active": False}
    expected = (400, "invalid_request", "missing required parameter 'token'")
    assert refused(wire.post("token/introspection")) == expected


def test_levels_that_cannot_be_satisfied(wire: Wire) -> None:
    browser = AgentBrowser()
    page = browser.post(browser.open(wire.address(claims=FACTORS)), email="")
    unmet = ("access_denied", "requested ACRs could not be satisfied")
    assert error_of(browser.post(page, login="robin")) == unmet


def test_a_session_serves_again_for_twelve_hours(wire: Wire) -> None:
    wire.code(claims=FACTORS)
    assert "code" in returned(wire.authorize(prompt="none"))
    assert "/interaction/" in wire.authorize(prompt="login").headers["location"]
    higher = json.dumps({"id_token": {"acr": {"essential": True, "values": ["eidas2"]}}})
    assert "/interaction/" in wire.authorize(claims=higher).headers["location"]
    wire.simulators.advance(hours=12, seconds=1)
    assert error_of(wire.authorize(prompt="none"))[0] == "login_required"


def test_a_session_with_one_factor_is_not_enough_for_two(wire: Wire) -> None:
    wire.code("robin")
    assert "/interaction/" in wire.authorize(claims=FACTORS).headers["location"]


def test_another_browser_cannot_take_over(wire: Wire) -> None:
    page = wire.browser.open(wire.address())
    answer = httpx.post(page.url, data={"email": ""}, trust_env=False)
    assert (answer.status_code, "Y030110" in answer.text) == (400, True)


@pytest.mark.parametrize("outcome", ["server_error", "temporarily_unavailable"])
def test_an_outage_comes_back_as_an_error_once(wire: Wire, outcome: str) -> None:
    wire.switch(outcome=outcome)
    page = wire.browser.post(wire.browser.open(wire.address()), email="")
    assert error_of(wire.browser.post(page, login="camille"))[0] == outcome
    assert "code" in wire.browser.sign_in(wire.address())


def test_signing_out(wire: Wire) -> None:
    token = wire.token(wire.code()).json()["id_token"]
    home = f"{wire.simulators.desk_url}/"
    leave = {"id_token_hint": token, "state": "etat", "post_logout_redirect_uri": home}
    wrong = httpx.get(
        f"{wire.base}/session/end", params={**leave, "post_logout_redirect_uri": home[:-1]}, trust_env=False
    )
    assert (wrong.status_code, "Y030111" in wrong.text) == (400, True)
    nothing = httpx.get(f"{wire.base}/session/end", trust_env=False)
    assert (nothing.status_code, "Y030110" in nothing.text) == (400, True)
    answer = wire.browser.browser.get(f"{wire.base}/session/end", params=leave)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{home}?state=etat")
    assert error_of(wire.authorize(prompt="none"))[0] == "login_required"


def test_discovery_and_keys(wire: Wire) -> None:
    document = httpx.get(f"{wire.base}/.well-known/openid-configuration", trust_env=False).json()
    assert document["acr_values_supported"] == [
        "eidas0",
        "eidas0-mfa",
        "eidas1",
        "eidas1-mfa",
        "eidas2",
        "eidas3",
        "https://proconnect.gouv.fr/assurance/certification-dirigeant",
    ]
    expected = {"openid", "given_name", "usual_name", "email", "siren", "siret", "organizational_unit"}
    assert expected | {"belonging_population", "phone", "chorusdt"} <= set(document["scopes_supported"])
    assert "offline_access" not in document["scopes_supported"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    wire.switch(rotate="1")
    keys = httpx.get(document["jwks_uri"], trust_env=False).json()["keys"]
    assert len(keys) == 2
    assert not any("d" in key for key in keys)
