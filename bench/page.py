"""The applicant's case page, signed in, against a bare view rendering the same template on the same server (S1).

    .venv/bin/python -m bench.page [--seconds 2]

Production settings, the keys and addresses of a demonstration apart. The last line asks at a steady pace, 150 a second,
and says how long the slowest twentieth waits.

Both are served by granian as in production (two workers of four threads), from PostgreSQL when it is here, else from
SQLite. The client shares the machine's cores with them: ratios are comparable, absolute figures are this machine's.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import secrets
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
from escale.stack.addresses import free_ports

ROUNDS = 2
CONNECTIONS = 8  # each an applicant of their own
WARM_UP = 1.0
PACE = 150.0  # requests a second
STARTUP = 120.0  # a busy machine


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


def _production(database: str, folder: Path, port: int) -> Mapping[str, str]:
    """What a production process reads; its keys live as long as the bench."""
    keys = {name: secrets.token_urlsafe(48) for name in ("ESCALE_SECRET_KEY", "ESCALE_INDEX_KEY")}
    keys["ESCALE_VAULT_KEYS"] = f"bench:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    more = {"ESCALE_PORTAL_URL": f"https://127.0.0.1:{port}", "ESCALE_STATIC_ROOT": str(folder / "static")}
    return ground.environment(database, folder, ESCALE_MODE="production", **keys, **more)


def main() -> None:
    """Serve both, ask each in turn, print the rates and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of each of the measures")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measures of each, in turn")
    asked = parser.parse_args()
    print(ground.machine())
    with ground.databases() as databases, contextlib.ExitStack() as stack:
        name = "PostgreSQL" if "PostgreSQL" in databases else "SQLite"
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="escale-bench-")))
        port = free_ports(1)[0]
        env = _production(databases[name], folder, port)
        before = {**env, "ESCALE_MODE": "demo"}  # production's checks ask for every partner, and nobody is called here
        ground.run("-m", "escale", "migrate", "--noinput", "-v0", env=before)
        ground.run("-m", "escale", "manage", "collectstatic", "--noinput", "-v0", env=before)
        printed = ground.run("-m", "bench.page_scene", str(CONNECTIONS), env=before)
        visits = [(path, cookie) for path, cookie in json.loads(printed.splitlines()[-1])]
        ours = stack.enter_context(served("escale.config.wsgi:application", env, port))
        if load.ask(ours.port, visits, seconds=WARM_UP).failures:
            raise SystemExit("the case page does not answer 200")
        of_case = {**env, "BENCH_BARE_CASE": visits[0][0].split("/")[2]}
        bare = stack.enter_context(served("bench.bare:application", of_case, free_ports(1)[0]))
        plain = [("/nue/", "")] * CONNECTIONS
        load.ask(bare.port, plain, seconds=WARM_UP)
        for _ in range(asked.rounds):
            ours.measure(visits, asked.seconds)
            bare.measure(plain, asked.seconds)
        rate, spent = _line(f"case page, {name}", ours)
        peer_rate, peer_spent = _line("bare view, the same template", bare)
        print(f"ratio: {rate / peer_rate:.2f} of its requests/s (S1 wants 0.5), {spent / peer_spent:.2f} × its CPU")
        paced = load.ask(ours.port, visits, seconds=asked.seconds * asked.rounds, pace=PACE)
        print(
            f"asked {PACE:.0f} times a second: {paced.per_second:.0f} answered, median {paced.quantile(0.5):.0f} ms, "
            f"p95 {paced.quantile(0.95):.0f} ms (S1 wants less than 300), {paced.failures} failures"
        )


if __name__ == "__main__":
    main()
