"""Many posts at once, each in a process of its own when there are several; then the law's word on every way taken."""

from __future__ import annotations

import csv
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from escale.case.policy import number
from escale.case.tracks import Outcome
from escale.simulation.assumptions import Assumptions
from escale.simulation.paths import fold
from escale.simulation.post import Load, Year, play


class BadList(ValueError):
    """The list of posts cannot be read; the message says which line and why."""


@dataclass(frozen=True, slots=True)
class Network:
    """What all the years say together. ``outcomes`` are the law's own, ``events`` how many it made of them."""

    years: list[Year]
    outcomes: Counter[Outcome]
    ways: int
    events: int


def invented(posts: int, cases: int) -> list[Load]:
    """A network shaped like most: a few large posts and many small ones. Sizes fall as 1 / (rank + 8)."""
    weights = [1 / (rank + 8) for rank in range(posts)]
    unit = cases / sum(weights)
    sizes = [max(1, int(weight * unit)) for weight in weights]
    sizes[0] += max(0, cases - sum(sizes))
    return [Load(f"post {rank:03d}", size) for rank, size in enumerate(sizes, start=1)]


def listed(path: Path) -> list[Load]:
    """Posts of a CSV file with the columns ``name``, ``cases`` and, if wished, ``agents``. Raises BadList."""
    found: list[Load] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for place, row in enumerate(csv.DictReader(lines), start=2):
                load = Load((row.get("name") or "").strip(), int(row.get("cases") or ""), int(row.get("agents") or 0))
                if not load.name or load.cases < 0 or load.agents < 0:
                    raise BadList(f"{path}, line {place}: a name, and numbers that are not negative, are needed")
                found.append(load)
    except OSError as error:
        raise BadList(f"{path} cannot be read: {error.strerror}") from error
    except BadList:
        raise
    except (ValueError, TypeError) as error:
        raise BadList(f"{path}: the columns are name, cases and, if wished, agents, in whole numbers") from error
    if not found:
        raise BadList(f"{path} lists no post")
    return found


def simulate(loads: list[Load], assume: Assumptions, *, seed: int, on: date, processes: int = 0) -> Network:
    """A year of every post, from the policy values in force ``on`` that day. Raises MoveRefused on an unlawful way."""
    one = partial(play, assume=assume, seed=seed, duty_days=number("duty_days", on))
    workers = processes or os.cpu_count() or 1
    if workers == 1 or len(loads) == 1:
        years = [one(load) for load in loads]
    else:
        with ProcessPoolExecutor(workers) as pool:
            years = list(pool.map(one, loads, chunksize=max(1, len(loads) // (workers * 8))))
    words: Counter[str] = Counter()
    for year in years:
        words.update(year.words)
    outcomes: Counter[Outcome] = Counter()
    events = 0
    for word, times in words.items():
        outcome, count = fold(word)
        outcomes[outcome] += times
        events += count * times
    return Network(years, outcomes, len(words), events)
