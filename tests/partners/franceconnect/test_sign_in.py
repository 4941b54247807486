"""Signing in through FranceConnect+: the real adapter, the simulator, a browser."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from escale.partners.franceconnect.adapter import FranceConnect
from escale.ports.franceconnect import PivotIdentity, SignIn, SignInFailed
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import Citizen


def sign_in(
    adapter: FranceConnect, simulators: Simulators, redirect_uri: str, login: str = "jeanne", **form: str
) -> SignIn:
    address, kept = adapter.start(redirect_uri=redirect_uri)
    query = Citizen().sign_in(address, login, **form)
    return adapter.finish(query=query, kept=kept, redirect_uri=redirect_uri, now=simulators.now().timestamp())


def test_jeanne_signs_in_with_her_civil_status(
    adapter: FranceConnect, simulators: Simulators, redirect_uri: str
) -> None:
    signed_in = sign_in(adapter, simulators, redirect_uri)
    sub = signed_in.identity.sub
    assert re.fullmatch(r"[0-9a-f]{64}v1", sub)
    assert signed_in.identity == PivotIdentity(
        sub=sub,
        given_names="Jeanne",
        family_name="DURAND",
        birthdate="1962-08-24",
        gender="female",
        birthplace="75107",
        birthcountry="99100",
        preferred_username="MARTIN",
        email="jeanne@identite.example",
    )
    assert signed_in.acr == "eidas2"
    assert signed_in.amr == ("fc", "pop", "mfa", "pin")
    assert abs(signed_in.auth_time - simulators.now().timestamp()) < 30
    assert signed_in.id_token.count(".") == signed_in.evidence.count(".") == 2


def test_both_sites_know_the_same_person(adapter: FranceConnect, simulators: Simulators, redirect_uri: str) -> None:
    portal = sign_in(adapter, simulators, redirect_uri)
    reception = sign_in(adapter, simulators, f"{simulators.reception_url}/connexion/retour")
    twin = sign_in(adapter, simulators, redirect_uri, "lucie")
    assert portal.identity.sub == reception.identity.sub != twin.identity.sub


@pytest.mark.parametrize(
    ("login", "birthdate", "birthplace"),
    [
        ("clement", "1991-02-12", "2A115"),
        ("fleuret", "1992-11-00", ""),
        ("targe", "1992-00-00", ""),
        ("vincent", "1963-12-05", ""),
        ("alia", "1984-03-19", "Alger"),
    ],
)
def test_unusual_births_pass_unchanged(
    adapter: FranceConnect, simulators: Simulators, redirect_uri: str, login: str, birthdate: str, birthplace: str
) -> None:
    identity = sign_in(adapter, simulators, redirect_uri, login).identity
    assert (identity.birthdate, identity.birthplace) == (birthdate, birthplace)


def test_the_request_holds_the_closed_list_alone(adapter: FranceConnect, redirect_uri: str) -> None:
    address, kept = adapter.start(redirect_uri=redirect_uri)
    query = dict(parse_qsl(urlsplit(address).query))
    expected = {"client_id", "redirect_uri", "response_type", "scope", "acr_values", "claims", "state", "nonce"}
    assert set(query) == expected
    assert min(len(kept["state"]), len(kept["nonce"])) >= 32
    assert adapter.start(redirect_uri=redirect_uri)[1]["state"] != kept["state"]


def test_a_higher_level_than_asked_is_welcome(
    adapter: FranceConnect, simulators: Simulators, redirect_uri: str
) -> None:
    assert sign_in(adapter, simulators, redirect_uri, acr="eidas3").acr == "eidas3"


def test_going_back_is_a_cancellation(adapter: FranceConnect, simulators: Simulators, redirect_uri: str) -> None:
    address, kept = adapter.start(redirect_uri=redirect_uri)
    citizen = Citizen()
    query = dict(parse_qsl(urlsplit(citizen.choose(citizen.open(address), cancel="1").headers["location"]).query))
    with pytest.raises(SignInFailed) as failed:
        adapter.finish(query=query, kept=kept, redirect_uri=redirect_uri, now=simulators.now().timestamp())
    assert failed.value.outcome == "cancelled"


def test_a_refusal_of_franceconnect_is_told_apart(
    adapter: FranceConnect, simulators: Simulators, redirect_uri: str
) -> None:
    with pytest.raises(SignInFailed) as failed:
        sign_in(adapter, simulators, redirect_uri, "auguste")
    assert (failed.value.outcome, failed.value.code) == ("refused", "access_denied")
