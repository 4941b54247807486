"""FranceConnect+: who signs in, at eIDAS substantial or above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class PivotIdentity:
    """Civil status as FranceConnect+ gives it. ``birthdate`` is ``YYYY-MM-DD`` where month and day may be ``00``."""

    sub: str
    given_names: str
    family_name: str
    birthdate: str
    gender: str
    birthplace: str
    birthcountry: str
    preferred_username: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A verified sign-in. ``id_token`` is the decrypted inner JWS (logout hint); ``evidence`` the signed userinfo."""

    identity: PivotIdentity
    acr: str
    amr: tuple[str, ...]
    auth_time: int
    id_token: str
    evidence: str


class SignInFailed(Exception):
    """``outcome``: ``cancelled`` (the user went back), ``refused`` (FranceConnect+ says no), ``technical`` (retry)."""

    def __init__(self, outcome: str, code: str) -> None:
        super().__init__(f"{outcome}: {code}")
        self.outcome, self.code = outcome, code


class FranceConnectPort(Protocol):
    def start(self, *, redirect_uri: str) -> tuple[str, dict[str, str]]:
        """The address to send the browser to, and what to keep in the session until it comes back."""

    def finish(self, *, query: dict[str, str], kept: dict[str, str], redirect_uri: str, now: float) -> SignIn:
        """Verify the return in the order of partners.md §1.3. Raises SignInFailed. ``now``: UNIX seconds."""

    def logout_url(self, *, id_token: str, state: str, post_logout_redirect_uri: str) -> str:
        """Where to send the browser to end the FranceConnect+ session."""

    def public_keys(self) -> dict[str, Any]:
        """Our JWKS: the encryption keys FranceConnect+ may use for us, two live ones during a rotation."""
