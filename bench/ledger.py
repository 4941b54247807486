"""One state change recorded through the ledger, against the same rows written by raw SQL (S2).

    .venv/bin/python -m bench.ledger [--changes 120]

The change is the acceptance of an application: the case under lock, two chained and sealed entries, deadlines closed
and opened, effects to come, all in one transaction. The peer writes as many rows of the same tables, with the same
bytes and through the same connection, in one transaction too: it decides, seals and chains nothing.
"""

from __future__ import annotations

import argparse
import tempfile

from bench import ground


def main() -> None:
    """Measure on each database that is here."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=120, help="state changes of each kind, per database")
    changes = parser.parse_args().changes
    print(ground.machine())
    with ground.databases() as databases:
        for name, url in databases.items():
            with tempfile.TemporaryDirectory(prefix="escale-bench-") as folder:
                environment = ground.environment(url, folder, ESCALE_MODE="demo")
                ground.run("-m", "escale", "migrate", "--noinput", "-v0", env=environment)
                print(f"{name}: " + ground.run("-m", "bench.ledger_change", str(changes), env=environment), end="")


if __name__ == "__main__":
    main()
