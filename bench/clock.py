"""A tick of the clock: what is due out of many open deadlines, against as many due out of few (S3). PostgreSQL only.

    .venv/bin/python -m bench.clock [--open 5000000] [--due 10000]

What is timed is what the worker does around a deadline: it asks for the oldest due ones, a hundred at a time, and
closes each. What a step then decides costs the same in both, and is left out.
"""

from __future__ import annotations

import argparse
import tempfile

from bench import ground


def main() -> None:
    """Measure on a cluster of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--open", type=int, default=5_000_000, help="open deadlines in the large table")
    parser.add_argument("--due", type=int, default=10_000, help="those that have come, in both tables")
    asked = parser.parse_args()
    print(ground.machine())
    with ground.databases() as databases, tempfile.TemporaryDirectory(prefix="escale-bench-") as folder:
        if "PostgreSQL" not in databases:
            raise SystemExit("this bench needs PostgreSQL")
        environment = ground.environment(databases["PostgreSQL"], folder, ESCALE_MODE="demo")
        ground.run("-m", "escale", "migrate", "--noinput", "-v0", env=environment)
        print(ground.run("-m", "bench.clock_tick", str(asked.open), str(asked.due), env=environment), end="")


if __name__ == "__main__":
    main()
