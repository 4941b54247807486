"""Checks that we did not write: the engine of ProConnect, and an independent service before our simulator."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey

from escale.partners.proconnect.adapter import ProConnect
from escale.ports.franceconnect import SignInFailed
from tests.partners.conformance.node import Script, running
from tests.partners.conftest import Simulators
from tests.partners.proconnect.agent_browser import AgentBrowser
from tests.partners.proconnect.wire import Wire

REDIRECT = "http://127.0.0.1:9/connexion/retour"
HOME = "http://127.0.0.1:9/"
SCOPES = ["given_name", "usual_name", "email", "uid", "siret", "idp_id"]
CAMILLE = {
    "given_name": "Camille",
    "usual_name": "Perrin",
    "email": "camille.perrin@diplomatie.example",
    "uid": "camille.perrin",
    "siret": "99900000600018",
    "idp_id": "fournisseur",
}

pytestmark = pytest.mark.slow


def engine(acr: str, amr: list[str]) -> dict[str, Any]:
    """The engine set up like ProConnect: signed answers alone."""
    signing = ECKey.generate_key("P-256", {"kid": "pkcs11:hsm", "use": "sig", "alg": "ES256"}, private=True)
    return {
        "encrypted": False,
        "jwks": {"keys": [signing.as_dict(private=True)]},
        "acrs": ["eidas1", "eidas1-mfa", "eidas2", "eidas3", "eidas0", "eidas0-mfa"],
        "scopes": ["openid", *SCOPES],
        "claims": {"openid": ["sub"], **{name: [name] for name in SCOPES}, "amr": None, "acr": None},
        "account": {"sub": "camille", "acr": acr, "amr": amr, "claims": CAMILLE},
        "client": {
            "client_id": "nous",
            "client_secret": "secret",
            "redirect_uris": [REDIRECT],
            "post_logout_redirect_uris": [HOME],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "token_endpoint_auth_method": "client_secret_post",
            "id_token_signed_response_alg": "ES256",
            "userinfo_signed_response_alg": "ES256",
        },
    }


@pytest.mark.parametrize("force_login", [False, True])
def test_our_adapter_signs_in_to_the_engine_of_proconnect(force_login: bool) -> None:
    with running("provider.mjs", engine("eidas1-mfa", ["pwd", "totp", "mfa"])) as script:
        adapter = built(script.read()["issuer"])
        address, kept = adapter.start(redirect_uri=REDIRECT, force_login=force_login)
        back = AgentBrowser().open(address)
        query = dict(parse_qsl(urlsplit(back.headers["location"]).query))
        signed_in = adapter.finish(query=query, kept=kept, redirect_uri=REDIRECT, now=time.time())
    assert (signed_in.identity.sub, signed_in.identity.usual_name) == ("camille", "Perrin")
    assert (signed_in.acr, signed_in.amr) == ("eidas1-mfa", ("pwd", "totp", "mfa"))
    assert abs(signed_in.auth_time - time.time()) < 30


def test_our_adapter_refuses_what_the_engine_says_of_one_factor() -> None:
    with running("provider.mjs", engine("eidas2", ["pwd"])) as script:
        adapter = built(script.read()["issuer"])
        address, kept = adapter.start(redirect_uri=REDIRECT)
        back = AgentBrowser().open(address)
        query = dict(parse_qsl(urlsplit(back.headers["location"]).query))
        with pytest.raises(SignInFailed) as failed:
            adapter.finish(query=query, kept=kept, redirect_uri=REDIRECT, now=time.time())
    assert (failed.value.outcome, failed.value.code) == ("refused", "mfa")


def test_an_independent_service_signs_in_to_our_simulator(simulators: Simulators, wire: Wire) -> None:
    declared = {
        "client_id": "openid-client",
        "client_secret": "secret",
        "redirect_uris": [REDIRECT],
        "post_logout_redirect_uris": [HOME],
    }
    client = {
        **declared,
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": "ES256",
        "userinfo_signed_response_alg": "ES256",
    }
    setup = {
        "issuer": wire.base,
        "client": client,
        "pkce": True,
        "parameters": {"scope": "openid given_name usual_name siret idp_id"},
    }
    with running("relying_party.mjs", setup) as script:
        httpx.post(f"{simulators.url}/proconnect/_clients", json=declared, trust_env=False).raise_for_status()
        script.write(AgentBrowser().sign_in(script.read()["url"]))
        verified = script.read()
        farewell = httpx.get(verified["end"], trust_env=False)
    assert (verified["userinfo"]["usual_name"], verified["userinfo"]["siret"]) == ("Perrin", "99900000600018")
    assert verified["userinfo"]["sub"] == verified["claims"]["sub"]
    assert farewell.headers["location"] == f"{HOME}?state=etat"


def test_a_service_of_the_state_s_own_library_signs_in_and_out(simulators: Simulators, wire: Wire) -> None:
    service = {
        "client_id": "lasuite",
        "client_secret": "secret",
        "redirect_uris": ["http://service.example/callback/"],
        "post_logout_redirect_uris": ["http://service.example/logout-callback/"],
    }
    httpx.post(f"{simulators.url}/proconnect/_clients", json=service, trust_env=False).raise_for_status()
    command = [
        sys.executable,
        str(Path(__file__).with_name("with_lasuite.py")),
        json.dumps({**service, "issuer": wire.base}),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        script, agent = Script(process), AgentBrowser()
        try:
            script.write(agent.sign_in(script.read()["url"]))
            told = script.read()
        finally:
            process.kill()
    assert told["landed"] == "/in"
    [known] = told["agents"]
    assert (known["first_name"], known["last_name"], known["email"]) == (
        CAMILLE["given_name"],
        "Perrin",
        CAMILLE["email"],
    )
    left = agent.browser.get(told["farewell"]).headers["location"]
    assert left.startswith("http://service.example/logout-callback/?state=")


def built(issuer: str) -> ProConnect:
    return ProConnect(
        issuer=issuer,
        client_id="nous",
        client_secret="secret",
        sirets=frozenset({"99900000600018"}),
        providers=frozenset({"fournisseur"}),
        acrs=("eidas1-mfa", "eidas2", "eidas3"),
    )
