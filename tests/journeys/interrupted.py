"""The happy story with the worker killed four times, and each partner losing its first reply after having acted."""

import signal
import sqlite3
from contextlib import closing
from datetime import timedelta

from escale.stack import Stack
from escale.storyteller.play import Play, until_validated
from escale.storyteller.world import World

LEASE = timedelta(minutes=2)


def interrupted(play: Play, stack: Stack, world: World) -> None:
    """Play it to its end, nothing left to be sent."""
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
