"""Whole journeys over HTTP while web and worker are killed at random, and partners lose replies (R1).

    .venv/bin/python -m bench.kills [--minutes 30] [--log build/kills.jsonl] [--seed 1]

A private copy of the product plays the eight stories one after the other; then a fresh one, until the time is over.
Meanwhile somebody sends SIGKILL every few seconds to a site or to the worker, which is started again, and tells the
producer and the border relay to fail, to be slow, to act and lose the reply, or to take a call twice. People do what
people do: they ask again until a page comes. Each journey must end where its story says, with each message, each order
and each report once; the chains of each copy are verified. Every journey adds a line to the log, and what is printed at
the end counts all of it: several runs add up.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from bench import ground
from escale.stack import Stack, StackError
from escale.storyteller.browser import Browser, Lost
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES, Story
from escale.storyteller.world import Mail, World
from tests.journeys.conftest import SLOW_MACHINE, Partners

VICTIMS = ("portal", "reception", "desk", "worker", "worker")
LOSSY = {"titres": ("error", "slow", "lost_reply", "duplicate"), "sltd": ("error", "slow", "lost_reply", "duplicate")}
PATIENCE = 120.0
# A poll that was killed comes back at its next hour, not at once: whoever has waited for long lets some hours pass.
WAITS, LONG_WAIT, HOURS_LATER = 3, 40.0, timedelta(hours=6)
GONE = (httpx.ConnectError, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadTimeout)


class PatientClient(httpx.Client):
    """Whoever finds a dead site asks again, the same thing, until it answers."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return super().send(request, **options)
            except GONE:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)


class RoughWorld(World):
    """The demonstration while it is being killed. A message that came twice under one identity is one message."""

    def lend(self) -> Browser:
        browser = super().lend()
        headers = browser.client.headers
        browser.client.close()
        browser.client = PatientClient(timeout=60, trust_env=False, headers=headers)
        return browser

    def until[T](self, look: Callable[[], T | bool | None], what: str, *, patience: float = PATIENCE) -> T:
        """Look again and again; what was in the hands of the one that was killed may come hours later."""
        for _ in range(WAITS):
            try:
                return super().until(look, what, patience=min(patience, LONG_WAIT))
            except Lost:
                self.advance(HOURS_LATER)
        return super().until(look, what, patience=patience)

    def mails(self, to: str) -> list[Mail]:
        return list({mail.identity: mail for mail in super().mails(to)}.values())


@dataclass
class Killer:
    """Kills and starts again, and lets partners lose replies, until told to stop."""

    stack: Stack
    luck: random.Random
    pauses: tuple[float, float]
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.over.wait(self.luck.uniform(*self.pauses)):
            victim = self.luck.choice(VICTIMS)
            self.stack.kill(victim)
            self.kills[victim] += 1
            self.stack.child(victim).start()
            partner = self.luck.choice(list(LOSSY))
            mode = self.luck.choice(LOSSY[partner])
            url = f"{self.stack.urls['simulators']}/{partner}/_pannes"
            httpx.post(url, data={"mode": mode, "times": "1"}, trust_env=False, timeout=60).raise_for_status()
            self.faults[mode] += 1


@contextmanager
def killing(stack: Stack, luck: random.Random, pauses: tuple[float, float]) -> Iterator[Killer]:
    killer = Killer(stack, luck, pauses)
    thread = threading.Thread(target=killer.run)
    thread.start()
    try:
        yield killer
    finally:
        killer.over.set()
        thread.join()


def once_each(play: Play, partners: Partners) -> str:
    """What a partner was asked more than once for this case, in words; empty when nothing was."""
    orders = play.world.orders(play.ref) if play.ref else 0
    if orders > 1:
        return f"{orders} orders of one passport"
    if play.passport is not None and partners.reports(play.passport.number) > 1:
        return "several reports of one passport"
    paid = partners.stamps(play.applicant.person.register_email)
    return f"{len(paid)} stamps paid" if len(paid) > 1 else ""


def play_one(story: Story, world: World, stack: Stack, killer: Killer) -> dict[str, Any]:
    """One journey; how it ended, for the log."""
    before, began = sum(killer.kills.values()), time.monotonic()
    play = Play(world, story.cast)
    why = ""
    try:
        story.play(play)
    except (Lost, httpx.HTTPError) as lost:
        why = str(lost) or type(lost).__name__
    return {
        "story": story.name,
        "ended": not why,
        "why": why[:300],
        "twice": once_each(play, Partners(stack.data_dir)),
        "kills": sum(killer.kills.values()) - before,
        "seconds": round(time.monotonic() - began, 1),
    }


def copy_of_the_product(options: argparse.Namespace, luck: random.Random, end: float) -> Iterator[dict[str, Any]]:
    """Every story once over one copy, killed meanwhile; the last thing told is whether its chains verify."""
    with tempfile.TemporaryDirectory(prefix="escale-kills-") as folder:
        os.environ["ESCALE_DATA_DIR"] = folder  # the dates of the invented people count from its first day
        with Stack(folder, environment=SLOW_MACHINE, patience=PATIENCE) as stack, RoughWorld(stack.urls) as world:
            with killing(stack, luck, (options.least, options.most)) as killer:
                for story in STORIES.values():
                    if time.monotonic() < end:
                        yield play_one(story, world, stack, killer)
            command = [sys.executable, "-m", "escale", "verify"]
            done = subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=False)
            found = {"verified": done.returncode == 0, "said": done.stdout.strip().splitlines()[-1:]}
            yield {**found, "killed": dict(killer.kills), "faults": dict(killer.faults)}


def tell(log: Path) -> int:
    """Count the whole log. Returns the exit status."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    journeys = [line for line in lines if "story" in line]
    copies = [line for line in lines if "verified" in line]
    killed, faults = Counter[str](), Counter[str]()
    for line in copies:
        killed.update(line["killed"])
        faults.update(line["faults"])
    ended = sum(line["ended"] for line in journeys)
    twice = [line for line in journeys if line["twice"]]
    print(f"{len(journeys)} journeys, {ended} ended as their story says; {len(twice)} with an effect done twice")
    print(f"killed {sum(killed.values())} times {dict(killed)}")
    print(f"partners told to fail {sum(faults.values())} times {dict(faults)}")
    print(f"chains verified in {sum(line['verified'] for line in copies)} of {len(copies)} copies of the product")
    for line in journeys:
        if not line["ended"] or line["twice"]:
            print(f"  {line['story']}: {line['twice'] or line['why']}")
    return 0 if ended == len(journeys) and not twice and all(line["verified"] for line in copies) else 1


def main() -> int:
    """Play until the time is over; count the log."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="no journey starts later (%(default)s)")
    parser.add_argument("--log", type=Path, default=ground.ROOT / "build/kills.jsonl", help="lines are added to it")
    parser.add_argument("--seed", type=int, help="of the moments and the victims; drawn when not given")
    parser.add_argument("--least", type=float, default=3.0, help="seconds between two kills, at least (%(default)s)")
    parser.add_argument("--most", type=float, default=12.0, help="and at most (%(default)s)")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"{ground.machine()}; seed {seed}")
    luck, end = random.Random(seed), time.monotonic() + 60 * options.minutes  # noqa: S311 - a draw of moments
    options.log.parent.mkdir(parents=True, exist_ok=True)
    try:
        while time.monotonic() < end:
            for line in copy_of_the_product(options, luck, end):
                with options.log.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(line, ensure_ascii=False) + "\n")
                print(json.dumps(line, ensure_ascii=False), flush=True)
    except StackError as failed:
        print(f"the product did not start: {failed}")
        return 2
    return tell(options.log)


if __name__ == "__main__":
    sys.exit(main())
