"""How one of the eight steps is told to the applicant: what each step's queries give to the home of a case.

A step knows its own story; the portal only lays the eight stories one under the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type StepState = Literal["done", "now", "next", "waiting", "stopped"]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step on the timeline.

    ``state``: ``done``; ``now`` (the applicant must act); ``waiting`` (somebody else has it); ``next`` (not open yet);
    ``stopped`` (it ended here). ``sentence`` says in one line, in the applicant's language, what is so: it is shown in
    large type when this step is the one that matters. ``detail`` adds why, by whom and until about when. ``at`` is when
    the state was reached. ``before`` is the last moment to act, when there is one. ``actions``: (address, label), the
    first one being the main one. ``pressing``: told before any other step that waits for the applicant.
    """

    number: int
    state: StepState
    sentence: str
    detail: str = ""
    at: datetime | None = None
    actions: tuple[tuple[str, str], ...] = ()
    before: datetime | None = None
    pressing: bool = False


def headline(views: Iterable[StepView]) -> StepView | None:
    """The step that matters now: the one where the case stopped, else the first that waits for the applicant (a
    pressing one before), else the first that somebody else has, else the last one done."""
    told = list(views)
    for state in ("stopped", "now", "waiting"):
        found = [view for view in told if view.state == state]
        if found:
            return next((view for view in found if view.pressing), found[0])
    done = [view for view in told if view.state == "done"]
    return done[-1] if done else None
