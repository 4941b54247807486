"""Proving who we are by a key of ours instead of a shared secret (``private_key_jwt``), where it was declared so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from escale.partners.franceconnect.adapter import ADAPTER, FranceConnect
from escale.partners.franceconnect.settings import options
from escale.partners.kit.options import BadOption
from escale.partners.kit.relying_party import ASSERTION_TYPE, assertion_for
from escale.ports.franceconnect import SignInFailed
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import published
from tests.partners.franceconnect.test_sign_in import sign_in
from tests.partners.franceconnect.wire import Wire
from tests.ports import free_ports

NAME = "service-with-a-key"


def _options(simulators: Simulators, folder: Path, **environment: str) -> dict[str, Any]:
    return options(
        {f"ESCALE_FRANCECONNECT_{name}": value for name, value in environment.items()},
        data_dir=folder,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )


@pytest.fixture
def proving(
    simulators: Simulators, keys_dir: Path, key_set: KeySet, overheard: list[Any], redirect_uri: str
) -> Iterator[FranceConnect]:
    """The adapter as a service that declared ``private_key_jwt`` and has no secret."""
    adapter = ADAPTER(**_options(simulators, keys_dir, CLIENT_ID=NAME, AUTHENTICATION="private_key_jwt"))
    [port] = free_ports(1)
    with published(port, {"/jwks": adapter.public_keys()}):
        declared = {
            "client_id": NAME,
            "client_secret": "never given",
            "redirect_uris": [redirect_uri],
            "post_logout_redirect_uris": [],
            "jwks_uri": f"http://127.0.0.1:{port}/jwks",
            "authentication": "private_key_jwt",
        }
        httpx.post(f"{simulators.url}/franceconnect/_clients", json=declared, trust_env=False).raise_for_status()
        yield adapter


def test_the_adapter_signs_in_without_a_secret(
    proving: FranceConnect, simulators: Simulators, redirect_uri: str, overheard: list[Any]
) -> None:
    assert sign_in(proving, simulators, redirect_uri).identity.family_name == "DURAND"
    [(asked, _)] = [each for each in overheard if each[0].url.path.endswith("/token")]
    assert b"client_secret" not in asked.content
    assert b"client_assertion=" in asked.content


def test_no_private_part_is_published(proving: FranceConnect) -> None:
    keys = proving.public_keys()["keys"]
    assert sorted(key["use"] for key in keys) == ["enc", "enc", "sig"]
    assert not [key for key in keys if {"d", "p", "q", "dp", "dq", "qi"} & set(key)]


def test_a_service_with_a_secret_is_not_let_in_by_a_key(
    simulators: Simulators, adapter: FranceConnect, keys_dir: Path, redirect_uri: str
) -> None:
    """The product is declared with ``client_secret_post`` at this simulator."""
    other = ADAPTER(**_options(simulators, keys_dir, AUTHENTICATION="private_key_jwt"))
    with pytest.raises(SignInFailed) as failed:
        sign_in(other, simulators, redirect_uri)
    assert (failed.value.outcome, failed.value.code) == ("technical", "invalid_client/Y0434A7B")


def _changed(wire: Wire, key: ECKey, **claims: Any) -> dict[str, str]:
    now = int(wire.simulators.now().timestamp())
    right = {"iss": NAME, "sub": NAME, "aud": f"{wire.base}/token", "jti": "one", "iat": now, "exp": now + 60}
    assertion = jwt.encode({"alg": "ES256", "kid": key.kid}, {**right, **claims}, key)
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}


def test_an_assertion_is_ours_for_them_alive_and_new(
    proving: FranceConnect, simulators: Simulators, key_set: KeySet
) -> None:
    wire = Wire(simulators, key_set, client_id=NAME)
    key = next(key for key in key_set.keys if isinstance(key, ECKey))
    stranger = ECKey.generate_key("P-256", {"kid": key.kid, "use": "sig"}, private=True)
    now = simulators.now().timestamp()
    right = assertion_for(NAME, f"{wire.base}/token", key, now)
    wrong = [
        _changed(wire, stranger, jti="stranger"),
        _changed(wire, key, jti="iss", iss="other"),
        _changed(wire, key, jti="sub", sub="other"),
        _changed(wire, key, jti="aud", aud="https://elsewhere.example/token"),
        _changed(wire, key, jti="old", iat=int(now) - 600, exp=int(now) - 540),
        _changed(wire, key, jti="long", exp=int(now) + 3600),
        _changed(wire, key, jti=""),
        {**right, "client_assertion_type": "other"},
        {**right, "client_secret": "never given"},
        {"client_secret": "never given"},
    ]

    def ask(proof: dict[str, str]) -> tuple[int, str]:
        form = {"grant_type": "authorization_code", "client_id": NAME, "code": "none", **proof}
        answer = httpx.post(f"{wire.base}/token", data=form, trust_env=False)
        return answer.status_code, answer.json()["error"]

    assert {ask(proof) for proof in wrong} == {(401, "invalid_client")}
    assert ask(right) == (400, "invalid_grant")  # let in: the code alone is wrong
    assert ask(right) == (401, "invalid_client")  # an assertion serves once


def test_a_key_for_signatures_is_needed(simulators: Simulators, keys_dir: Path, tmp_path: Path) -> None:
    keys = json.loads((keys_dir / "franceconnect-keys.json").read_text())
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [key for key in keys["keys"] if key["use"] == "enc"]}))
    with pytest.raises(BadOption, match="use sig"):
        _options(simulators, tmp_path, KEYS_FILE=str(file), AUTHENTICATION="private_key_jwt")
    assert _options(simulators, tmp_path, KEYS_FILE=str(file))["authentication"] == "client_secret_post"


def test_production_asks_for_no_secret_where_a_key_proves(simulators: Simulators, keys_dir: Path) -> None:
    real = {
        "ESCALE_MODE": "production",
        "ESCALE_FRANCECONNECT_KEYS_FILE": str(keys_dir / "franceconnect-keys.json"),
        "ESCALE_FRANCECONNECT_ISSUER": "https://fc.example/api/v2",
        "ESCALE_FRANCECONNECT_CLIENT_ID": "us",
    }
    sites = dict.fromkeys(("simulators_url", "portal_url", "desk_url", "reception_url"), "https://nowhere.example")
    with pytest.raises(BadOption, match="CLIENT_SECRET"):
        options(real, data_dir=keys_dir, **sites)
    by_key = {**real, "ESCALE_FRANCECONNECT_AUTHENTICATION": "private_key_jwt"}
    assert options(by_key, data_dir=keys_dir, **sites)["client_secret"] == ""
