"""ProConnect at the level of HTTP: requests built by hand, answers read by hand."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import httpx
from joserfc import jws
from joserfc.jwk import KeySet

from escale.partners.proconnect.settings import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from tests.partners.conftest import Simulators
from tests.partners.proconnect.agent_browser import AgentBrowser, returned

STATE, NONCE, VERIFIER = "s" * 32, "n" * 32, "v" * 43
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
FACTORS = json.dumps({"id_token": {"acr": {"essential": True, "values": ["eidas1-mfa"]}, "amr": {"essential": True}}})


@dataclass
class Wire:
    """The desk's client before the simulator."""

    simulators: Simulators
    browser: AgentBrowser = field(default_factory=AgentBrowser)

    @property
    def base(self) -> str:
        return f"{self.simulators.url}/proconnect/api/v2"

    @property
    def redirect_uri(self) -> str:
        return f"{self.simulators.desk_url}/connexion/retour"

    def address(self, **changes: str | None) -> str:
        """The link to ProConnect; None removes a parameter."""
        right: dict[str, str | None] = {
            "client_id": DEMO_CLIENT_ID,
            "redirect_uri": self.redirect_uri,
            "response_type": "code",
            "scope": "openid given_name usual_name email siret idp_id",
            "state": STATE,
            "nonce": NONCE,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        given = {name: value for name, value in {**right, **changes}.items() if value is not None}
        return str(httpx.URL(f"{self.base}/authorize", params=given))

    def authorize(self, **changes: str | None) -> httpx.Response:
        """The first answer to a request, not followed."""
        return self.browser.browser.get(self.address(**changes))

    def code(self, login: str = "camille", **changes: str | None) -> str:
        return self.browser.sign_in(self.address(**changes), login)["code"]

    def post(self, path: str, **changes: str | None) -> httpx.Response:
        right: dict[str, str | None] = {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET}
        form = {name: value for name, value in {**right, **changes}.items() if value is not None}
        return httpx.post(f"{self.base}/{path}", data=form, trust_env=False)

    def token(self, code: str, **changes: str | None) -> httpx.Response:
        right: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": VERIFIER,
        }
        return self.post("token", **{**right, **changes})

    def userinfo(self, access_token: str) -> httpx.Response:
        return httpx.get(f"{self.base}/userinfo", headers={"Authorization": f"Bearer {access_token}"}, trust_env=False)

    def opened(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims of a token that ProConnect signed."""
        published = KeySet.import_key_set(httpx.get(f"{self.base}/jwks", trust_env=False).json())
        signed = jws.deserialize_compact(token, published, algorithms=["ES256"])
        return signed.headers(), json.loads(signed.payload)

    def switch(self, **values: str) -> None:
        answer = httpx.post(f"{self.simulators.url}/proconnect/_reglages", data=values, trust_env=False)
        assert answer.status_code == 303, answer.text


def error_of(answer: httpx.Response) -> tuple[str, str]:
    """``error`` and ``error_description`` with which the browser goes back."""
    query = returned(answer)
    assert query["state"] == STATE
    return query["error"], query["error_description"]
