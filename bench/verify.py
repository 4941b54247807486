"""`escale verify` over many cases, against reading the same rows (S8).

    .venv/bin/python -m bench.verify [--cases 100000]

The cases are copies of one whole journey, each with a key of its own, sealed and chained as the ledger does. The peer
reads the same columns of the same rows, by the same batches and through the same connection, and uses none of them.
"""

from __future__ import annotations

import argparse
import tempfile

from bench import ground


def main() -> None:
    """Measure on PostgreSQL when it is here, else on SQLite."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    cases = parser.parse_args().cases
    print(ground.machine())
    with ground.databases() as databases, tempfile.TemporaryDirectory(prefix="escale-bench-") as folder:
        name = "PostgreSQL" if "PostgreSQL" in databases else "SQLite"
        environment = ground.environment(databases[name], folder, ESCALE_MODE="demo")
        ground.run("-m", "escale", "migrate", "--noinput", "-v0", env=environment)
        print(f"{name}: " + ground.run("-m", "bench.verify_cases", str(cases), env=environment), end="")


if __name__ == "__main__":
    main()
