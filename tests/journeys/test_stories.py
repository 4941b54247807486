"""Every story, over HTTP, in one running product: each must end as it should, the happy one though the worker is killed
in the middle of it and replies are lost on the way: each effect once."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from escale.partners.kit import people
from escale.stack import Stack
from escale.storyteller.crowd import POINTS, WAVES, Crowd, Wave
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES, End, EndedOtherwise, check
from escale.storyteller.world import World
from tests.journeys.conftest import Partners
from tests.journeys.interrupted import interrupted

pytestmark = pytest.mark.slow


@dataclass
class Stories:
    """Tells a story the first time it is asked for, and remembers how it was played."""

    stack: Stack
    world: World
    played: dict[str, Play] = field(default_factory=dict)

    def __call__(self, name: str) -> Play:
        if name not in self.played:
            story = STORIES[name]
            self.played[name] = play = Play(self.world, story.cast)
            if name == "happy":  # it is told without an interruption in a browser, and on PostgreSQL
                interrupted(play, self.stack, self.world)
                check(story.end, play)
            else:
                story.play(play)
        return self.played[name]


@pytest.fixture(scope="module")
def told(stack: Stack, world: World) -> Stories:
    return Stories(stack, world)


@pytest.fixture(scope="module")
def crowd() -> list[Play]:
    """Those of the crowd played so far: their cases are in the same product."""
    return []


@pytest.mark.parametrize("name", STORIES)
def test_a_story_ends_as_it_should(name: str, told: Stories):
    play = told(name)

    assert {one.step for one in play.told} >= {1, 2, 3}
    assert all(one.state for one in play.told)


def test_a_story_that_ends_otherwise_says_where(told: Stories):
    play = told("refused")
    end = STORIES["refused"].end
    wrong = End((*end.tracks[:3], "approuvé", *end.tracks[4:]), end.mails)

    with pytest.raises(EndedOtherwise, match=r"step 4 of ESC-.* should end « approuvé » and shows « refusée »"):
        check(wrong, play)


def test_an_overdue_passport_is_reported_once(told: Stories, partners: Partners):
    play = told("overdue")

    assert partners.reports(play.new.number) == 1
    assert partners.title(play.new.number)["invalidation"]["reason"]


@pytest.mark.parametrize(("name", "state"), [("happy", "CONSOMME"), ("refused", "EMIS"), ("overdue", "CONSOMME")])
def test_the_stamp_is_used_up_by_a_favourable_decision_alone(name: str, state: str, told: Stories, partners: Partners):
    person = told(name).applicant.person

    assert [stamp["etat"] for stamp in partners.stamps(person.register_email)] == [state]


def test_every_case_proves_whole(stack: Stack, told: Stories, crowd: list[Play]):
    told("happy")

    found = _verify(stack)

    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{len(told.played) + len(crowd)} case(s) verified, 0 with a problem." in found.stdout


def test_nothing_failed_behind_the_pages(stack: Stack, told: Stories):
    """No process wrote a traceback, and no alert about an effect or a message was raised."""
    told("happy")

    for name in ("portal", "reception", "desk", "worker", "simulators"):
        log = stack.log(name).read_text(errors="replace")
        assert "Traceback" not in log, f"{name}: {log[-3000:]}"


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
def happy(told: Stories) -> Play:
    return told("happy")


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


# --- The worker was killed, replies were lost on the way: each effect once -------------------------------------------


def test_each_partner_was_asked_once(happy: Play, told: Stories, partners: Partners, world: World):
    order = partners.order(happy.ref)
    title = partners.title(happy.new.number)
    [stamp] = partners.stamps(happy.applicant.person.register_email)

    assert world.orders(happy.ref) == 1
    assert order["attempt"] == 1
    assert stamp["etat"] == "CONSOMME"
    assert stamp["numeroQuittance"]
    assert title["expected"]
    assert title["confirmed_at"]
    assert not title["invalidation"]
    assert len(partners.parcels(happy.ref)) == 2, "one label each way"
    assert {ref for ref, _ in partners.remembered("issuance", "order")} <= {one.ref for one in told.played.values()}


def test_no_message_was_made_twice(happy: Play, world: World):
    """SMTP has no answer to a kill between the sending and its note: the same message may then come again. It bears the
    same identity, by which a mailbox knows it; no second message is ever made of one event."""
    mails = world.mails(happy.applicant.person.register_email)
    subjects = {mail.identity: mail.subject for mail in mails}

    assert len(subjects) == len(set(subjects.values()))
    assert len(subjects) > 10


def test_an_entry_changed_by_hand_is_found(happy: Play, stack: Stack):
    database = stack.data_dir / "escale.sqlite3"
    with closing(sqlite3.connect(database, timeout=20)) as ledger:
        case_id, seq, payload = ledger.execute(
            "SELECT e.case_id, e.seq, e.payload FROM ledger_entry e JOIN ledger_case c ON c.id = e.case_id "
            "WHERE c.reference = ? AND e.event = 'ApplicationAccepted'",
            [happy.ref],
        ).fetchone()
        _write(ledger, bytes([payload[0] ^ 1]) + payload[1:], case_id, seq)
        found = _verify(stack)
        _write(ledger, payload, case_id, seq)

    assert found.returncode == 1
    assert f"{happy.ref}: entry {seq}: was altered after it was written" in found.stdout
    assert _verify(stack).returncode == 0


def _write(ledger: sqlite3.Connection, payload: bytes, case_id: str, seq: int) -> None:
    ledger.execute("UPDATE ledger_entry SET payload = ? WHERE case_id = ? AND seq = ?", (payload, case_id, seq))
    ledger.commit()


def _verify(stack: Stack) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "escale", "verify"]
    return subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=False)
