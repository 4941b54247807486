"""One child process with its whole process group and its log file."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from escale.stack.errors import StackError

TAIL = 15


class Child:
    """A process that the stack starts, watches and stops, never leaving a grandchild behind.

    It leads a session of its own: Ctrl-C at the terminal reaches the supervisor alone, which then stops its children
    in order, and a signal sent to a child reaches the processes it started too.
    """

    def __init__(self, name: str, command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the child, which is also the id of its group; None before the first start."""
        return self.process.pid if self.process else None

    @property
    def alive(self) -> bool:
        """Whether the child runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal; None while it runs or before it started."""
        return self.process.poll() if self.process else None

    def start(self) -> None:
        """Start the child, its output appended to its log. Raises StackError when it already runs."""
        if self.alive:
            raise StackError(f"{self.name} already runs (process {self.pid}).")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def send(self, number: signal.Signals | int) -> None:
        """Send a signal to the child and everything it started; nothing happens when they are gone."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the child. Returns whether it ended in time."""
        if self.process is None:
            return True
        try:
            self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, grace: float) -> None:
        """End the child: SIGTERM, then after ``grace`` seconds SIGKILL to its whole group."""
        self.send(signal.SIGTERM)
        self.wait(grace)
        self.bury()

    def bury(self) -> None:
        """Kill what is left of the group, also after the leader has gone, and collect the child."""
        self.send(signal.SIGKILL)
        self.wait(5)

    def last_words(self) -> str:
        """The end of the log, for the message that says why a child did not come up."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return ""
        return "\n".join(lines[-TAIL:])


def stop_all(children: Sequence[Child], grace: float) -> None:
    """Stop several children at once, so that the whole takes the time of the slowest."""
    for child in children:
        child.send(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for child in children:
        child.wait(max(0.0, deadline - time.monotonic()))
    for child in children:
        child.bury()
