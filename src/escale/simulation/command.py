"""``escale simulate``: how many agents a network needs, and how long people would wait."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from pathlib import Path

from escale import clock
from escale.simulation import report
from escale.simulation.assumptions import Assumptions, UnknownAssumption
from escale.simulation.network import BadList, invented, listed, simulate


def parser() -> argparse.ArgumentParser:
    """The options, for the command and its help."""
    options = argparse.ArgumentParser(prog="escale simulate", description=__doc__)
    options.add_argument("--cases", type=int, default=330_000, help="requests in the year, over the whole network")
    options.add_argument("--posts", type=int, default=200, help="posts of the invented network")
    options.add_argument("--list", type=Path, metavar="CSV", help="your own posts: name, cases and, if known, agents")
    options.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change an assumption")
    options.add_argument("--seed", type=int, default=1, help="the same seed gives the same year")
    options.add_argument("--on", type=date.fromisoformat, help="day whose policy values apply; today when left out")
    options.add_argument("--rows", type=int, default=12, help="posts in the table")
    options.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every post")
    options.add_argument("--svg", type=Path, metavar="FILE", help="draw the queues of every post")
    return options


def main(arguments: list[str]) -> int:
    """Simulate, print the table, write what was asked for. Returns the exit status: 2 on a wrong option or list."""
    asked = parser().parse_args(arguments)
    if asked.cases < 1 or asked.posts < 1:
        print("escale simulate: at least one case and one post are needed", file=sys.stderr)
        return 2
    try:
        assume = Assumptions().with_values(asked.set)
        loads = listed(asked.list) if asked.list else invented(asked.posts, asked.cases)
    except (UnknownAssumption, BadList) as error:
        print(f"escale simulate: {error}", file=sys.stderr)
        return 2
    started = time.perf_counter()
    network = simulate(loads, assume, seed=asked.seed, on=asked.on or clock.now().date())
    seconds = time.perf_counter() - started
    print(report.table(network, asked.rows))
    print(f"{sum(load.cases for load in loads)} cases of {len(loads)} posts in {seconds:.1f} s")
    if asked.json:
        asked.json.write_text(json.dumps(report.as_json(network), indent=1), encoding="utf-8")
    if asked.svg:
        asked.svg.write_text(report.drawing(network), encoding="utf-8")
    return 0
