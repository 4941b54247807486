"""The adapter trusts nothing but the right answer to its own question."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc.jwk import ECKey

from escale.partners.proconnect.adapter import ProConnect
from escale.ports.franceconnect import SignInFailed
from escale.ports.proconnect import AgentSignIn
from tests.partners.conftest import Simulators
from tests.partners.forger import Forger, forging
from tests.partners.proconnect.agent_browser import AgentBrowser
from tests.partners.proconnect.wire import Wire

REDIRECT = "http://127.0.0.1/connexion/retour"


@dataclass
class Question:
    """A sign-in under way before the forger."""

    forger: Forger
    adapter: ProConnect
    kept: dict[str, str]

    def finish(self, **query: str | None) -> AgentSignIn:
        right: dict[str, str | None] = {"code": "c", "state": self.kept["state"], "iss": self.forger.issuer}
        given = {name: value for name, value in {**right, **query}.items() if value is not None}
        return self.adapter.finish(query=given, kept=self.kept, redirect_uri=REDIRECT, now=time.time())

    def refused(self, **query: str | None) -> tuple[str, str]:
        with pytest.raises(SignInFailed) as failed:
            self.finish(**query)
        return failed.value.outcome, failed.value.code


@pytest.fixture
def question() -> Iterator[Question]:
    with forging() as forger:
        adapter = ProConnect(
            issuer=forger.issuer,
            client_id="nous",
            client_secret="secret",
            sirets=frozenset({"99900000600018"}),
            providers=frozenset({"fournisseur"}),
            acrs=("eidas1-mfa",),
            timeout=2.0,
        )
        _, kept = adapter.start(redirect_uri=REDIRECT, force_login=True)
        now = int(time.time())
        dates = {"iss": forger.issuer, "aud": "nous", "iat": now, "exp": now + 60, "sub": "s"}
        forger.id_claims = {
            **dates, "nonce": kept["nonce"], "acr": "eidas1-mfa", "amr": ["pwd", "mfa"], "auth_time": now
        }  # fmt: skip
        forger.user_claims = {**dates, "idp_id": "fournisseur", "siret": "99900000600018", "email": "a@b.example"}
        yield Question(forger, adapter, kept)


def test_the_right_answer_is_believed(question: Question) -> None:
    assert question.finish().identity.idp_id == "fournisseur"


def test_an_answer_without_issuer_is_believed(question: Question) -> None:
    """The documentation of 2025 does not promise ``iss`` in the return; a wrong one is refused all the same."""
    assert question.finish(iss=None).identity.sub == "s"
    question.forger.asked.clear()
    assert question.refused(iss="https://ailleurs.example") == ("technical", "issuer")
    assert question.forger.asked == []


@pytest.mark.parametrize("state", ["another", "", None])
def test_another_return_asks_nothing(question: Question, state: str | None) -> None:
    assert question.refused(state=state) == ("technical", "state")
    assert "/token" not in question.forger.asked


@pytest.mark.parametrize(
    ("claims", "outcome", "code"),
    [
        ({"acr": "eidas1"}, "refused", "mfa"),
        ({"acr": None}, "refused", "mfa"),
        ({"amr": ["pwd"]}, "refused", "mfa"),
        ({"amr": "mfa"}, "refused", "mfa"),
        ({"amr": None}, "refused", "mfa"),
        ({"auth_time": 1_000_000_000}, "refused", "stale"),
        ({"auth_time": None}, "technical", "auth_time"),
        ({"nonce": "another"}, "technical", "nonce"),
        ({"aud": "un-autre-service"}, "technical", "audience"),
        ({"iss": "https://ailleurs.example"}, "technical", "issuer"),
        ({"exp": 1_000_000_000}, "technical", "expired"),
    ],
)
def test_a_wrong_id_token_is_refused(question: Question, claims: dict[str, Any], outcome: str, code: str) -> None:
    question.forger.id_claims |= claims
    assert question.refused() == (outcome, code)


@pytest.mark.parametrize(
    ("claims", "outcome", "code"),
    [
        ({"sub": "un-autre-agent"}, "technical", "subject"),
        ({"siret": "12345678901234"}, "refused", "siret"),
        ({"siret": None}, "refused", "siret"),
        ({"idp_id": "un-autre"}, "refused", "idp_id"),
        ({"idp_id": None}, "technical", "userinfo_shape"),
        ({"email": ["a@b.example"]}, "technical", "userinfo_shape"),
    ],
)
def test_a_wrong_identity_is_refused(question: Question, claims: dict[str, Any], outcome: str, code: str) -> None:
    question.forger.user_claims |= claims
    assert question.refused() == (outcome, code)


def test_a_signature_by_another_key_is_refused(question: Question) -> None:
    question.forger.key = ECKey.generate_key("P-256", {"kid": "right"}, private=True)
    assert question.refused() == ("technical", "signature")


@pytest.mark.parametrize(
    ("error", "description", "expected"),
    [
        ("access_denied", "User auth aborted", ("cancelled", "access_denied")),
        ("access_denied", "requested ACRs could not be satisfied", ("refused", "access_denied")),
        ("login_required", "End-User authentication is required", ("refused", "login_required")),
        ("server_error", "", ("technical", "server_error")),
    ],
)
def test_errors_become_three_outcomes(
    question: Question, error: str, description: str, expected: tuple[str, str]
) -> None:
    assert question.refused(code=None, error=error, error_description=description) == expected


@pytest.mark.parametrize("shape", ["2025", "2026"])
def test_both_shapes_of_answer_sign_in(adapter: ProConnect, wire: Wire, shape: str) -> None:
    wire.switch(shape=shape)
    try:
        address, kept = adapter.start(redirect_uri=wire.redirect_uri)
        query = AgentBrowser().sign_in(address)
        now = wire.simulators.now().timestamp()
        signed_in = adapter.finish(query=query, kept=kept, redirect_uri=wire.redirect_uri, now=now)
    finally:
        wire.switch(shape="2026")
    assert signed_in.identity.usual_name == "Perrin"


@pytest.mark.parametrize(("mode", "code"), [("error", "503"), ("lost_reply", "RemoteProtocolError")])
def test_nothing_is_repeated_when_the_exchange_fails(
    adapter: ProConnect, simulators: Simulators, wire: Wire, mode: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="escale")
    address, kept = adapter.start(redirect_uri=wire.redirect_uri)
    query = AgentBrowser().sign_in(address)
    simulators.fault("proconnect", mode)
    with pytest.raises(SignInFailed) as failed:
        adapter.finish(query=query, kept=kept, redirect_uri=wire.redirect_uri, now=simulators.now().timestamp())
    assert (failed.value.outcome, failed.value.code) == ("technical", code)
    assert query["code"] not in caplog.text


def test_signing_out_comes_back_to_the_desk(adapter: ProConnect, simulators: Simulators, wire: Wire) -> None:
    browser = AgentBrowser()
    address, kept = adapter.start(redirect_uri=wire.redirect_uri)
    query = browser.sign_in(address)
    now = simulators.now().timestamp()
    signed_in = adapter.finish(query=query, kept=kept, redirect_uri=wire.redirect_uri, now=now)
    home = f"{simulators.desk_url}/"
    leave = adapter.logout_url(id_token=signed_in.id_token, state="etat", post_logout_redirect_uri=home)
    assert browser.browser.get(leave).headers["location"] == f"{home}?state=etat"
