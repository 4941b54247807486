"""Draw the law: `python -m escale.case.drawing` writes docs/journey.md from the tables, and a test compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from escale.case.deadlines import RULES
from escale.case.effects import caused_by
from escale.case.gates import GATES
from escale.case.journey import STEPS
from escale.case.messages import message_of
from escale.case.policy import POLICIES
from escale.case.tracks import RESTING, STATES, Track
from escale.case.transitions import LAW, TRACKS_OF

_HEAD = """# The journey, as the tables state it

This page is drawn from `src/escale/case/` by `python -m escale.case.drawing`; a test compares. Do not edit it.

A case is nine tracks, one per step of the poster and `title`, the validity of the new passport, plus an outcome derived
from them. An event that the tables do not allow is refused with what is expected instead.
"""


def _diagram(track: Track) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {next(iter(STATES[track]))}"
    for states, event, target, _ in LAW[track]:
        for state in states.split():
            yield f"    {state} --> {target}: {event.__name__}"
    for state in sorted(RESTING[track]):
        yield f"    {state} --> [*]"
    yield "```"


def _states(track: Track) -> Iterator[str]:
    yield "| state | waits for |"
    yield "|---|---|"
    for state, owner in STATES[track].items():
        yield f"| `{state}` | {owner.value} |"


def _rows(track: Track) -> Iterator[str]:
    yield "| from | event | to | by | gate |"
    yield "|---|---|---|---|---|"
    for states, event, target, by in LAW[track]:
        origin = ", ".join(f"`{state}`" for state in states.split())
        gate = GATES[event].expects if event in GATES else ""
        yield f"| {origin} | {event.__name__} | `{target}` | {by} | {gate} |"


def _events() -> Iterator[str]:
    yield "| event | opens | closes | effects | message |"
    yield "|---|---|---|---|---|"
    for event in TRACKS_OF:
        opens = ", ".join(kind.value for kind, rule in RULES.items() if event in rule.opens)
        closes = ", ".join(kind.value for kind, rule in RULES.items() if event in rule.closes)
        blank = object.__new__(event)
        effects = ", ".join(kind.value for kind in caused_by(blank))
        message = "delivered" if event.__name__ == "Delivered" else message_of(blank) or ""
        yield f"| {event.__name__} | {opens} | {closes} | {effects} | {message} |"


def _policies() -> Iterator[str]:
    yield "| name | value | unit | in force since | source |"
    yield "|---|---|---|---|---|"
    for line in POLICIES:
        value = ", ".join(line.value) if isinstance(line.value, tuple) else line.value
        yield f"| `{line.name}` | {value} | {line.unit} | {line.since.isoformat()} | {line.source} |"


def render() -> str:
    """The whole page."""
    lines = [_HEAD]
    captions = {step.track: f"{step.number} · {step.caption}" for step in STEPS}
    for track in Track:
        lines += [f"## `{track.value}` — {captions.get(track, '8 · validité du nouveau passeport')}", ""]
        lines += [*_diagram(track), "", *_states(track), "", *_rows(track), ""]
    lines += ["## What each event opens, closes, causes and tells", "", *_events(), ""]
    lines += ["## Dated policy", "", *_policies(), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(render())
