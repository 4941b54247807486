"""What the benches that need a database share: the machine in one line, a data folder or a cluster for a moment."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).parents[1]


def machine() -> str:
    """Processor, cores, load, Python: figures of another machine are not comparable."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    load = f"{os.getloadavg()[0]:.1f}"
    return f"machine: {model}, {os.cpu_count()} cores, load {load} at the start, Python {platform.python_version()}"


@contextlib.contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Name → URL: SQLite in a folder of its own, and PostgreSQL, durable as installed, when its binaries are here."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="escale-bench-"))
        found = {"SQLite": f"sqlite:///{folder}/bench.sqlite3"}
        reason = postgres.missing()
        if reason:
            print(reason)
        else:
            postgres.FAST.clear()  # the suite gives up durability; production does not
            found["PostgreSQL"] = stack.enter_context(postgres.cluster())
        yield found


def environment(database: str, folder: Path | str, **more: str) -> Mapping[str, str]:
    """What a process over this database reads."""
    return {
        **os.environ,
        "ESCALE_DATABASE_URL": database,
        "ESCALE_DATA_DIR": str(folder),
        "ESCALE_LOG_LEVEL": "ERROR",
        "PYTHONPATH": f"{ROOT}/src:{ROOT}",
        "PYTHONWARNINGS": "ignore",
        **more,
    }


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of those it started. On a machine shared with others it says more than a rate."""
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(fields[1])
            spent[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    family, grown = {pid}, True
    while grown:
        children = {child for child, parent in parents.items() if parent in family} - family
        grown = bool(children)
        family |= children
    return sum(spent.get(one, 0.0) for one in family)


def run(*arguments: str, env: Mapping[str, str]) -> str:
    """A Python command that must succeed; returns what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout
