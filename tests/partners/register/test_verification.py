"""Matching a person with the register: the real adapter before the simulator."""

from __future__ import annotations

import logging

import httpx
import pytest

from escale.partners.kit.people import Person, people
from escale.partners.register.adapter import Register
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.register import NoMatch, PostalAddress, RegisterEntry
from tests.partners.conftest import Simulators
from tests.partners.register.conftest import built, identity_of


@pytest.fixture(autouse=True)
def same_people(simulators: Simulators, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test reads the same dates as the simulator, counted from its today: a test may have moved it by years."""
    monkeypatch.setenv("ESCALE_DATA_DIR", str(simulators.data_dir))
    draft = simulators.data_dir / "demo-first-day.draft"
    draft.write_text(simulators.now().date().isoformat())
    draft.replace(simulators.data_dir / "demo-first-day")


def someone(login: str) -> Person:
    return next(person for person in people() if person.login == login)


def verify(register: Register, person: Person, **changes: str) -> RegisterEntry:
    numic, email = changes.pop("numic", person.numic), changes.pop("email", person.register_email)
    return register.verify(numic=numic, email=email, identity=identity_of(person, **changes))


def test_jeanne_is_found_with_her_address_and_post(register: Register) -> None:
    jeanne = someone("jeanne")
    assert verify(register, jeanne) == RegisterEntry(
        numic=jeanne.numic,
        email="jeanne@courriel.example",
        phone=jeanne.phone,
        usage_name="MARTIN",
        address=PostalAddress("301 rue King Ouest", "Appartement 1204", "M5V 1J5", "Toronto ON", "CA"),
        post_code="CA-TORONTO",
        registered_on=jeanne.registered_on,
        registered_until=jeanne.registered_until,
        resident_since=jeanne.resident_since,
        already_renewed_remotely=False,
    )


HAPPY = [person.login for person in people() if person.story.startswith(("happy", "twin", "homonym"))]


@pytest.mark.parametrize("login", HAPPY)
def test_everyone_of_the_demonstration_who_should_match_does(register: Register, login: str) -> None:
    assert verify(register, someone(login)).post_code == someone(login).post_code


@pytest.mark.parametrize(
    ("login", "changes"),
    [
        ("joelle", {"given_names": "JOELLE", "family_name": "Dubinore"}),
        ("melissandre", {"family_name": "TROIS DUPRÉ"}),
        ("angela", {"given_names": "Angela"}),
        ("fleuret", {"birthdate": "1992-11-23"}),
        ("targe", {"birthdate": "1992-00-00"}),
        ("alia", {"birthplace": ""}),
        ("camille_laforge", {"gender": "female"}),
        ("jeanne", {"numic": "24 68 13 73", "email": " Jeanne@Courriel.example "}),
    ],
)
def test_small_differences_of_writing_do_not_matter(register: Register, login: str, changes: dict[str, str]) -> None:
    assert verify(register, someone(login), **changes).numic == someone(login).numic


@pytest.mark.parametrize(
    ("login", "changes", "reason"),
    [
        ("hugo", {"email": "autre@courriel.example"}, "mismatch"),
        ("hugo", {"family_name": "BESSIN"}, "mismatch"),
        ("lucie", {"given_names": "Manon"}, "mismatch"),
        ("fleuret", {"birthdate": "1992-12-00"}, "mismatch"),
        ("elena", {"birthplace": "66137"}, "mismatch"),
        ("elena", {"birthcountry": "99134"}, "mismatch"),
        ("elena", {"gender": "male"}, "mismatch"),
        ("tiago", {"numic": "99999999"}, "mismatch"),
        ("tiago", {"numic": "abc"}, "mismatch"),
        ("paul", {}, "expired"),
        ("paul", {"email": "autre@courriel.example"}, "mismatch"),
        ("gilles", {}, "struck_off"),
    ],
)
def test_every_disagreement_is_one_answer(register: Register, login: str, changes: dict[str, str], reason: str) -> None:
    with pytest.raises(NoMatch) as refused:
        verify(register, someone(login), **changes)
    assert refused.value.reason == reason


def test_five_wrong_tries_then_wait_an_hour(register: Register, simulators: Simulators) -> None:
    iris = someone("iris")
    for _ in range(5):
        with pytest.raises(NoMatch):
            verify(register, iris, email="autre@courriel.example")
    with pytest.raises(PartnerRefused) as refused:
        verify(register, iris)
    assert refused.value.code == "429"
    assert refused.value.retry_after is not None
    assert 3500 < refused.value.retry_after <= 3600
    simulators.advance(hours=1, seconds=1)
    assert verify(register, iris).numic == iris.numic


def test_an_unknown_number_waits_like_a_known_one(register: Register) -> None:
    for _ in range(5):
        with pytest.raises(NoMatch):
            verify(register, someone("hugo"), numic="11112222")
    with pytest.raises(PartnerRefused):
        verify(register, someone("hugo"), numic="11112222")


def test_one_failure_is_repeated_two_are_told(register: Register, simulators: Simulators) -> None:
    simulators.fault("registre", "error", 1)
    assert verify(register, someone("solene")).post_code == "CA-TORONTO"
    simulators.fault("registre", "error", 2)
    with pytest.raises(PartnerUnavailable) as failed:
        verify(register, someone("solene"))
    assert failed.value.code == "503"


def test_a_register_that_keeps_failing_is_left_alone(register: Register, simulators: Simulators) -> None:
    simulators.fault("registre", "error", 10)
    try:
        for _ in range(3):
            with pytest.raises(PartnerUnavailable):
                verify(register, someone("solene"))
        with pytest.raises(PartnerUnavailable) as failed:
            verify(register, someone("solene"))
    finally:
        simulators.fault("registre", "")
    assert failed.value.code == "circuit_open"


def test_a_slow_register_is_not_waited_for(register: Register, simulators: Simulators) -> None:
    simulators.fault("registre", "slow", 2)
    try:
        with pytest.raises(PartnerUnavailable) as failed:
            built(simulators, TIMEOUT="0.3").verify(
                numic="24681373", email="jeanne@courriel.example", identity=identity_of(someone("jeanne"))
            )
    finally:
        simulators.fault("registre", "")
    assert failed.value.code == "ReadTimeout"


def test_a_wrong_token_is_refused(simulators: Simulators) -> None:
    with pytest.raises(PartnerRefused) as refused:
        verify(built(simulators, TOKEN="another"), someone("jeanne"))
    assert refused.value.code == "JETON"


def test_nothing_personal_reaches_the_log(
    register: Register, simulators: Simulators, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    simulators.fault("registre", "error", 2)
    jeanne = someone("jeanne")
    with pytest.raises(PartnerUnavailable) as failed:
        verify(register, jeanne)
    told = caplog.text + str(failed.value)
    assert "correlation" in told
    for secret in (jeanne.numic, jeanne.register_email, jeanne.family_name):
        assert secret not in told


def test_new_contact_details_are_read_at_the_register(register: Register, simulators: Simulators) -> None:
    pierre = someone("pierre_barcelone")
    page = f"{simulators.url}/registre/inscrits/{pierre.numic}/"
    changed = httpx.post(page, data={"phone": "+34600111222", "city": "Sabadell"}, trust_env=False)
    assert changed.status_code == 302
    entry = verify(register, pierre)
    assert (entry.phone, entry.address.city, entry.address.line1) == ("+34600111222", "Sabadell", pierre.address.line1)


def test_the_demonstration_page_lists_everyone_with_number_and_email(simulators: Simulators) -> None:
    page = httpx.get(f"{simulators.url}/registre/inscrits/", trust_env=False).text
    for person in people():
        assert (f"{person.given_names} {person.family_name}" in page) == bool(person.numic)
        assert person.numic in page
        assert person.register_email in page
