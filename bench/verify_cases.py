"""The measure of bench.verify, in a process whose database is chosen: copies of a whole journey, then both readings."""

from __future__ import annotations

import copy
import os
import sys
import time
import uuid
from itertools import batched

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "escale.config.settings")
django.setup()

from escale.ledger import chain, queries, verify  # noqa: E402 - models exist once Django is set up
from escale.ledger.models import Case, Entry  # noqa: E402
from escale.vault import keys, sealing  # noqa: E402
from escale.vault.models import CaseKey  # noqa: E402
from tests.factories.cases import NOON, a_case  # noqa: E402

TOGETHER = 1_000


def _copy(model: Case, plain: list[tuple[Entry, bytes]]) -> tuple[Case, CaseKey, list[Entry]]:
    """Another case with the same events, sealed with its own key and chained anew."""
    case = copy.copy(model)
    case.pk = uuid.uuid4()
    case.reference, case.person_key = f"ESC-{case.pk.hex[:14]}", case.pk.hex
    row, key = keys.drawn(case.pk, now=NOON)
    entries, previous = [], chain.GENESIS
    for original, content in plain:
        payload = sealing.seal_with(key, case.pk, f"entry|{original.seq}", content)
        entry = copy.copy(original)
        entry.pk, entry.case, entry.payload, entry.previous = None, case, payload, previous
        actor = f"{entry.actor_kind}:{entry.actor_id}:{entry.actor_role}"
        about = {"case_id": str(case.pk), "seq": entry.seq, "at": entry.at, "actor": actor, "event": entry.event}
        previous = entry.hash = chain.link(previous=previous, payload=payload, **about)
        entries.append(entry)
    case.last_hash = previous
    return case, row, entries


def fill(count: int) -> int:
    """``count`` cases. Returns how many entries there are."""
    model = a_case("completed")
    key = keys.of_case(model.pk)
    plain = [
        (row, sealing.open_with(key, model.pk, f"entry|{row.seq}", row.payload))
        for row in Entry.objects.filter(case=model).order_by("seq")
    ]
    for together in batched(range(count - 1), TOGETHER):
        made = [_copy(model, plain) for _ in together]
        Case.objects.bulk_create([case for case, _, _ in made])
        CaseKey.objects.bulk_create([row for _, row, _ in made])
        Entry.objects.bulk_create([entry for _, _, entries in made for entry in entries], batch_size=5_000)
    return Entry.objects.count()


def read() -> int:
    """The same rows, and nothing done with them. Returns how many."""
    rows = 0
    for together in batched(Case.objects.order_by("opened_at", "pk").iterator(verify.TOGETHER), verify.TOGETHER):
        ids = [case.pk for case in together]
        columns = ("case_id", *verify.Row._fields)
        rows += len(list(Entry.objects.filter(case_id__in=ids).order_by("case_id", "seq").values_list(*columns)))
        rows += len(list(CaseKey.objects.filter(case_id__in=ids).values_list("case_id", "wrapped", "master_key_id")))
    return rows


def main(count: int) -> None:
    entries = fill(count)
    cases = Case.objects.order_by("opened_at", "pk")
    assert queries.get(cases.first().pk).entries_count == entries // count
    read()  # both then find the rows in memory
    started = time.perf_counter()
    read()
    reading = time.perf_counter() - started
    started = time.perf_counter()
    problems = [problem for _, problem in verify.verify_cases(cases.iterator(verify.TOGETHER)) if problem]
    verifying = time.perf_counter() - started
    assert problems == [], problems[0]
    print(
        f"{count} cases of {entries // count} entries: read in {reading:.1f} s, verified in {verifying:.1f} s "
        f"({count / verifying:.0f} cases/s): ratio {verifying / reading:.2f} (S8 wants 3 at most)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
