"""The measure of bench.ledger, in a process whose database is already chosen: ``python -m bench.ledger_change N``."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.db import connection, models, transaction

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
django.setup()

from escale.case import events as e  # noqa: E402 - models exist once Django is set up
from escale.case.decision import Decision  # noqa: E402
from escale.ledger.models import Case, Deadline, Effect, Entry  # noqa: E402
from escale.ledger.record import changing  # noqa: E402
from tests.factories.cases import NOON, a_case, acting, an_agent  # noqa: E402

BATCH = 20
LATER = NOON + timedelta(days=1)


def _values(row: models.Model) -> dict[str, Any]:
    """Column → value as the database takes it."""
    return {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
    }


def _insert(table: str, values: dict[str, Any]) -> str:
    columns = ", ".join(f'"{name}"' for name in values)
    return f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(["%s"] * len(values))})'  # noqa: S608 - our own names


class Peer:
    """The rows that one change has written, ready to be written again for another case."""

    def __init__(self, case: Case, seen: int) -> None:
        self.entries = [_values(row) for row in Entry.objects.filter(case=case, seq__gt=seen).order_by("seq")]
        self.opened = [_values(row) for row in Deadline.objects.filter(case=case, opened_at=LATER)]
        self.effects = [_values(row) for row in Effect.objects.filter(case=case, created_at=LATER).order_by("id")]
        self.case = {
            name: value for name, value in _values(case).items() if name not in {"id", "reference", "person_key"}
        }
        self.rows = 1 + len(self.entries) + len(self.opened) + len(self.effects)

    def __call__(self, case: Case) -> None:
        """Lock, write every row, close the deadlines."""
        key = Case._meta.pk.get_db_prep_save(case.pk, connection)
        with transaction.atomic(), connection.cursor() as cursor:
            lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
            cursor.execute(f"SELECT version FROM ledger_case WHERE id = %s{lock}", [key])  # noqa: S608 - a constant
            for row in self.entries:
                kept = {**row, "case_id": key}
                del kept["id"]
                cursor.execute(_insert("ledger_entry", kept) + " RETURNING id", list(kept.values()))
                entry = cursor.fetchone()[0]
            when = self.entries[0]["at"]
            cursor.execute(
                "UPDATE ledger_deadline SET closed_at = %s, closed_by = %s WHERE case_id = %s AND closed_at IS NULL",
                [when, "bench", key],
            )
            for row in self.opened:
                kept = {**row, "case_id": key}
                del kept["id"]
                cursor.execute(_insert("ledger_deadline", kept), list(kept.values()))
            for row in self.effects:
                kept = {**row, "case_id": key, "entry_id": entry, "key": f"{case.reference}-{row['key'][-30:]}"}
                del kept["id"]
                cursor.execute(_insert("ledger_effect", kept), list(kept.values()))
            sets = ", ".join(f'"{name}" = %s' for name in self.case)
            cursor.execute(f"UPDATE ledger_case SET {sets} WHERE id = %s", [*self.case.values(), key])  # noqa: S608


def _timed(work: Callable[[Case], object], cases: list[Case]) -> list[float]:
    """Seconds of each call."""
    found = []
    for case in cases:
        start = time.perf_counter()
        work(case)
        found.append(time.perf_counter() - start)
    return found


def main(changes: int) -> None:
    """Batches of one and of the other in turn, so that both meet the same moments of the machine."""
    agent = acting(an_agent())

    def record(case: Case) -> None:
        with changing(case.id, actor=agent, now=LATER) as change:
            change.record(Decision.of(e.ApplicationAccepted()))

    model = a_case("submitted")
    seen = model.entries_count
    record(model)
    model.refresh_from_db()
    peer = Peer(model, seen)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(max(1, changes // BATCH)):
        cases = [a_case("submitted") for _ in range(2 * BATCH)]
        ours += _timed(record, cases[::2])
        theirs += _timed(peer, cases[1::2])
    mine, raw = statistics.median(ours), statistics.median(theirs)
    print(
        f"{1000 * mine:.2f} ms a change through the ledger (p95 {1000 * sorted(ours)[int(0.95 * len(ours))]:.2f}), "
        f"{1000 * raw:.2f} ms by raw SQL ({peer.rows} rows, one transaction): {raw / mine:.2f} × its speed, "
        f"{len(ours)} of each"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
