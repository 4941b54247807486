"""``escale run``: the whole product in the foreground, until Ctrl-C."""

import argparse
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from escale.partners.kit import people
from escale.stack.addresses import Addresses
from escale.stack.assembly import Stack
from escale.stack.errors import StackError
from escale.stack.process import Child

RESTARTS = 3
RESTART_WINDOW = 60.0
APPLICANTS = 4
REFUSED_STORIES = {"resident_too_recent", "passport_expired_too_long", "post_not_competent"}
TITLES = {
    "portal": "Portal of the applicant   ",
    "reception": "ANTS, confirm the receipt ",
    "desk": "Desk of the agents        ",
    "simulators": "Simulated partners        ",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Start everything and watch over it. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="escale run", description="Start the three sites, the worker and the simulated partners."
    )
    parser.add_argument("--data-dir", default=os.environ.get("ESCALE_DATA_DIR", "var"), help="where everything is kept")
    parser.add_argument("--free-ports", action="store_true", help="take whatever ports are free")
    options = parser.parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    os.environ["ESCALE_DATA_DIR"] = options.data_dir  # the dates of the invented people count from its first day
    try:
        mode = _mode()
        with _alone(Path(options.data_dir)):
            began = time.monotonic()
            _say("Escale is starting …")
            addresses = Addresses.free() if options.free_ports else Addresses.from_environment()
            with Stack(options.data_dir, addresses, mode=mode) as stack:
                _say(welcome(stack, time.monotonic() - began))
                watch(stack)
    except StackError as error:
        print(f"escale run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        _say("\nEverything is stopped.")
    return 0


def welcome(stack: Stack, seconds: float) -> str:
    """What to open and who to be, once everything answers."""
    lines = ["", f"Escale is ready after {seconds:.1f} s.", ""]
    lines += [f"  {TITLES[name]} {url}/" for name, url in stack.urls.items()]
    lines += [f"  Mailbox of everyone        {stack.urls['simulators']}/courriel/"]
    lines += [f"  Virtual clock              {stack.urls['simulators']}/horloge/", ""]
    lines += [*who_you_can_be(), ""]
    lines.append(f"Everything is kept in {stack.data_dir}, logs in its folder log. Ctrl-C stops all of it.")
    return "\n".join(lines)


def who_you_can_be() -> list[str]:
    """A few of the invented people: those whose renewal goes well, some who are refused, the agents of their post."""
    everyone = people.people()
    well = [person for person in everyone if person.story == "happy"][:APPLICANTS]
    posts = {person.post_code for person in well}
    refused = [person for person in everyone if person.story in REFUSED_STORIES]
    lines = [f"Applicants, by login at FranceConnect+ ({len(everyone)} in all):"]
    lines += [
        f"  {person.login:<10} NUMIC {person.numic}, {person.register_email}; {person.post_code}. {person.situation}"
        for person in [*well, *refused]
    ]
    lines += ["", f"Agents, by login at ProConnect ({len(people.agents())} in all):"]
    lines += [
        f"  {agent.login:<10} {agent.situation}"
        for agent in people.agents()
        if agent.active and agent.mfa and (agent.post_code in posts or agent.role == "auditor")
    ]
    return lines


def watch(stack: Stack) -> NoReturn:
    """Start again what ends by itself, until Ctrl-C. Raises StackError for a process that keeps ending."""
    starts: dict[str, list[float]] = {}
    while True:
        time.sleep(0.5)
        for child in stack.children.values():
            if not child.alive:
                _start_again(stack, child, starts.setdefault(child.name, []))


def _start_again(stack: Stack, child: Child, starts: list[float]) -> None:
    now = time.monotonic()
    starts[:] = [moment for moment in starts if now - moment < RESTART_WINDOW]
    if len(starts) >= RESTARTS:
        raise StackError(f"{child.name} keeps ending. {child.log} ends with:\n{child.last_words()}")
    starts.append(now)
    _say(f"{child.name} ended (status {child.status}) and is started again; see {child.log}")
    stack.restart(child.name)


def _mode() -> str:
    mode = os.environ.get("ESCALE_MODE", "demo")
    if mode != "demo":
        raise StackError(
            f"this starts simulated partners, which ESCALE_MODE={mode} does not allow. "
            "docs/operations.md says how each process is started in production."
        )
    return mode


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this run. Raises StackError when another run holds it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(f"another `escale run` works in {data_dir.resolve()}; stop it first.") from None
        yield


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not cut the stop short and leave processes behind; every wait of the stop is bounded.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _say(text: str) -> None:
    print(text, flush=True)
