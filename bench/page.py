"""The applicant's case page, signed in, against a bare view rendering as many bytes on the same server (S1).

    .venv/bin/python -m bench.page [--seconds 2]

Both are served by granian as in production (two workers of four threads), from PostgreSQL when it is here, else from
SQLite. The client shares the machine's cores with them: ratios are comparable, absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import ground, load

ROUNDS = 2
CONNECTIONS = 8  # each an applicant of their own
WARM_UP = 1.0
STARTUP = 30.0


def _free_port() -> int:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        number: int = holder.getsockname()[1]
        return number


@dataclass
class Server:
    """Where it answers, and what it has spent on each of the measures."""

    port: int
    pid: int
    spent: list[float] = field(default_factory=list)
    loads: list[load.Load] = field(default_factory=list)

    def measure(self, visits: Sequence[tuple[str, str]], seconds: float) -> None:
        """One more round."""
        before = ground.cpu_seconds(self.pid)
        found = load.ask(self.port, visits, seconds=seconds)
        self.spent.append((ground.cpu_seconds(self.pid) - before) / len(found.seconds))
        self.loads.append(found)


@contextlib.contextmanager
def served(application: str, env: Mapping[str, str], port: int) -> Iterator[Server]:
    """granian, answering. Raises RuntimeError when it does not start."""
    options = ["--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "4", "--log-level", "error"]
    command = [sys.executable, "-m", "granian", *options, "--host", "127.0.0.1", "--port", str(port), application]
    server = subprocess.Popen(command, env=dict(env), cwd=ground.ROOT)
    try:
        end = time.monotonic() + STARTUP
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{application} did not start")
            time.sleep(0.1)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(15)


def _line(name: str, server: Server) -> tuple[float, float]:
    """Print one subject; returns its median rate and its processor time per request, in milliseconds."""
    rate = statistics.median(one.per_second for one in server.loads)
    p95 = statistics.median(one.quantile(0.95) for one in server.loads)
    spent = 1000 * statistics.median(server.spent)
    failures, size = sum(one.failures for one in server.loads), server.loads[0].bytes
    print(f"{name}: {rate:.0f} requests/s, p95 {p95:.0f} ms, {spent:.2f} ms of CPU, {size} bytes, {failures} failures")
    return rate, spent


def main() -> None:
    """Serve both, ask each in turn, print the rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of each of the measures")
    seconds = parser.parse_args().seconds
    print(ground.machine())
    with ground.databases() as databases, contextlib.ExitStack() as stack:
        name = "PostgreSQL" if "PostgreSQL" in databases else "SQLite"
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="escale-bench-")))
        port = _free_port()
        env = ground.environment(
            databases[name],
            folder,
            ESCALE_MODE="demo",
            ESCALE_PORTAL_URL=f"http://127.0.0.1:{port}",
            ESCALE_STATIC_ROOT=str(folder / "static"),
        )
        ground.run("-m", "escale", "migrate", "--noinput", "-v0", env=env)
        ground.run("-m", "escale", "manage", "collectstatic", "--noinput", "-v0", env=env)
        printed = ground.run("-m", "bench.page_scene", str(CONNECTIONS), env=env).splitlines()[-1]
        visits = [(path, cookie) for path, cookie in json.loads(printed)]
        ours = stack.enter_context(served("escale.config.wsgi:application", env, port))
        first = load.ask(ours.port, visits, seconds=WARM_UP)
        if first.failures:
            raise SystemExit("the case page does not answer 200")
        text = folder / "text"
        text.write_text("".join(f"{'x' * 79}\n" for _ in range(first.bytes // 80)), encoding="utf-8")
        with_text = {**env, "BENCH_BARE_TEXT": str(text)}
        bare = stack.enter_context(served("bench.bare:application", with_text, _free_port()))
        plain = [("/", "")] * CONNECTIONS
        load.ask(bare.port, plain, seconds=WARM_UP)
        for _ in range(ROUNDS):
            ours.measure(visits, seconds)
            bare.measure(plain, seconds)
        rate, spent = _line(f"case page, {name}", ours)
        peer_rate, peer_spent = _line("bare view, as many bytes", bare)
        print(f"ratio: {rate / peer_rate:.3f} of its requests/s, {spent / peer_spent:.0f} × its CPU")


if __name__ == "__main__":
    main()
