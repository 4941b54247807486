"""The people and agents of the demonstration are what their stories say, whatever the day."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from escale import clock
from escale.case.values import PassportNumber
from escale.partners.kit.people import NEIGHBOUR, Person, agent, agents, first_day, people, person, resolve
from escale.partners.proconnect.settings import DEMO_IDP, DEMO_SIRET

COMPETENT = {
    "AU-SYDNEY", "CA-MONTREAL", "CA-TORONTO", "CA-VANCOUVER", "CA-QUEBEC", "ES-MADRID", "ES-BARCELONA", "PT-LISBON"
}  # fmt: skip
OTHERS = {"CA-OTTAWA", "CA-MONCTON", "PT-PORTO"}
TODAY = datetime(2027, 2, 28, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def new_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALE_DATA_DIR", str(tmp_path))


def years_after(day: date, years: int) -> date:
    return resolve(f"+{years}y", day)


def born(someone: Person) -> date:
    year, month, day = someone.birthdate.split("-")
    return date(int(year), int(month) or 12, int(day) or 28)


def fits(someone: Person) -> bool:
    """E1, E3, E4, E6, E7, X4 and P1 of the journey, on the first day."""
    today, passport = first_day(), someone.passport
    return all(
        (
            years_after(born(someone), 18) <= today,
            years_after(born(someone), 18) <= passport.issued_on <= today,
            today <= years_after(passport.expires_on, 5),
            someone.address.country == someone.post_code[:2],
            resolve("+6m", someone.resident_since) <= today,
            someone.registered_on <= today <= someone.registered_until,
            someone.post_code in COMPETENT,
            bool(someone.numic and someone.email and someone.register_email),
            not (someone.struck_off or someone.deceased or someone.already_renewed_remotely or passport.remote),
        )
    )


REFUSED = {
    "registration_expired",
    "resident_too_recent",
    "already_renewed",
    "moved_country",
    "struck_off",
    "post_not_competent",
    "no_email",
    "minor",
    "passport_of_a_minor",
    "passport_expired_too_long",
    "not_registered",
    "deceased",
}


def test_every_story_is_true_and_every_refusal_has_its_person() -> None:
    assert len(people()) >= 30
    for someone in people():
        assert fits(someone) == (someone.story not in REFUSED), someone.login
    assert {someone.story for someone in people()} >= REFUSED
    happy_posts = {someone.post_code for someone in people() if fits(someone)}
    assert happy_posts == COMPETENT


@pytest.mark.parametrize("day", [datetime(2028, 2, 29, 9, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)])
def test_stories_hold_on_any_first_day(day: datetime) -> None:
    with time_machine.travel(day, tick=False):
        assert first_day() == day.date()
        assert {someone.login for someone in people() if not fits(someone)} == {
            someone.login for someone in people() if someone.story in REFUSED
        }


def test_values_have_the_shapes_that_partners_expect() -> None:
    for someone in people():
        assert re.fullmatch(r"[0-9]{2}[A-Z]{2}[0-9]{5}", someone.passport.number)
        assert PassportNumber.parse(someone.passport.number).text == someone.passport.number
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", someone.birthdate)
        assert re.fullmatch(r"99\d{3}", someone.birthcountry)
        if someone.birthcountry == "99100":
            assert re.fullmatch(r"(2[AB]|[0-9]{2})[0-9]{3}", someone.birthplace)
        assert not someone.numic or re.fullmatch(r"[0-9]{6,12}", someone.numic)
        assert someone.post_code in COMPETENT | OTHERS
        assert not someone.phone or re.fullmatch(r"\+\d{8,15}", someone.phone)
        assert all(text.endswith(".example") for text in (someone.email, someone.register_email) if text)


def test_nobody_shares_what_must_be_unique() -> None:
    for values in (
        [someone.login for someone in people()],
        [someone.passport.number for someone in people()],
        [someone.numic for someone in people() if someone.numic],
        [member.login for member in agents()],
        [(member.idp_id, member.sub) for member in agents()],
        [member.email for member in agents()],
    ):
        assert max(Counter(values).values()) == 1


def test_the_days_do_not_move_with_the_clock() -> None:
    before = person("jeanne").passport
    clock.advance(timedelta(days=400))
    assert person("jeanne").passport == before


def test_passports_run_ten_years() -> None:
    jeanne = person("jeanne").passport
    assert years_after(jeanne.issued_on, 10) - timedelta(days=1) == jeanne.expires_on


def test_every_competent_post_has_an_agent_and_a_supervisor() -> None:
    for post in COMPETENT:
        roles = {member.role for member in agents() if member.post_code == post and member.active and member.mfa}
        assert roles >= {"agent", "supervisor"}, post
    assert {"auditor", "support", "administrator"} <= {member.role for member in agents()}


def test_agents_of_the_ministry_pass_the_lists_of_the_demonstration() -> None:
    admitted = {member.login for member in agents() if (member.siret, member.idp_id) == (DEMO_SIRET, DEMO_IDP)}
    assert admitted == {member.login for member in agents()} - {"morgan", "jo"}
    assert (agent("camille").post_code, agent("sacha").post_code, agent("dominique").role) == (
        "CA-TORONTO",
        "CA-TORONTO",
        "supervisor",
    )
    assert not agent("ange").active
    assert not agent("robin").mfa


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("+0d", date(2027, 2, 28)),
        ("-400d", date(2026, 1, 24)),
        ("+1m", date(2027, 3, 28)),
        ("-9y-290d", date(2017, 5, 14)),
        ("issued+10y-1d", date(2030, 2, 27)),
    ],
)
def test_relative_days(text: str, day: date) -> None:
    assert resolve(text, TODAY.date(), issued=date(2020, 2, 28)) == day


@pytest.mark.parametrize("text", ["demain", "+1", "issued+1d", ""])
def test_days_that_mean_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid isoformat|nothing to count from"):
        resolve(text, TODAY.date())


def test_unknown_people() -> None:
    with pytest.raises(KeyError):
        person("personne")
    with pytest.raises(KeyError):
        agent("personne")


def test_neighbours_can_all_renew_and_two_of_them_share_a_home() -> None:
    neighbours = [someone for someone in people() if someone.story == NEIGHBOUR]
    assert len(neighbours) >= 20
    assert all(fits(someone) and someone.post_code == "CA-TORONTO" for someone in neighbours)
    homes = Counter((someone.address.line1, someone.address.postcode) for someone in neighbours)
    assert sorted(homes.values())[-2:] == [1, 2]
