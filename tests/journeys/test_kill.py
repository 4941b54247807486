"""The worker killed in the middle of a journey, replies lost on the way: the same end, each effect once."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest

from escale.stack import Stack
from escale.storyteller.play import Play, until_validated
from escale.storyteller.stories import STORIES, check
from escale.storyteller.world import World
from tests.journeys.conftest import Partners

pytestmark = pytest.mark.slow
LEASE = timedelta(minutes=2)


@pytest.fixture(scope="module")
def interrupted(stack: Stack, world: World) -> Play:
    """The happy story; the worker is killed four times, and each partner loses its first reply after having acted."""
    story = STORIES["happy"]
    play = Play(world, story.cast)
    until_validated(play)
    start = play.book()
    _kill(stack, world)
    play.meet(start)
    for partner in ("titres", "timbre"):
        _lose_a_reply(world, partner)
    play.agent.decide(play.ref, "approve")
    _kill(stack, world)
    play.security = play.applicant.security_number()
    play.produce()
    _lose_a_reply(world, "titres")
    stack.kill("worker", signal.SIGKILL)
    play.dispatch()
    stack.restart("worker")
    world.advance(LEASE)
    play.deliver()
    _lose_a_reply(world, "titres")
    play.confirm()
    _kill(stack, world)
    play.give_back()
    world.until(lambda: _waiting(stack) == 0, "nothing waits to be sent")
    return play


def _waiting(stack: Stack) -> int:
    """Effects not done yet: what the killed worker had in hand comes back when its lease ends."""
    with closing(sqlite3.connect(stack.data_dir / "escale.sqlite3", timeout=20)) as ledger:
        (count,) = ledger.execute("SELECT count(*) FROM ledger_effect WHERE state = 'pending'").fetchone()
    return int(count)


def _kill(stack: Stack, world: World) -> None:
    """Kill the worker and start it again; what it had in hand is free once its lease has run out."""
    stack.kill("worker", signal.SIGKILL)
    stack.restart("worker")
    world.advance(LEASE)


def _lose_a_reply(world: World, partner: str) -> None:
    """The next call to a partner acts, and answers 502."""
    fault = {"mode": "lost_reply", "times": "1"}
    world.browser.client.post(f"{world.urls['simulators']}/{partner}/_pannes", data=fault).raise_for_status()


def test_the_end_is_the_same(interrupted: Play, world: World):
    world.until(lambda: world.title_words(interrupted.ref) == "valide", "the new passport is active")

    check(STORIES["happy"].end, interrupted)


def test_each_partner_was_asked_once(interrupted: Play, partners: Partners, world: World):
    order = partners.order(interrupted.ref)
    title = partners.title(interrupted.new.number)
    [stamp] = partners.stamps(interrupted.applicant.person.register_email)

    assert world.orders(interrupted.ref) == 1
    assert order["attempt"] == 1
    assert stamp["etat"] == "CONSOMME"
    assert stamp["numeroQuittance"]
    assert title["expected"]
    assert title["confirmed_at"]
    assert not title["invalidation"]
    assert len(partners.parcels(interrupted.ref)) == 2, "one label each way"
    assert len(partners.remembered("issuance", "order")) == 1


def test_no_message_was_made_twice(interrupted: Play, world: World):
    """SMTP has no answer to a kill between the sending and its note: the same message may then come again. It bears the
    same identity, by which a mailbox knows it; no second message is ever made of one event."""
    mails = world.mails(interrupted.applicant.person.register_email)
    subjects = {mail.identity: mail.subject for mail in mails}

    assert len(subjects) == len(set(subjects.values()))
    assert len(subjects) > 10


def test_an_entry_changed_by_hand_is_found(interrupted: Play, stack: Stack):
    database = stack.data_dir / "escale.sqlite3"
    with closing(sqlite3.connect(database, timeout=20)) as ledger:
        case_id, seq, payload = ledger.execute(
            "SELECT case_id, seq, payload FROM ledger_entry WHERE event = 'ApplicationAccepted'"
        ).fetchone()
        _write(ledger, bytes([payload[0] ^ 1]) + payload[1:], case_id, seq)
        found = _verify(stack)
        _write(ledger, payload, case_id, seq)

    assert found.returncode == 1
    assert f"{interrupted.ref}: entry {seq}: was altered after it was written" in found.stdout
    assert _verify(stack).returncode == 0


def _write(ledger: sqlite3.Connection, payload: bytes, case_id: str, seq: int) -> None:
    ledger.execute("UPDATE ledger_entry SET payload = ? WHERE case_id = ? AND seq = ?", (payload, case_id, seq))
    ledger.commit()


def _verify(stack: Stack) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "escale", "verify"]
    return subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=False)
