"""FranceConnect+ at the level of HTTP: requests built by hand, answers opened by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from joserfc import jwe, jws
from joserfc.jwe import JWERegistry
from joserfc.jwk import KeySet

from escale.partners.franceconnect.settings import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import Citizen, returned

STATE, NONCE = "s" * 32, "n" * 32
_ENCRYPTION = JWERegistry(algorithms=["RSA-OAEP-256", "RSA-OAEP", "ECDH-ES", "A256GCM"], strict_check_header=False)


@dataclass
class Wire:
    """One registered client before the simulator."""

    simulators: Simulators
    keys: KeySet
    client_id: str = DEMO_CLIENT_ID
    client_secret: str = DEMO_CLIENT_SECRET
    redirect_uri: str = ""
    citizen: Citizen = field(default_factory=Citizen)

    def __post_init__(self) -> None:
        self.redirect_uri = self.redirect_uri or f"{self.simulators.portal_url}/connexion/retour"

    @property
    def base(self) -> str:
        return f"{self.simulators.url}/franceconnect/api/v2"

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """A right request; None removes a parameter."""
        right: dict[str, str | None] = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": "openid identite_pivot",
            "acr_values": "eidas2",
            "state": STATE,
            "nonce": NONCE,
        }
        return {name: value for name, value in {**right, **changes}.items() if value is not None}

    def authorize(self, **changes: str | None) -> httpx.Response:
        """The first answer to a request, not followed."""
        return self.citizen.browser.get(f"{self.base}/authorize", params=self.parameters(**changes))

    def address(self, **changes: str | None) -> str:
        """The link to FranceConnect+."""
        return str(httpx.URL(f"{self.base}/authorize", params=self.parameters(**changes)))

    def code(self, login: str = "jeanne", acr: str = "eidas2", **changes: str | None) -> str:
        return self.citizen.sign_in(self.address(**changes), login, acr=acr)["code"]

    def token(self, code: str, **changes: str | None) -> httpx.Response:
        right: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        form = {name: value for name, value in {**right, **changes}.items() if value is not None}
        return httpx.post(f"{self.base}/token", data=form, trust_env=False)

    def userinfo(self, access_token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
        return httpx.get(f"{self.base}/userinfo", headers=headers, trust_env=False)

    def opened(self, token: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]:
        """Header of the encryption, header of the signature, claims, and the inner token."""
        opened = jwe.decrypt_compact(token, self.keys, registry=_ENCRYPTION)
        inner = (opened.plaintext or b"").decode()
        published = KeySet.import_key_set(httpx.get(f"{self.base}/jwks", trust_env=False).json())
        signed = jws.deserialize_compact(inner, published, algorithms=["ES256"])
        return opened.protected, signed.headers(), json.loads(signed.payload), inner

    def switch(self, **values: str) -> None:
        answer = httpx.post(f"{self.simulators.url}/franceconnect/_reglages", data=values, trust_env=False)
        assert answer.status_code == 303, answer.text


def error_of(answer: httpx.Response) -> tuple[str, str]:
    """``error`` and ``error_description`` with which the browser goes back."""
    query = returned(answer)
    return query["error"], query["error_description"]


def fragment_of(answer: httpx.Response) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(answer.headers["location"]).fragment))
