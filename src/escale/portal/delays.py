"""Honest delays: what cases really took in the last year, per post and stage, as the ledger counts them.

A cell with fewer than five cases is masked, so that nobody's own delay can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.core.cache import cache

from escale.ledger import statistics
from escale.ledger.models import Case
from escale.ledger.statistics import Delay

FEW = statistics.SMALLEST_CELL
KEPT_SECONDS = 600
BAR = 240
"""Width of a bar of the whole scale, in the drawing's own units."""


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


STAGES: dict[str, str] = {
    "total": N_("En tout : de la demande envoyée au passeport remis"),
    "net": N_("En tout, sans le temps pris par les demandeurs"),
    "examination": N_("Lecture de la demande par le poste"),
    "posting": N_("Envoi de la photo et de l’étiquette par le demandeur"),
    "envelope_check": N_("Vérification de l’enveloppe reçue"),
    "interview": N_("De la validation à l’entretien"),
    "production": N_("Fabrication et envoi au poste"),
    "dispatch": N_("De l’arrivée au poste à l’expédition"),
    "delivery": N_("Acheminement jusqu’à vous"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One stage of one post. Days are whole, rounded; None while there are too few cases to say.

    ``half`` and ``most``: how far the median and the nine in ten reach on a bar of ``BAR``.
    """

    code: str
    label: str
    median: int | None
    nine_in_ten: int | None
    half: int
    most: int


@dataclass(frozen=True, slots=True)
class Table:
    """The delays of a post; of all posts together when it has no code."""

    code: str
    post: str
    rows: list[Row]

    @property
    def says_something(self) -> bool:
        return any(row.median is not None for row in self.rows)


def tables(now: datetime) -> list[Table]:
    """All posts together, then one table per post. Counted anew every ten minutes at most."""
    return cast(list[Table], cache.get_or_set("portal.delays", lambda: _counted(now), KEPT_SECONDS))


def _counted(now: datetime) -> list[Table]:
    found = statistics.delays_by_post(since=now - statistics.WINDOW)
    longest = max((cell.p90 or 0 for _code, _post, cells in found for cell in cells.values()), default=0)
    told = [Table(code, post, [_row(stage, cells[stage], longest) for stage in STAGES]) for code, post, cells in found]
    return [told[-1], *told[:-1]]


def _row(stage: str, cell: Delay, longest: float) -> Row:
    if cell.median is None or cell.p90 is None:
        return Row(stage, STAGES[stage], None, None, 0, 0)
    scale = BAR / max(longest, 1)
    half, most = round(cell.median * scale), round(cell.p90 * scale)
    return Row(stage, STAGES[stage], round(cell.median), round(cell.p90), half, most)


def total(now: datetime) -> Row:
    """The whole way, all posts together."""
    return tables(now)[0].rows[0]


@dataclass(frozen=True, slots=True)
class Usual:
    """How long the stage a case is at usually takes. ``everywhere``: counted over all posts, its own having too few.

    ``half_on`` and ``most_on``: the days by which one request in two, nine in ten, are through; ``late``: the second is
    gone by.
    """

    median: int
    nine_in_ten: int
    half_on: date
    most_on: date
    everywhere: bool
    late: bool


# The stage of the statistics a case is at, while somebody else than the applicant has it.
_STAGE_OF = (
    ("application", {"submitted"}, "examination"),
    ("posted_items", {"received"}, "envelope_check"),
    ("dispatch", {"ordered", "in_production", "produced"}, "production"),
    ("dispatch", {"at_post"}, "dispatch"),
)


def usual(case: Case, since: datetime | None, now: datetime) -> Usual | None:
    """What to expect of the stage that began at ``since``; None when it has no figure, or too few cases say one."""
    stage = next((name for track, states, name in _STAGE_OF if getattr(case, track) in states), None)
    if stage is None or since is None:
        return None
    everywhere, *posts = tables(now)
    own = next((table for table in posts if table.code == case.post.code), everywhere)
    for table in (own, everywhere):
        row = next(row for row in table.rows if row.code == stage)
        if row.median is not None and row.nine_in_ten is not None:
            begun = since.astimezone(ZoneInfo(case.post.tz))
            half_on, most_on = (begun.date() + timedelta(days=days) for days in (row.median, row.nine_in_ten))
            late = now.astimezone(ZoneInfo(case.post.tz)).date() > most_on
            return Usual(row.median, row.nine_in_ten, half_on, most_on, table is everywhere, late)
    return None


def as_json(now: datetime) -> dict[str, Any]:
    """The same figures for machines. Masked cells are null."""
    return {
        "measured_at": now.isoformat(),
        "window_days": statistics.WINDOW.days,
        "unit": "days",
        "fewest_cases_shown": FEW,
        "posts": [
            {
                "code": table.code or "all",
                "name": table.post,
                "stages": {row.code: {"median": row.median, "nine_in_ten": row.nine_in_ten} for row in table.rows},
            }
            for table in tables(now)
        ],
    }
