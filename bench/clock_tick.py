"""What bench.clock times, in a process whose database is chosen: a large table of open deadlines, then a small one."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - models exist once Django is set up

from escale.ledger import queries  # noqa: E402
from escale.ledger.models import Case, Deadline  # noqa: E402
from tests.factories.cases import a_case  # noqa: E402

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASES = 1_000
_COPIES = """
INSERT INTO ledger_case SELECT (jsonb_populate_record(model, jsonb_build_object(
    'id', md5(n::text)::uuid, 'reference', 'ESC-BENCH-' || n, 'person_key', 'person-' || n, 'applicant_sub', 'sub-' || n
))).* FROM ledger_case model, generate_series(1, %s) n
"""
_DEADLINES = """
INSERT INTO ledger_deadline (case_id, kind, due_at, opened_at, closed_by)
SELECT ids.every[1 + n %% array_length(ids.every, 1)], 'bench-' || n,
       CASE WHEN n <= %s THEN %s::timestamptz - n * interval '1 second'
            ELSE %s::timestamptz + n * interval '1 second' END, %s, ''
FROM generate_series(1, %s) n, (SELECT array_agg(id) AS every FROM ledger_case) ids
"""


def fill(count: int, due: int) -> None:
    """``due`` deadlines that have come and ``count - due`` that have not, spread over all cases."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_deadline")
        cursor.execute(_DEADLINES, [due, NOW, NOW, NOW, count])
        cursor.execute("VACUUM ANALYZE ledger_deadline")


def tick() -> tuple[float, int]:
    """Ask and close until nothing is due. Returns seconds and how many were closed."""
    started, closed = time.perf_counter(), 0
    while rows := queries.due_deadlines(NOW):
        with transaction.atomic():  # one commit for all: what the disk takes for each would hide the question's cost
            for row in rows:
                closed += Deadline.objects.filter(pk=row.pk, closed_at__isnull=True).update(closed_at=NOW)
    return time.perf_counter() - started, closed


def main(many: int, due: int) -> None:
    with connection.cursor() as cursor:
        case = a_case("submitted", now=NOW)
        cursor.execute(_COPIES, [CASES])
        assert Case.objects.exclude(pk=case.pk).count() == CASES
    spent = {}
    for count in (due, many):
        fill(count, due)
        spent[count], closed = tick()
        assert closed == due
        print(f"{due} due out of {count} open: {spent[count]:.2f} s")
    print(f"ratio: {spent[many] / spent[due]:.2f} (S3 wants 1.3 at most)")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
