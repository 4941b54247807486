"""A child process: its group, its log, its end."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from escale.stack import StackError
from escale.stack.process import Child, stop_all

# Starts a grandchild, says both ids, and waits; deaf to SIGTERM when told so.
FAMILY = """
import os, signal, subprocess, sys, time
if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(os.getpid(), grandchild.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def children(tmp_path: Path) -> Iterator[list[Child]]:
    made: list[Child] = []
    yield made
    for child in made:
        child.bury()


def family(children: list[Child], tmp_path: Path, *words: str) -> tuple[Child, list[int]]:
    child = Child(
        f"family{len(children)}",
        [sys.executable, "-c", FAMILY, *words],
        environment=dict(os.environ),
        log=tmp_path / f"log/{len(children)}.log",
    )
    children.append(child)
    child.start()
    return child, [int(word) for word in said(child).split()]


def said(child: Child) -> str:
    """First line of the log, once written."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if child.log.exists() and "\n" in child.log.read_text():
            return child.log.read_text().splitlines()[0]
        time.sleep(0.02)
    raise AssertionError("the child said nothing")


def gone(pid: int) -> bool:
    """Whether a process has ended, seen within two seconds (an orphan is collected by the system)."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_stopping_a_child_leaves_no_grandchild(children: list[Child], tmp_path: Path):
    child, pids = family(children, tmp_path)
    assert child.alive

    child.stop(grace=5)

    assert not child.alive
    assert child.status == -signal.SIGTERM
    assert all(gone(pid) for pid in pids)


def test_a_child_deaf_to_the_request_is_killed(children: list[Child], tmp_path: Path):
    child, pids = family(children, tmp_path, "deaf")

    child.stop(grace=0.3)

    assert child.status == -signal.SIGKILL
    assert all(gone(pid) for pid in pids)


def test_several_children_stop_in_the_time_of_the_slowest(children: list[Child], tmp_path: Path):
    for _ in range(3):
        family(children, tmp_path, "deaf")
    began = time.monotonic()

    stop_all(children, grace=0.5)

    assert time.monotonic() - began < 1.4
    assert not any(child.alive for child in children)


def test_a_child_is_started_once(children: list[Child], tmp_path: Path):
    child, _ = family(children, tmp_path)

    with pytest.raises(StackError, match="already runs"):
        child.start()


def test_the_log_goes_on_after_a_new_start(children: list[Child], tmp_path: Path):
    child, first = family(children, tmp_path)
    child.stop(grace=5)
    child.start()
    deadline = time.monotonic() + 10
    while child.log.read_text().count("\n") < 2 and time.monotonic() < deadline:
        time.sleep(0.02)

    assert len(child.last_words().splitlines()) == 2
    assert child.last_words().startswith(str(first[0]))


def test_a_child_that_never_started_can_be_stopped(tmp_path: Path):
    child = Child("never", ["true"], environment={}, log=tmp_path / "log")

    child.stop(grace=1)

    assert child.status is None
    assert child.last_words() == ""
