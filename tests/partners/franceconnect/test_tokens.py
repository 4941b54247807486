"""Tokens of FranceConnect+ to the letter: shapes, lifetimes on the virtual clock, errors with their codes."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import Citizen, published
from tests.partners.franceconnect.wire import NONCE, Wire
from tests.ports import free_ports

AMR = '{"id_token":{"amr":{"essential":true}}}'


def refused(answer: httpx.Response) -> tuple[int, str, str, str]:
    body = answer.json()
    assert set(body) == {"error", "error_description", "error_uri"}
    query = parse_qs(urlsplit(body["error_uri"]).query)
    assert query["id"]
    return answer.status_code, body["error"], body["error_description"], query["code"][0]


def test_the_answer_has_five_members_and_no_cookie(wire: Wire) -> None:
    answer = wire.token(wire.code())
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "expires_in", "id_token", "scope", "token_type"}
    assert (answer.json()["expires_in"], answer.json()["token_type"]) == (60, "Bearer")
    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


def test_the_id_token_is_signed_then_encrypted(wire: Wire) -> None:
    outer, header, claims, _ = wire.opened(wire.token(wire.code(claims=AMR)).json()["id_token"])
    assert set(outer) == {"alg", "enc", "cty", "kid", "iss", "aud"}
    assert (outer["alg"], outer["enc"], outer["cty"]) == ("RSA-OAEP-256", "A256GCM", "JWT")
    assert set(header) == {"alg", "kid"}
    assert header["alg"] == "ES256"
    assert set(claims) == {"sub", "acr", "amr", "auth_time", "nonce", "aud", "exp", "iat", "iss"}
    assert (claims["nonce"], claims["aud"], claims["iss"]) == (NONCE, wire.client_id, wire.base)
    assert claims["exp"] - claims["iat"] == 60


def test_the_methods_come_on_request_alone(wire: Wire) -> None:
    assert "amr" not in wire.opened(wire.token(wire.code()).json()["id_token"])[2]


def test_userinfo_holds_what_the_scopes_give(wire: Wire) -> None:
    answer = wire.userinfo(wire.token(wire.code(scope="openid identite_pivot")).json()["access_token"])
    assert answer.headers["content-type"].startswith("application/jwt")
    claims = wire.opened(answer.text)[2]
    pivot = {"given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry"}
    assert set(claims) == {"sub", *pivot, "aud", "exp", "iat", "iss"}
    profile = wire.userinfo(wire.token(wire.code(scope="openid profile email")).json()["access_token"])
    assert {"preferred_username", "email"} <= set(wire.opened(profile.text)[2])


def test_userinfo_answers_once(wire: Wire) -> None:
    access = wire.token(wire.code()).json()["access_token"]
    assert wire.userinfo(access).status_code == 200
    again = (401, "invalid_token", "invalid token provided (access token not found)", "Y040001")
    assert refused(wire.userinfo(access)) == again


def test_userinfo_without_token(wire: Wire) -> None:
    expected = (401, "invalid_token", "no access token provided (no access token provided)", "Y04146A2")
    assert refused(wire.userinfo("")) == expected


def test_a_subject_is_the_same_each_time(wire: Wire) -> None:
    first = wire.opened(wire.token(wire.code()).json()["id_token"])[2]["sub"]
    wire.citizen = Citizen()
    assert wire.opened(wire.token(wire.code()).json()["id_token"])[2]["sub"] == first


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"client_secret": "faux"},
            (401, "invalid_client", "client authentication failed (invalid secret provided)", "Y0434A7B"),
        ),
        ({"code": None}, (400, "invalid_request", "missing required parameter 'code' (undefined)", "Y048017B")),
        (
            {"code": "faux"},
            (400, "invalid_grant", "grant request is invalid (authorization code not found)", "Y049E20B"),
        ),
    ],
)
def test_errors_of_the_token_endpoint(
    wire: Wire, changes: dict[str, str | None], expected: tuple[int, str, str, str]
) -> None:
    assert refused(wire.token(**{"code": "faux", **changes})) == expected


def test_other_errors_of_the_token_endpoint(wire: Wire) -> None:
    code = wire.code()
    assert refused(wire.token(code, grant_type="refresh_token"))[:2] == (400, "unsupported_grant_type")
    assert refused(wire.token(code, client_id="inconnu"))[:2] == (401, "invalid_client")
    assert refused(wire.token(code, redirect_uri="https://ailleurs.example/"))[:2] == (400, "invalid_grant")
    assert httpx.get(f"{wire.base}/token", trust_env=False).status_code == 405


def test_a_code_lives_thirty_seconds(wire: Wire) -> None:
    code = wire.code()
    wire.simulators.advance(seconds=31)
    assert refused(wire.token(code))[3] == "Y049E20B"


def test_an_access_token_lives_sixty_seconds(wire: Wire) -> None:
    access = wire.token(wire.code()).json()["access_token"]
    wire.simulators.advance(seconds=61)
    assert refused(wire.userinfo(access))[3] == "Y040001"


def test_a_code_used_twice_takes_its_token_back(wire: Wire) -> None:
    code = wire.code()
    access = wire.token(code).json()["access_token"]
    assert refused(wire.token(code))[:2] == (400, "invalid_grant")
    assert refused(wire.userinfo(access))[3] == "Y040001"


def test_a_token_can_be_revoked(wire: Wire) -> None:
    access = wire.token(wire.code()).json()["access_token"]
    form = {"token": access, "client_id": wire.client_id, "client_secret": wire.client_secret}
    assert httpx.post(f"{wire.base}/token/revocation", data=form, trust_env=False).status_code == 200
    assert refused(wire.userinfo(access))[3] == "Y040001"
    again = httpx.post(f"{wire.base}/token/revocation", data=form, trust_env=False)
    assert (again.status_code, again.content) == (200, b"")
    assert httpx.post(f"{wire.base}/token/revocation", data={**form, "client_secret": "x"}).status_code == 401


def test_discovery_gives_the_lists_of_franceconnect(wire: Wire) -> None:
    answer = httpx.get(f"{wire.base}/.well-known/openid-configuration", trust_env=False)
    document = answer.json()
    assert "set-cookie" not in answer.headers
    assert document["acr_values_supported"] == ["eidas2", "eidas3"]
    for family in ("id_token", "userinfo"):
        assert document[f"{family}_signing_alg_values_supported"] == ["ES256"]
        assert document[f"{family}_encryption_alg_values_supported"] == ["ECDH-ES", "RSA-OAEP", "RSA-OAEP-256"]
        assert document[f"{family}_encryption_enc_values_supported"] == ["A256GCM"]
    assert document["subject_types_supported"] == ["pairwise"]
    assert "offline_access" not in document["scopes_supported"]
    assert not {"backchannel_logout_supported", "backchannel_logout_session_supported"} & set(document)


@pytest.mark.parametrize("algorithm", ["RSA-OAEP", "ECDH-ES"])
def test_each_encryption_of_franceconnect(wire: Wire, simulators: Simulators, algorithm: str) -> None:
    key = ECKey.generate_key("P-256", {"kid": "ec", "use": "enc"}, private=True)
    plain = RSAKey.generate_key(2048, {"kid": "rsa", "use": "enc"}, private=True)
    keys = KeySet([plain, key])
    port = free_ports(1)[0]
    with published(port, {"/jwks": keys.as_dict(private=False)}):
        declared = {
            "client_id": f"client-{algorithm}",
            "client_secret": "secret",
            "redirect_uris": [wire.redirect_uri],
            "post_logout_redirect_uris": [],
            "jwks_uri": f"http://127.0.0.1:{port}/jwks",
            "encryption": algorithm,
            "entity": "another",
        }
        answer = httpx.post(f"{simulators.url}/franceconnect/_clients", json=declared, trust_env=False)
        assert answer.status_code == 201
        other = Wire(simulators, keys, client_id=f"client-{algorithm}", client_secret="secret")
        outer, _, claims, _ = other.opened(other.token(other.code()).json()["id_token"])
    assert outer["alg"] == algorithm
    assert set(outer) == {"alg", "enc", "cty", "kid", "iss", "aud"} | ({"epk"} if algorithm == "ECDH-ES" else set())
    ours = wire.opened(wire.token(wire.code()).json()["id_token"])[2]
    assert claims["sub"] != ours["sub"]


def test_keys_of_ours_out_of_reach_are_told(wire: Wire, simulators: Simulators) -> None:
    declared = {
        "client_id": "sans-cles",
        "client_secret": "secret",
        "redirect_uris": [wire.redirect_uri],
        "post_logout_redirect_uris": [],
        "jwks_uri": f"http://127.0.0.1:{free_ports(1)[0]}/jwks",
    }
    httpx.post(f"{simulators.url}/franceconnect/_clients", json=declared, trust_env=False)
    lost = Wire(simulators, wire.keys, client_id="sans-cles", client_secret="secret")
    expected = (400, "invalid_client_metadata", "client JSON Web Key Set failed to be refreshed")
    assert refused(lost.token(lost.code()))[:3] == expected


def test_an_incomplete_declaration_is_refused(simulators: Simulators) -> None:
    answer = httpx.post(f"{simulators.url}/franceconnect/_clients", json={"client_id": "x"}, trust_env=False)
    assert answer.status_code == 400
