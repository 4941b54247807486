"""ProConnect: which agent signs in. Rights come from our own directory, never from claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AgentIdentity:
    """``sub`` is per identity provider: agents are keyed on (``idp_id``, ``sub``)."""

    sub: str
    idp_id: str
    siret: str
    email: str
    given_name: str
    usual_name: str
    uid: str = ""


@dataclass(frozen=True, slots=True)
class AgentSignIn:
    identity: AgentIdentity
    acr: str
    amr: tuple[str, ...]
    auth_time: int
    id_token: str


class ProConnectPort(Protocol):
    def start(
        self, *, redirect_uri: str, force_login: bool = False, login_hint: str = ""
    ) -> tuple[str, dict[str, str]]:
        """Where to send the browser (PKCE S256, essential MFA), and what to keep. ``force_login``: prompt=login."""

    def finish(self, *, query: dict[str, str], kept: dict[str, str], redirect_uri: str, now: float) -> AgentSignIn:
        """Verify the return, SIRET and IdP allow-lists and MFA. Raises ``ports.franceconnect.SignInFailed``."""

    def logout_url(self, *, id_token: str, state: str, post_logout_redirect_uri: str) -> str: ...
