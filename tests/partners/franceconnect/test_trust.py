"""The adapter trusts nothing but the right answer to its own question."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, KeySet

from escale.partners.franceconnect.adapter import FranceConnect
from escale.ports.errors import PartnerUnavailable
from escale.ports.franceconnect import SignIn, SignInFailed
from tests.partners.forger import Forger, forging

REDIRECT = "http://127.0.0.1/connexion/retour"
_ENCRYPTION = JWERegistry(algorithms=["ECDH-ES", "A128GCM", "A256GCM"], strict_check_header=False)
OURS = ECKey.generate_key("P-256", {"kid": "ours", "use": "enc"}, private=True)


def sealing(key: ECKey = OURS, **changes: str) -> Any:
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "cty": "JWT", "kid": "ours", **changes}
    return lambda token: jwe.encrypt_compact(header, token, key, registry=_ENCRYPTION)


@dataclass
class Question:
    """A sign-in under way before the forger."""

    forger: Forger
    adapter: FranceConnect
    kept: dict[str, str]

    def finish(self, **query: str | None) -> SignIn:
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
        adapter = FranceConnect(
            issuer=forger.issuer,
            client_id="nous",
            client_secret="secret",
            keys=KeySet([OURS]).as_dict(private=True),
            timeout=2.0,
        )
        _, kept = adapter.start(redirect_uri=REDIRECT)
        dates = {"iss": forger.issuer, "aud": "nous", "iat": int(time.time()), "exp": int(time.time()) + 60}
        forger.seal = sealing()
        forger.id_claims = {**dates, "sub": "s", "nonce": kept["nonce"], "acr": "eidas2", "auth_time": dates["iat"]}
        forger.user_claims = {
            **dates,
            "sub": "s",
            "given_name": "Jeanne",
            "family_name": "DURAND",
            "birthdate": "1962-08-24",
        }
        yield Question(forger, adapter, kept)


def test_the_right_answer_is_believed(question: Question) -> None:
    signed_in = question.finish()
    assert (signed_in.identity.family_name, signed_in.acr, signed_in.amr) == ("DURAND", "eidas2", ())


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"state": "another"}, "state"),
        ({"state": None}, "state"),
        ({"state": ""}, "state"),
        ({"iss": "https://ailleurs.example"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"code": None}, "code"),
    ],
)
def test_a_wrong_return_asks_nothing_of_franceconnect(
    question: Question, query: dict[str, str | None], code: str
) -> None:
    assert question.refused(**query) == ("technical", code)
    assert "/token" not in question.forger.asked


def test_a_sign_in_without_memory_is_refused(question: Question) -> None:
    question.kept = {**question.kept, "state": ""}
    assert question.refused(state="") == ("technical", "state")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://ailleurs.example"}, "issuer"),
        ({"aud": "un-autre-service"}, "audience"),
        ({"aud": ["nous", "un-autre-service"]}, "audience"),
        ({"aud": None}, "audience"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"iat": 4_000_000_000, "exp": 4_000_000_060}, "issued_later"),
        ({"exp": None}, "dates"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": None}, "nonce"),
    ],
)
def test_a_wrong_id_token_is_refused(question: Question, claims: dict[str, Any], code: str) -> None:
    question.forger.id_claims |= claims
    assert question.refused() == ("technical", code)
    assert "/userinfo" not in question.forger.asked


@pytest.mark.parametrize("acr", ["eidas1", "", None, "eidas9", ["eidas2"]])
def test_a_level_too_low_is_a_refusal(question: Question, acr: object) -> None:
    question.forger.id_claims["acr"] = acr
    assert question.refused() == ("refused", "acr")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"sub": "une-autre-personne"}, "subject"),
        ({"aud": "un-autre-service"}, "audience"),
        ({"iss": "https://ailleurs.example"}, "issuer"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"given_name": ""}, "userinfo_shape"),
        ({"family_name": ["DURAND"]}, "userinfo_shape"),
        ({"birthdate": "24/08/1962"}, "userinfo_shape"),
    ],
)
def test_a_wrong_identity_is_refused(question: Question, claims: dict[str, Any], code: str) -> None:
    question.forger.user_claims |= claims
    assert question.refused() == ("technical", code)


def test_a_signature_by_another_key_is_refused(question: Question) -> None:
    question.forger.key = ECKey.generate_key("P-256", {"kid": "right"}, private=True)
    assert question.refused() == ("technical", "signature")


def test_an_unknown_key_is_asked_for_once_then_refused(question: Question) -> None:
    question.forger.header = {"kid": "unknown"}
    assert question.refused() == ("technical", "unknown_key")
    assert question.forger.asked.count("/jwks") == 2


def test_a_token_for_another_reader_is_refused(question: Question) -> None:
    question.forger.seal = sealing(ECKey.generate_key("P-256", private=True))
    assert question.refused() == ("technical", "decryption")


@pytest.mark.parametrize("changes", [{"enc": "A128GCM"}, {"cty": "text/plain"}, {"kid": "unknown"}])
def test_another_encryption_is_refused(question: Question, changes: dict[str, str]) -> None:
    question.forger.seal = sealing(**changes)
    outcome, code = question.refused()
    assert outcome == "technical"
    assert code in {"decryption", "encryption"}


def test_a_token_that_is_only_signed_is_refused(question: Question) -> None:
    question.forger.seal = lambda token: token
    assert question.refused() == ("technical", "not_encrypted")


@pytest.mark.parametrize(
    "inner",
    [
        "eyJhbGciOiJub25lIn0.e30.",  # alg none
        "eyJhbGciOiJIUzI1NiIsImtpZCI6InJpZ2h0In0.e30.AAAA",  # HMAC with a public key as its secret
    ],
)
def test_another_signature_algorithm_is_refused(question: Question, inner: str) -> None:
    question.forger.seal = lambda _: sealing()(inner)
    assert question.refused() == ("technical", "algorithm")


def test_plain_json_is_no_identity(question: Question) -> None:
    question.forger.userinfo_type = "application/json"
    assert question.refused() == ("technical", "userinfo_type")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"token_type": "Bearer", "access_token": "a"}, "token_shape"),
        ({"token_type": "mac", "access_token": "a", "id_token": "b"}, "token_shape"),
        (["surprise"], "token_shape"),
        ({"token_type": "Bearer", "access_token": "a", "id_token": "a.b.c.d.e"}, "decryption"),
        ({"token_type": "Bearer", "access_token": "a", "id_token": "x" * 40_000}, "not_encrypted"),
    ],
)
def test_a_strange_answer_of_the_token_endpoint(question: Question, document: Any, code: str) -> None:
    question.forger.documents["/token"] = document
    assert question.refused() == ("technical", code)


def test_the_metadata_must_be_those_of_the_issuer(question: Question) -> None:
    adapter = FranceConnect(
        issuer=f"{question.forger.issuer}/autre",
        client_id="nous",
        client_secret="secret",
        keys=KeySet([OURS]).as_dict(private=True),
    )
    with pytest.raises(PartnerUnavailable) as failed:
        adapter.start(redirect_uri=REDIRECT)
    assert failed.value.code == "issuer"


@pytest.mark.parametrize(
    ("error", "description", "expected"),
    [
        ("access_denied", "User auth aborted", ("cancelled", "access_denied")),
        ("access_denied", "user authentication aborted", ("refused", "access_denied")),
        ("server_error", "anything", ("technical", "server_error")),
        ("temporarily_unavailable", "", ("technical", "temporarily_unavailable")),
        ("invalid_acr", "", ("technical", "invalid_acr")),
        ("<script>", "", ("technical", "unknown")),
    ],
)
def test_errors_become_three_outcomes(
    question: Question, error: str, description: str, expected: tuple[str, str]
) -> None:
    assert question.refused(code=None, error=error, error_description=description) == expected
