"""After a whole journey: no passport, stamp or security number in a log, an entry, an address, or a message."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from escale.stack import Stack
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES
from escale.storyteller.world import World
from tests.journeys.conftest import Partners

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def play(world: World) -> Play:
    """The happy story."""
    played = Play(world, STORIES["happy"].cast)
    STORIES["happy"].play(played)
    return played


@pytest.fixture(scope="module")
def secrets(play: Play, partners: Partners) -> dict[str, str]:
    """What must stay secret, by name."""
    [stamp] = partners.stamps(play.applicant.person.register_email)
    return {
        "new passport": play.new.number,
        "old passport": play.applicant.passport.number,
        "stamp": stamp["numero"],
        "security number": play.security.replace(" ", ""),
        "security number in groups": play.security,
        "security number with dashes": play.security.replace(" ", "-"),
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


def test_no_message_holds_a_secret(secrets: dict[str, str], play: Play, world: World):
    mails = world.mails(play.applicant.person.register_email)

    assert len(mails) > 10
    assert _found(secrets, json.dumps([(mail.subject, mail.text) for mail in mails], ensure_ascii=False).encode()) == []
