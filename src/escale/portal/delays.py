"""Honest delays: what cases really took in the last year, per post and stage.

Medians and nine-in-ten of cases whose stage ended in the window; a cell with fewer than five cases is masked, so that
nobody's own delay can be read.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

from django.core.cache import cache

from escale.ledger.models import Entry

FEW = 5
WINDOW = timedelta(days=365)

KEPT_SECONDS = 600


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


@dataclass(frozen=True, slots=True)
class Stage:
    """From one event to another. ``whose``: who has it meanwhile."""

    code: str
    label: str
    start: str
    end: str


STAGES: tuple[Stage, ...] = (
    Stage("review", N_("Lecture de la demande par le poste"), "ApplicationSubmitted", "ApplicationAccepted"),
    Stage("opening", N_("Vérification de l’enveloppe reçue"), "EnvelopeReceived", "PostedItemsVerified"),
    Stage("interview", N_("De la validation à l’entretien"), "RequestValidated", "InterviewHeld"),
    Stage("production", N_("Fabrication et envoi au poste"), "PassportOrdered", "PassportArrivedAtPost"),
    Stage("dispatch", N_("De l’arrivée au poste à l’expédition"), "PassportArrivedAtPost", "PassportDispatched"),
    Stage("delivery", N_("Acheminement jusqu’à vous"), "PassportDispatched", "Delivered"),
    Stage("total", N_("En tout : de la demande envoyée au passeport remis"), "ApplicationSubmitted", "Delivered"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """Days; None while there are too few cases to say."""

    median: int | None
    nine_in_ten: int | None
    cases: int


def _durations(now: datetime) -> dict[tuple[str, str], list[float]]:
    """By post and stage, the days each case took."""
    wanted = {name for stage in STAGES for name in (stage.start, stage.end)}
    rows = Entry.objects.filter(event__in=wanted, at__gte=now - WINDOW).order_by("case_id", "seq")
    moments: dict[Any, dict[str, datetime]] = defaultdict(dict)
    posts: dict[Any, str] = {}
    for case_id, event, at, post in rows.values_list("case_id", "event", "at", "case__post_id"):
        moments[case_id].setdefault(event, at)
        posts[case_id] = post
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for case_id, known in moments.items():
        for stage in STAGES:
            if stage.start in known and stage.end in known and known[stage.end] >= known[stage.start]:
                days = (known[stage.end] - known[stage.start]) / timedelta(days=1)
                found[posts[case_id], stage.code].append(days)
    return found


def _cell(days: list[float]) -> Cell:
    if len(days) < FEW:
        return Cell(None, None, 0)
    return Cell(round(median(days)), round(quantiles(days, n=10)[8]), len(days))


def table(now: datetime) -> list[dict[str, Any]]:
    """One line per post, one cell per stage; then all posts together. Counted anew every ten minutes at most."""
    kept: list[dict[str, Any]] = cache.get_or_set("portal.delays", lambda: _counted(now), KEPT_SECONDS)
    return kept


def _counted(now: datetime) -> list[dict[str, Any]]:
    found = _durations(now)
    names = dict(Entry.objects.filter(at__gte=now - WINDOW).values_list("case__post_id", "case__post__name").distinct())
    lines = [
        {"code": code, "post": name, "cells": [(stage, _cell(found.get((code, stage.code), []))) for stage in STAGES]}
        for code, name in sorted(names.items(), key=lambda item: item[1])
    ]
    everywhere = [
        (stage, _cell([day for (_post, code), days in found.items() if code == stage.code for day in days]))
        for stage in STAGES
    ]
    return [*lines, {"code": "", "post": "", "cells": everywhere}]


def total(now: datetime) -> Cell:
    """The whole way, all posts together."""
    return next(cell for stage, cell in table(now)[-1]["cells"] if stage.code == "total")


def as_json(now: datetime) -> dict[str, Any]:
    """The same figures for machines. Masked cells are null."""
    return {
        "measured_at": now.isoformat(),
        "window_days": WINDOW.days,
        "unit": "days",
        "fewest_cases_shown": FEW,
        "posts": [
            {
                "code": line["code"] or "all",
                "name": line["post"],
                "stages": {
                    stage.code: {"median": cell.median, "nine_in_ten": cell.nine_in_ten}
                    for stage, cell in line["cells"]
                },
            }
            for line in table(now)
        ],
    }
