"""Checks that we did not write: the engine of FranceConnect+, and an independent service before our simulator."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, KeySet

from escale.partners.franceconnect.adapter import FranceConnect
from tests.partners.conformance.node import running
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import Citizen, published
from tests.partners.franceconnect.wire import Wire

REDIRECT = "http://127.0.0.1:9/connexion/retour"
HOME = "http://127.0.0.1:9/"
PIVOT = ["given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry"]
JEANNE = {
    "given_name": "Jeanne",
    "family_name": "DURAND",
    "birthdate": "1962-08-24",
    "gender": "female",
    "birthplace": "75107",
    "birthcountry": "99100",
    "preferred_username": "MARTIN",
    "email": "jeanne@identite.example",
}

pytestmark = pytest.mark.slow


def engine(keys: KeySet, algorithm: str, acr: str, authentication: str) -> dict[str, Any]:
    """The engine set up like FranceConnect+."""
    signing = ECKey.generate_key("P-256", {"kid": "pkcs11:hsm", "use": "sig", "alg": "ES256"}, private=True)
    answers = {}
    for kind in ("id_token", "userinfo"):
        answers[f"{kind}_signed_response_alg"] = "ES256"
        answers[f"{kind}_encrypted_response_alg"] = algorithm
        answers[f"{kind}_encrypted_response_enc"] = "A256GCM"
    return {
        "encrypted": True,
        "jwks": {"keys": [signing.as_dict(private=True)]},
        "acrs": ["eidas2", "eidas3"],
        "scopes": ["openid", "identite_pivot", "preferred_username", "email"],
        "claims": {
            "openid": ["sub"],
            "identite_pivot": PIVOT,
            "preferred_username": ["preferred_username"],
            "email": ["email"],
            "amr": None,
            "acr": None,
        },
        "account": {"sub": "a" * 64, "acr": acr, "amr": ["fc", "pop", "mfa", "pin"], "claims": JEANNE},
        "client": {
            "client_id": "nous",
            "client_secret": "secret",
            "redirect_uris": [REDIRECT],
            "post_logout_redirect_uris": [HOME],
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            "subject_type": "pairwise",
            "token_endpoint_auth_method": authentication,
            "jwks": keys.as_dict(private=False),
            **answers,
        },
    }


@pytest.mark.parametrize(
    ("algorithm", "acr", "authentication"),
    [
        ("RSA-OAEP-256", "eidas2", "client_secret_post"),
        ("RSA-OAEP", "eidas3", "client_secret_post"),
        ("ECDH-ES", "eidas2", "private_key_jwt"),
    ],
)
def test_our_adapter_signs_in_to_the_engine_of_franceconnect(
    key_set: KeySet, algorithm: str, acr: str, authentication: str
) -> None:
    elliptic = ECKey.generate_key("P-256", {"kid": "ec", "use": "enc"}, private=True)
    keys = KeySet([*key_set.keys, elliptic])
    with running("provider.mjs", engine(keys, algorithm, acr, authentication)) as script:
        adapter = FranceConnect(
            issuer=script.read()["issuer"],
            client_id="nous",
            client_secret="secret" if authentication == "client_secret_post" else "",
            keys=keys.as_dict(private=True),
            authentication=authentication,
        )
        address, kept = adapter.start(redirect_uri=REDIRECT)
        browser = Citizen()
        back = browser.open(address)
        query = dict(parse_qsl(urlsplit(back.headers["location"]).query))
        signed_in = adapter.finish(query=query, kept=kept, redirect_uri=REDIRECT, now=time.time())
        leave = adapter.logout_url(id_token=signed_in.id_token, state="etat", post_logout_redirect_uri=HOME)
        farewell = browser.browser.get(leave)
    assert (signed_in.identity.family_name, signed_in.identity.preferred_username) == ("DURAND", "MARTIN")
    assert signed_in.identity.sub == "a" * 64 + "v1"
    assert (signed_in.acr, signed_in.amr) == (acr, ("fc", "pop", "mfa", "pin"))
    assert farewell.status_code == 200
    assert "session/end/confirm" in farewell.text


@pytest.mark.parametrize("algorithm", ["RSA-OAEP-256", "ECDH-ES"])
def test_an_independent_service_signs_in_to_our_simulator(simulators: Simulators, wire: Wire, algorithm: str) -> None:
    elliptic = ECKey.generate_key("P-256", {"kid": "ec", "use": "enc"}, private=True)
    keys = KeySet([*wire.keys.keys, elliptic])
    name = f"openid-client-{algorithm}"
    declared = {
        "client_id": name,
        "client_secret": "secret",
        "redirect_uris": [REDIRECT],
        "post_logout_redirect_uris": [HOME],
        "jwks_uri": f"{simulators.reception_url}/{name}",
        "encryption": algorithm,
    }
    client = {
        **{field: declared[field] for field in ("client_id", "client_secret", "redirect_uris")},
        "post_logout_redirect_uris": [HOME],
        "response_types": ["code"],
        "token_endpoint_auth_method": "client_secret_post",
    }
    for kind in ("id_token", "userinfo"):
        client |= {
            f"{kind}_signed_response_alg": "ES256",
            f"{kind}_encrypted_response_alg": algorithm,
            f"{kind}_encrypted_response_enc": "A256GCM",
        }
    setup = {
        "issuer": wire.base,
        "client": client,
        "jwks": keys.as_dict(private=True),
        "parameters": {"scope": "openid identite_pivot email", "acr_values": "eidas2"},
    }
    port = int(simulators.reception_url.rpartition(":")[2])
    with published(port, {f"/{name}": keys.as_dict(private=False)}), running("relying_party.mjs", setup) as script:
        httpx.post(f"{simulators.url}/franceconnect/_clients", json=declared, trust_env=False).raise_for_status()
        script.write(Citizen().sign_in(script.read()["url"]))
        verified = script.read()
        farewell = httpx.get(verified["end"], trust_env=False)
    assert verified["userinfo"]["family_name"] == "DURAND"
    assert verified["userinfo"]["sub"] == verified["claims"]["sub"]
    assert verified["claims"]["acr"] == "eidas2"
    assert farewell.headers["location"] == f"{HOME}?state=etat"
