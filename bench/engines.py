"""One state change of the ledger against what other engines take for theirs, on the same PostgreSQL (S2b).

    .venv/bin/python -m bench.engines [--times 200]

django-viewflow makes and stores one transition with a line of history; DBOS runs a workflow of one durable step. They
are fetched into an environment of their own for the time of the bench (uv is needed) and are no part of the product.
Ours seals, chains, moves deadlines and enqueues effects besides.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from bench import ground

ENGINES = ("dbos==3.4.0", "django-viewflow==2.4.0", "psycopg[binary]>=3.3")


def _others(uv: str, url: str, times: int) -> dict[str, float | str]:
    asked = [part for engine in ENGINES for part in ("--with", engine)]
    script = str(ground.ROOT / "bench/engines_change.py")
    command = [uv, "run", "-q", "--no-project", "--python", sys.executable, *asked, "python", script, url, str(times)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure ours, then theirs, on one cluster."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    times = parser.parse_args().times
    kept = ground.ROOT / ".venv-uv/bin/uv"
    uv = shutil.which("uv") or (str(kept) if kept.exists() else "")
    if not uv:
        raise SystemExit("this bench needs uv, to fetch the other engines")
    print(ground.machine())
    with ground.databases() as databases, tempfile.TemporaryDirectory(prefix="escale-bench-") as folder:
        if "PostgreSQL" not in databases:
            raise SystemExit("this bench needs PostgreSQL")
        environment = ground.environment(databases["PostgreSQL"], folder, ESCALE_MODE="demo")
        ground.run("-m", "escale", "migrate", "--noinput", "-v0", env=environment)
        ours = ground.run("-m", "bench.ledger_change", str(times), env=environment)
        said = re.match(r"([\d.]+) ms", ours)
        assert said is not None, ours
        mine = float(said[1])
        print(f"one change through the ledger: {mine:.2f} ms")
        for name, taken in _others(uv, databases["PostgreSQL"], times).items():
            words = (
                f"{taken:.2f} ms: {taken / mine:.2f} × ours" if isinstance(taken, float) else f"did not run: {taken}"
            )
            print(f"{name}: {words} (S2b wants more than 1)")


if __name__ == "__main__":
    main()
