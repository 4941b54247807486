"""Proof that a case is what its entries say: chain unbroken, none missing, replay equals the live tracks."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import NamedTuple, TextIO
from uuid import UUID

from django.db import connection, transaction

from escale.case import events as e
from escale.case.moves import MoveRefused
from escale.case.payload import from_payload
from escale.case.replay import replay
from escale.ledger import anchor, chain, queries
from escale.ledger.models import Case, Entry
from escale.vault import keys, sealing

TOGETHER = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which case, at which entry (0: the case itself). ``code`` is for pages, ``what`` for a log.

    Codes: missing_entry, altered, end_missing, anchored_otherwise, case_missing, seal_broken, no_replay, states_differ.
    """

    reference: str
    seq: int
    code: str
    what: str

    def __str__(self) -> str:
        where = f"entry {self.seq}" if self.seq else "the case"
        return f"{self.reference}: {where}: {self.what}"


class Row(NamedTuple):
    """An entry as it is stored."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_role: str
    event: str
    payload: bytes
    previous: str
    hash: str

    @property
    def actor(self) -> str:
        return f"{self.actor_kind}:{self.actor_id}:{self.actor_role}"


def _rows(ids: list[UUID]) -> dict[UUID, list[Row]]:
    """The entries of some cases, in order."""
    found: dict[UUID, list[Row]] = defaultdict(list)
    for case_id, *row in (
        Entry.objects.filter(case_id__in=ids).order_by("case_id", "seq").values_list("case_id", *Row._fields)
    ):
        found[case_id].append(Row(*row))
    return found


def _chain_problem(case: Case, rows: list[Row]) -> Problem | None:
    previous, identifier = chain.GENESIS, str(case.id)
    for place, row in enumerate(rows, start=1):
        if row.seq != place:
            return Problem(case.reference, place, "missing_entry", "an entry is missing or out of order")
        expected = chain.link(
            previous=previous,
            case_id=identifier,
            seq=row.seq,
            at=row.at,
            event=row.event,
            actor=row.actor,
            payload=row.payload,
        )
        if row.previous != previous or row.hash != expected:
            return Problem(case.reference, row.seq, "altered", "was altered after it was written")
        previous = row.hash
    if len(rows) != case.entries_count or previous != (case.last_hash or chain.GENESIS):
        return Problem(case.reference, case.entries_count, "end_missing", "the end of the chain is missing")
    return None


def _anchor_problem(case: Case, rows: list[Row], stood: Mapping[int, str]) -> Problem | None:
    """An entry that a signed anchor saw must still be the same one at the same place."""
    for seq, digest in sorted(stood.items()):
        if seq > len(rows) or rows[seq - 1].hash != digest:
            return Problem(case.reference, seq, "anchored_otherwise", "is not the one that was anchored")
    return None


def _replay_problem(case: Case, rows: list[Row], key: bytes) -> Problem | None:
    events: list[e.Event] = []
    for row in rows:
        try:
            plain = sealing.open_with(key, case.id, f"entry|{row.seq}", row.payload)
        except sealing.SealBroken:
            return Problem(case.reference, row.seq, "seal_broken", "its seal is broken")
        events.append(from_payload(row.event, json.loads(plain.decode())))
    try:
        tracks = replay(events)
    except MoveRefused as refused:
        return Problem(case.reference, 0, "no_replay", f"its entries do not replay: {refused}")
    live = case.tracks
    wrong = [track.value for track, state in tracks.items() if live[track] != state]
    if wrong:
        return Problem(case.reference, 0, "states_differ", f"live tracks differ from the replay: {', '.join(wrong)}")
    return None


def verify_cases(
    cases: Iterable[Case],
    *,
    anchored: Mapping[UUID, Mapping[int, str]] | None = None,
    export: TextIO | None = None,
) -> Iterator[tuple[Case, Problem | None]]:
    """Each case with its first problem, or None. After the end of retention only the chain can be checked.

    ``anchored``: what the anchors saw (`ledger.anchor.read_all`). ``export``: where to write the chains.
    """
    for together in batched(cases, TOGETHER):
        ids = [case.id for case in together]
        rows, found = _rows(ids), keys.of_cases(ids)
        for case in together:
            mine = rows.get(case.id, [])
            if export is not None:
                _export(case, mine, export)
            stood = (anchored or {}).get(case.id, {})
            problem = _problem(case, mine, found.get(case.id), stood)
            yield case, problem and _still(case, stood)


def _problem(case: Case, rows: list[Row], key: bytes | None, stood: Mapping[int, str]) -> Problem | None:
    problem = _chain_problem(case, rows) or _anchor_problem(case, rows, stood)
    return problem if problem or key is None else _replay_problem(case, rows, key)


def _still(case: Case, stood: Mapping[int, str]) -> Problem | None:
    """The problem of a case read again while nobody can change it: it may have moved meanwhile."""
    with transaction.atomic():
        cases = Case.objects.all()
        if connection.features.has_select_for_update:
            cases = cases.select_for_update()
        now = cases.get(pk=case.pk)
        return _problem(now, _rows([now.id]).get(now.id, []), keys.of_cases([now.id]).get(now.id), stood)


def verify_case(case: Case) -> Problem | None:
    """The first problem of a case, or None."""
    [(_, problem)] = verify_cases([case])
    return problem


def _export(case: Case, rows: list[Row], file: TextIO) -> None:
    """One line of JSON: the chain without what is sealed, of which the hash alone is chained."""
    entries = [
        {
            "seq": row.seq,
            "at": row.at.isoformat(),
            "actor": row.actor,
            "event": row.event,
            "sealed_sha256": hashlib.sha256(row.payload).hexdigest(),
            "previous": row.previous,
            "hash": row.hash,
        }
        for row in rows
    ]
    about = {"case": str(case.id), "reference": case.reference, "count": case.entries_count, "last": case.last_hash}
    file.write(json.dumps({**about, "entries": entries}) + "\n")


def _gone(anchored: Mapping[UUID, Mapping[int, str]], seen: set[UUID]) -> list[Problem]:
    """Cases that anchors saw and the database has no more."""
    return [Problem(str(case), 0, "case_missing", "was anchored and is gone") for case in anchored if case not in seen]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="escale verify", description="Check the audit chain of cases.")
    parser.add_argument("case", nargs="*", help="references; all cases when none is given")
    parser.add_argument("--anchor", type=Path, metavar="FOLDER", help="check against the anchors kept there as well")
    parser.add_argument("--key", help="public key of the anchors; that of ESCALE_ANCHOR_KEY when it is not given")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write the chains for tools/inspect_ledger.py")
    return parser


def main(argv: list[str]) -> int:
    """`escale verify [CASE…]`: exit status 1 when a case fails."""
    asked = _parser().parse_args(argv)
    checked, problems = 0, []
    for reference in asked.case:
        if queries.by_reference(reference) is None:
            print(f"{reference}: no such case")
            return 1
    try:
        anchored = anchor.read_all(asked.anchor, asked.key or anchor.public_key()) if asked.anchor else {}
    except (anchor.AnchorRefused, OSError) as refused:
        print(refused)
        return 1
    cases = Case.objects.order_by("opened_at", "pk")
    chosen = cases.filter(reference__in=asked.case) if asked.case else cases
    seen: set[UUID] = set()
    with ExitStack() as stack:
        export = stack.enter_context(asked.export.open("w", encoding="utf-8")) if asked.export else None
        for case, problem in verify_cases(chosen.iterator(TOGETHER), anchored=anchored, export=export):
            checked += 1
            if anchored:
                seen.add(case.id)
            if problem is not None:
                problems.append(problem)
                print(problem)
    for lost in _gone(anchored, seen) if not asked.case else []:
        problems.append(lost)
        print(lost)
    print(f"{checked} case(s) verified, {len(problems)} with a problem.")
    return 1 if problems else 0
