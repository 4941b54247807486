"""Every story, over HTTP, in one running product: each must end as it should."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from escale.partners.kit import people
from escale.stack import Stack
from escale.storyteller.crowd import POINTS, WAVES, Crowd, Wave
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES, End, EndedOtherwise, check
from escale.storyteller.world import World
from tests.journeys.conftest import Partners

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played() -> dict[str, Play]:
    """The stories played so far, to be looked at once more."""
    return {}


@pytest.fixture(scope="module")
def crowd() -> list[Play]:
    """Those of the crowd played so far: their cases are in the same product."""
    return []


@pytest.mark.parametrize("name", STORIES)
def test_a_story_ends_as_it_should(name: str, world: World, played: dict[str, Play]):
    play = _played(name, world, played)

    assert {told.step for told in play.told} >= {1, 2, 3}
    assert all(told.state for told in play.told)


def test_a_story_that_ends_otherwise_says_where(world: World, played: dict[str, Play]):
    play = _played("refused", world, played)
    end = STORIES["refused"].end
    wrong = End((*end.tracks[:3], "approuvé", *end.tracks[4:]), end.mails)

    with pytest.raises(EndedOtherwise, match=r"step 4 of ESC-.* should end « approuvé » and shows « refusée »"):
        check(wrong, play)


def test_an_overdue_passport_is_reported_once(world: World, played: dict[str, Play], partners: Partners):
    play = _played("overdue", world, played)

    assert partners.reports(play.new.number) == 1
    assert partners.title(play.new.number)["invalidation"]["reason"]


@pytest.mark.parametrize(("name", "state"), [("happy", "CONSOMME"), ("refused", "EMIS"), ("overdue", "CONSOMME")])
def test_the_stamp_is_used_up_by_a_favourable_decision_alone(
    name: str, state: str, world: World, played: dict[str, Play], partners: Partners
):
    person = _played(name, world, played).applicant.person

    assert [stamp["etat"] for stamp in partners.stamps(person.register_email)] == [state]


def test_every_case_proves_whole(stack: Stack, world: World, played: dict[str, Play], crowd: list[Play]):
    _played("happy", world, played)

    found = subprocess.run(
        [sys.executable, "-m", "escale", "verify"], env=stack.environment, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{len(played) + len(crowd)} case(s) verified, 0 with a problem." in found.stdout


def test_nothing_failed_behind_the_pages(stack: Stack, world: World, played: dict[str, Play]):
    """No process wrote a traceback, and no alert about an effect or a message was raised."""
    _played("happy", world, played)

    for name in ("portal", "reception", "desk", "worker", "simulators"):
        log = stack.log(name).read_text(errors="replace")
        assert "Traceback" not in log, f"{name}: {log[-3000:]}"


def _played(name: str, world: World, played: dict[str, Play]) -> Play:
    """The play of a story; played now when this test runs alone or before it."""
    if name not in played:
        played[name] = Play(world, STORIES[name].cast)
        STORIES[name].play(played[name])
    return played[name]


def test_the_crowd_reaches_each_point_and_has_somebody_for_each_place() -> None:
    wanted = [point for wave in WAVES for point in wave.points]
    assert set(wanted) == set(POINTS)
    assert len(wanted) <= sum(one.story == people.NEIGHBOUR for one in people.people())


def test_people_of_a_crowd_are_left_where_they_were_to_go(world: World, crowd: list[Play]) -> None:
    """One sent back for a correction, one who only begins: both on the same desk."""
    corrected, drafted = Crowd(world, say=lambda line: None).play([Wave(0, ("to_correct", "drafted"))])
    crowd += [corrected, drafted]
    states = [corrected.agent.states(one.ref)[1] for one in (corrected, drafted)]
    assert states == ["à corriger", "brouillon"]


# --- No passport, stamp or security number in a log, an entry, an address, or a message ------------------------------


@pytest.fixture(scope="module")
def happy(world: World, played: dict[str, Play]) -> Play:
    return _played("happy", world, played)


@pytest.fixture(scope="module")
def secrets(happy: Play, partners: Partners) -> dict[str, str]:
    """What must stay secret, by name."""
    [stamp] = partners.stamps(happy.applicant.person.register_email)
    return {
        "new passport": happy.new.number,
        "old passport": happy.applicant.passport.number,
        "stamp": stamp["numero"],
        "security number": happy.security.replace(" ", ""),
        "security number in groups": happy.security,
        "security number with dashes": happy.security.replace(" ", "-"),
    }


def _found(secrets: dict[str, str], where: bytes) -> list[str]:
    return [name for name, secret in secrets.items() if secret.encode() in where]


def test_the_secrets_are_those_of_the_journey(secrets: dict[str, str]):
    assert all(len(secret) >= 9 for secret in secrets.values())
    assert len(set(secrets.values())) == len(secrets)


def test_no_log_holds_a_secret(secrets: dict[str, str], stack: Stack):
    logs = sorted((stack.data_dir / "log").glob("*.log"))

    assert {"portal", "desk", "reception", "worker", "simulators"} <= {log.stem for log in logs}
    for log in logs:
        assert _found(secrets, log.read_bytes()) == [], log.name


def test_no_stored_byte_of_the_product_holds_a_secret(secrets: dict[str, str], stack: Stack):
    """Entries, tables, sessions, documents: all sealed. The simulators' own memory is not the product's."""
    files = list(_product_files(stack.data_dir))

    assert any(path.name == "escale.sqlite3" for path in files)
    for path in files:
        assert _found(secrets, path.read_bytes()) == [], path.relative_to(stack.data_dir)


def _product_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("simulators.sqlite3"):
            yield path


def test_no_address_holds_a_secret(secrets: dict[str, str], world: World):
    asked = [url for browser in world.lent for url in browser.asked]

    assert len(asked) > 100
    assert _found(secrets, "\n".join(asked).encode()) == []


def test_no_message_holds_a_secret(secrets: dict[str, str], happy: Play, world: World):
    mails = world.mails(happy.applicant.person.register_email)

    assert len(mails) > 10
    assert _found(secrets, json.dumps([(mail.subject, mail.text) for mail in mails], ensure_ascii=False).encode()) == []
