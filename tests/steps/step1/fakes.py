"""Partners of step 1 that answer what a test wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from escale.ports.errors import PartnerUnavailable
from escale.ports.franceconnect import PivotIdentity, SignIn, SignInFailed
from escale.ports.register import NoMatch, PostalAddress, RegisterEntry

JEANNE = PivotIdentity(
    sub="a" * 64 + "v1",
    given_names="Jeanne Marie",
    family_name="DURAND",
    birthdate="1962-08-24",
    gender="female",
    birthplace="75107",
    birthcountry="99100",
    preferred_username="MARTIN",
    email="jeanne@identite.example",
)
ENTRY = RegisterEntry(
    numic="24681373",
    email="jeanne@courriel.example",
    phone="+14165550101",
    usage_name="MARTIN",
    address=PostalAddress("301 rue King Ouest", "", "M5V 1J5", "Toronto ON", "CA"),
    post_code="CA-TORONTO",
    registered_on=date(2023, 1, 10),
    registered_until=date(2028, 1, 9),
    resident_since=date(2022, 5, 1),
    already_renewed_remotely=False,
)
PROOF = {"acr": "eidas2", "auth_time": 1772452800, "userinfo": "signed.user.info", "digest": "0" * 64}


class FakeFranceConnect:
    """``fails`` is the outcome of the next return, ``down`` makes every call unavailable. ``straight``: people are sent
    back at once, so that a browser needs no page of theirs."""

    def __init__(self) -> None:
        self.fails = ""
        self.straight = False
        self.down = False
        self.identity = JEANNE

    def start(self, *, redirect_uri: str) -> tuple[str, dict[str, str]]:
        if self.down:
            raise PartnerUnavailable("franceconnect", "timeout")
        page = f"{redirect_uri}?code=c&state=s" if self.straight else "https://franceconnect.example/authorize"
        return page, {"state": "s", "nonce": "n"}

    def finish(self, *, query: dict[str, str], kept: dict[str, str], redirect_uri: str, now: float) -> SignIn:
        if self.fails:
            raise SignInFailed(self.fails, "Y000000")
        return SignIn(self.identity, "eidas2", ("fc", "mfa"), int(now), "inner.id.token", "signed.user.info")

    def logout_url(self, *, id_token: str, state: str, post_logout_redirect_uri: str) -> str:
        return f"https://franceconnect.example/end?hint={id_token}&back={post_logout_redirect_uri}"

    def public_keys(self) -> dict[str, Any]:
        return {"keys": [{"kid": "one"}, {"kid": "two"}]}


class FakeRegister:
    """Knows one person by NUMIC and e-mail."""

    def __init__(self) -> None:
        self.entry = ENTRY
        self.down = False

    def holds(self, **values: object) -> None:
        self.entry = replace(self.entry, **values)

    def verify(self, *, numic: str, email: str, identity: PivotIdentity) -> RegisterEntry:
        if self.down:
            raise PartnerUnavailable("register", "timeout")
        same_person = identity.family_name == JEANNE.family_name
        if (numic, email) != (self.entry.numic, self.entry.email) or not same_person:
            raise NoMatch("mismatch")
        return self.entry
