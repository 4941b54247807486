"""Proof that a case is what its entries say: chain unbroken, none missing, replay equals the live tracks."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from escale.case.moves import MoveRefused
from escale.case.replay import replay
from escale.ledger import chain, queries
from escale.ledger.models import Case, Entry
from escale.vault.keys import KeyDestroyed
from escale.vault.sealing import SealBroken


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which case, at which entry (0: the case itself). ``code`` is for pages, ``what`` for a log.

    Codes: missing_entry, altered, end_missing, seal_broken, no_replay, states_differ.
    """

    reference: str
    seq: int
    code: str
    what: str

    def __str__(self) -> str:
        where = f"entry {self.seq}" if self.seq else "the case"
        return f"{self.reference}: {where}: {self.what}"


def _chain_problem(case: Case, entries: list[Entry]) -> Problem | None:
    previous = chain.GENESIS
    for place, entry in enumerate(entries, start=1):
        if entry.seq != place:
            return Problem(case.reference, place, "missing_entry", "an entry is missing or out of order")
        expected = chain.link(
            previous=previous,
            case_id=str(case.id),
            seq=entry.seq,
            at=entry.at,
            event=entry.event,
            actor=f"{entry.actor_kind}:{entry.actor_id}:{entry.actor_role}",
            payload=bytes(entry.payload),
        )
        if entry.previous != previous or entry.hash != expected:
            return Problem(case.reference, entry.seq, "altered", "was altered after it was written")
        previous = entry.hash
    if len(entries) != case.entries_count or previous != (case.last_hash or chain.GENESIS):
        return Problem(case.reference, case.entries_count, "end_missing", "the end of the chain is missing")
    return None


def verify_case(case: Case) -> Problem | None:
    """The first problem of a case, or None. After the end of retention only the chain can be checked."""
    entries = list(Entry.objects.filter(case=case).order_by("seq"))
    problem = _chain_problem(case, entries)
    if problem is not None:
        return problem
    try:
        lines = queries.history(case.id)
    except KeyDestroyed:
        return None
    except SealBroken as broken:
        return Problem(case.reference, int(str(broken).split("|")[-1]), "seal_broken", "its seal is broken")
    try:
        tracks = replay(line.event for line in lines)
    except MoveRefused as refused:
        return Problem(case.reference, 0, "no_replay", f"its entries do not replay: {refused}")
    wrong = [track.value for track, state in tracks.items() if case.tracks[track] != state]
    if wrong:
        return Problem(case.reference, 0, "states_differ", f"live tracks differ from the replay: {', '.join(wrong)}")
    return None


def main(argv: list[str]) -> int:
    """`escale verify [CASE…]`: exit status 1 when a case fails."""
    parser = argparse.ArgumentParser(prog="escale verify", description="Check the audit chain of cases.")
    parser.add_argument("case", nargs="*", help="references; all cases when none is given")
    wanted = parser.parse_args(argv).case
    checked, problems = 0, []
    cases = Case.objects.select_related("post").order_by("opened_at")
    for reference in wanted:
        if queries.by_reference(reference) is None:
            print(f"{reference}: no such case")
            return 1
    for case in cases.filter(reference__in=wanted) if wanted else cases.iterator():
        checked += 1
        problem = verify_case(case)
        if problem is not None:
            problems.append(problem)
            print(problem)
    print(f"{checked} case(s) verified, {len(problems)} with a problem.")
    return 1 if problems else 0
