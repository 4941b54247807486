"""Keys that change, clocks that differ, outages, and signing out."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from escale.partners.franceconnect.adapter import FranceConnect
from escale.ports.errors import PartnerUnavailable
from escale.ports.franceconnect import SignIn, SignInFailed
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import Citizen
from tests.partners.franceconnect.wire import Wire


class Attempt:
    """A sign-in of Jeanne: come back from FranceConnect+, then finish when the test says."""

    def __init__(self, adapter: FranceConnect, wire: Wire) -> None:
        self.adapter, self.wire = adapter, wire
        address, self.kept = adapter.start(redirect_uri=wire.redirect_uri)
        self.query = Citizen().sign_in(address)

    def finish(self) -> SignIn:
        now = self.wire.simulators.now().timestamp()
        return self.adapter.finish(query=self.query, kept=self.kept, redirect_uri=self.wire.redirect_uri, now=now)

    def failed(self) -> str:
        with pytest.raises(SignInFailed) as failed:
            self.finish()
        assert failed.value.outcome == "technical"
        return failed.value.code


@pytest.fixture
def attempt(adapter: FranceConnect, wire: Wire) -> Any:
    return lambda: Attempt(adapter, wire)


def test_a_new_signing_key_is_fetched_without_anyone_noticing(attempt: Any, wire: Wire) -> None:
    attempt().finish()
    wire.switch(rotate="1")
    assert attempt().finish().identity.family_name == "DURAND"
    published = httpx.get(f"{wire.base}/jwks", trust_env=False).json()["keys"]
    assert len(published) == 2
    assert not any("d" in key for key in published)


def test_a_key_that_is_never_published_is_refused(attempt: Any, wire: Wire) -> None:
    started = attempt()
    wire.switch(unpublished_key="1")
    assert started.failed() == "unknown_key"
    assert attempt().finish().acr == "eidas2"


@pytest.mark.parametrize("skew", ["-50", "50"])
def test_a_minute_of_difference_between_clocks_is_borne(attempt: Any, wire: Wire, skew: str) -> None:
    wire.switch(skew=skew)
    try:
        assert attempt().finish().acr == "eidas2"
    finally:
        wire.switch(skew="0")


@pytest.mark.parametrize(("skew", "code"), [("-130", "expired"), ("70", "issued_later")])
def test_more_than_a_minute_is_not(attempt: Any, wire: Wire, skew: str, code: str) -> None:
    wire.switch(skew=skew)
    try:
        assert attempt().failed() == code
    finally:
        wire.switch(skew="0")


def test_a_return_cannot_serve_twice(attempt: Any) -> None:
    started = attempt()
    started.finish()
    assert started.failed().startswith("invalid_grant/Y04")


def test_a_slow_person_starts_again(attempt: Any, simulators: Simulators) -> None:
    started = attempt()
    simulators.advance(seconds=31)
    assert started.failed() == "invalid_grant/Y049E20B"


@pytest.mark.parametrize(("mode", "code"), [("error", "503"), ("lost_reply", "RemoteProtocolError")])
def test_nothing_is_repeated_when_the_exchange_fails(
    attempt: Any, simulators: Simulators, mode: str, code: str
) -> None:
    started = attempt()
    simulators.fault("franceconnect", mode)
    assert started.failed() == code
    if mode == "lost_reply":  # the code was used up by the answer that never came
        assert started.failed().startswith("invalid_grant/Y04")
    assert attempt().finish().acr == "eidas2"


def test_franceconnect_out_of_reach_is_told(adapter: FranceConnect) -> None:
    lost = FranceConnect(
        issuer="http://127.0.0.1:9/api/v2",
        client_id="nous",
        client_secret="secret",
        keys=adapter.public_keys(),
        timeout=0.5,
    )
    with pytest.raises(PartnerUnavailable) as failed:
        lost.start(redirect_uri="http://127.0.0.1/connexion/retour")
    assert failed.value.code == "ConnectError"
    with pytest.raises(PartnerUnavailable):
        lost.logout_url(id_token="t", state="s", post_logout_redirect_uri="http://127.0.0.1/")


def test_what_was_known_serves_on_while_franceconnect_is_out_of_reach(
    adapter: FranceConnect, simulators: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = adapter.logout_url(id_token="t", state="s", post_logout_redirect_uri="http://127.0.0.1/")
    real = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: real() + 3601)  # past the hour for which metadata are kept
    simulators.fault("franceconnect", "error", 2)
    try:
        again = adapter.logout_url(id_token="t", state="s", post_logout_redirect_uri="http://127.0.0.1/")
    finally:
        simulators.fault("franceconnect", "")
    assert again == before


def test_nothing_personal_reaches_the_log(attempt: Any, wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="escale")
    signed_in = attempt().finish()
    wire.switch(unpublished_key="1")
    attempt().failed()
    for secret in ("DURAND", "Jeanne", signed_in.identity.sub, signed_in.id_token):
        assert secret not in caplog.text


def test_signing_out_ends_the_session_and_comes_back(adapter: FranceConnect, wire: Wire) -> None:
    citizen = Citizen()
    address, kept = adapter.start(redirect_uri=wire.redirect_uri)
    query = citizen.sign_in(address)
    now = wire.simulators.now().timestamp()
    signed_in = adapter.finish(query=query, kept=kept, redirect_uri=wire.redirect_uri, now=now)
    home = f"{wire.simulators.portal_url}/"
    leave = adapter.logout_url(id_token=signed_in.id_token, state="etat", post_logout_redirect_uri=home)
    answer = citizen.browser.get(leave)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{home}?state=etat")
    again = citizen.open(adapter.start(redirect_uri=wire.redirect_uri)[0])
    assert "choisissez votre compte" in again.text


def test_signing_out_wants_the_exact_address(adapter: FranceConnect, wire: Wire) -> None:
    _, _, _, inner = wire.opened(wire.token(wire.code()).json()["id_token"])
    home = wire.simulators.portal_url
    for back in (home, f"{home}/ailleurs", "https://ailleurs.example/"):
        address = adapter.logout_url(id_token=inner, state="etat", post_logout_redirect_uri=back)
        assert httpx.get(address, trust_env=False).status_code == 400
    without_hint = dict(parse_qsl(urlsplit(address).query)) | {"post_logout_redirect_uri": f"{home}/"}
    del without_hint["id_token_hint"]
    assert httpx.get(f"{wire.base}/session/end", params=without_hint, trust_env=False).status_code == 400
    reception = f"{wire.simulators.reception_url}/"
    right = adapter.logout_url(id_token=inner, state="etat", post_logout_redirect_uri=reception)
    assert httpx.get(right, trust_env=False).headers["location"] == f"{reception}?state=etat"
    alone = httpx.get(f"{wire.base}/session/end", params={"id_token_hint": inner}, trust_env=False)
    assert (alone.status_code, "déconnecté" in alone.text) == (200, True)


def test_switches_explain_what_they_refuse(simulators: Simulators) -> None:
    page = f"{simulators.url}/franceconnect/_reglages"
    assert httpx.get(page, trust_env=False).status_code == 200
    assert httpx.post(page, data={"skew": "beaucoup"}, trust_env=False).status_code == 400
    assert httpx.post(page, data={"outcome": "surprise"}, trust_env=False).status_code == 400
