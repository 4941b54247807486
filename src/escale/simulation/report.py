"""What a simulated year says: a table per post, its figures as JSON, and its queues drawn as one SVG."""

from __future__ import annotations

from html import escape
from typing import Any

from escale.simulation.network import Network
from escale.simulation.post import STAGES, YEAR, Year

PANEL_WIDTH, PANEL_HEIGHT, COLUMNS = 180, 92, 8


def quantile(values: list[int], share: float) -> int:
    """The value that ``share`` of the others do not exceed; 0 when there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def figures(year: Year) -> dict[str, Any]:
    """One post in figures: days waited at each gate (median, p90), the longest queue, what came to no end."""
    waiting = [sum(lengths) for lengths in zip(*year.queues.values(), strict=True)]
    return {
        "post": year.name,
        "cases": year.cases,
        "agents": year.agents,
        "days": {
            stage: {"median": quantile(year.waits[stage], 0.5), "p90": quantile(year.waits[stage], 0.9)}
            for stage in STAGES
        },
        "longest_queue": max(waiting, default=0),
        "at_year_end": waiting[YEAR - 1],
        "unfinished": year.unfinished,
    }


def as_json(network: Network) -> dict[str, Any]:
    """The whole network in figures."""
    return {
        "cases": sum(year.cases for year in network.years),
        "ways_through_the_law": network.ways,
        "events": network.events,
        "outcomes": {outcome.value: times for outcome, times in sorted(network.outcomes.items())},
        "posts": [figures(year) for year in network.years],
    }


def table(network: Network, rows: int) -> str:
    """The ``rows`` posts that keep people waiting longest, then the network's outcomes."""
    found = sorted(map(figures, network.years), key=lambda row: (-row["days"]["total"]["p90"], row["post"]))
    lines = [
        "days waited for the post, median/p90, and days from request to delivery; longest queue of the year",
        f"{'post':<24}{'cases':>7}{'agents':>7}{'gate 1':>9}{'gate 2':>9}{'interview':>11}"
        f"{'dispatch':>10}{'in all':>9}{'queue':>7}",
    ]
    for row in found[:rows]:
        days = {stage: f"{value['median']}/{value['p90']}" for stage, value in row["days"].items()}
        lines.append(
            f"{row['post'][:23]:<24}{row['cases']:>7}{row['agents']:>7}{days['gate1']:>9}{days['gate2']:>9}"
            f"{days['interview']:>11}{days['dispatch']:>10}{days['total']:>9}{row['longest_queue']:>7}"
        )
    if len(found) > rows:
        lines.append(f"… and {len(found) - rows} posts that wait less")
    outcomes = ", ".join(f"{outcome.value} {times}" for outcome, times in sorted(network.outcomes.items()))
    unfinished = sum(year.unfinished for year in network.years)
    lines.append(f"outcomes: {outcomes}; unfinished {unfinished}")
    lines.append(
        f"{network.ways} distinct ways through the procedure, each allowed by the law; {network.events} events"
    )
    return "\n".join(lines)


def _panel(year: Year, left: int, top: int) -> str:
    waiting = [sum(lengths) for lengths in zip(*year.queues.values(), strict=True)][:YEAR]
    highest = max(*waiting, 1)
    points = " ".join(
        f"{left + 6 + (PANEL_WIDTH - 12) * day / YEAR:.1f},{top + PANEL_HEIGHT - 6 - 48 * length / highest:.1f}"
        for day, length in enumerate(waiting)
        if day % 3 == 0
    )
    total = figures(year)["days"]["total"]
    return (
        f'<g><text x="{left + 6}" y="{top + 14}" font-weight="bold">{escape(year.name)}</text>'
        f'<text x="{left + 6}" y="{top + 27}">{year.cases} cases, {year.agents} agents, p90 {total["p90"]} d</text>'
        f'<text x="{left + PANEL_WIDTH - 6}" y="{top + 38}" text-anchor="end" fill="#666">{highest} at most</text>'
        f'<polyline points="{points}" fill="none" stroke="#000091" stroke-width="1.2"/></g>'
    )


def drawing(network: Network) -> str:
    """One panel per post: how many files wait in its queues, day by day over the year, each to its own scale."""
    rows = -(-len(network.years) // COLUMNS)
    width, height = COLUMNS * PANEL_WIDTH, rows * PANEL_HEIGHT + 24
    panels = "".join(
        _panel(year, place % COLUMNS * PANEL_WIDTH, 24 + place // COLUMNS * PANEL_HEIGHT)
        for place, year in enumerate(network.years)
    )
    title = "Files waiting in each post over the year"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="10" role="img" aria-labelledby="title"><title id="title">{title}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="6" y="15" font-size="13">{title}</text>{panels}</svg>'
    )
