"""From measures to verdicts: a pure function of the measures and of one versioned table of thresholds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("thresholds.json")


class Verdict(Enum):
    """Three values, and two that are no judgement: what only an agent can see, and what could not be measured."""

    COMPLIANT = "compliant"
    TO_CHECK = "to_check"
    NOT_COMPLIANT = "not_compliant"
    AGENT = "agent"
    NOT_MEASURED = "not_measured"


_ORDER = (Verdict.NOT_MEASURED, Verdict.COMPLIANT, Verdict.TO_CHECK, Verdict.NOT_COMPLIANT)
_TOLD = {Verdict.NOT_COMPLIANT: 0, Verdict.TO_CHECK: 1}


@dataclass(frozen=True)
class Measure:
    """One value, and the interval it certainly lies in when that matters."""

    value: float
    low: float | None = None
    high: float | None = None


Measures = Mapping[str, Measure | None]


@dataclass(frozen=True)
class Judgement:
    """One check judged: the verdict and the measure that decided it."""

    code: str
    verdict: Verdict
    measure: str
    value: float | None
    low: float | None
    high: float | None
    unit: str


@cache
def table(file: Path = TABLE) -> dict[str, Any]:
    """The table of thresholds, read once."""
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def source(code: str, lang: str) -> str:
    """Where the rule or the number of one check comes from, ``fr`` or ``en``."""
    rules = table()
    own = next((check["source"] for check in rules["checks"] if check["code"] == code), rules["agent_source"])
    return str(own["en" if lang.startswith("en") else "fr"])


def _grade(inside_ok: bool, inside_check: bool) -> Verdict:
    if inside_ok:
        return Verdict.COMPLIANT
    return Verdict.TO_CHECK if inside_check else Verdict.NOT_COMPLIANT


def _interval(measure: Measure, ok: list[float]) -> Verdict:
    """Compliant when the whole interval is inside, not compliant when it is wholly outside."""
    low = measure.low if measure.low is not None else measure.value
    high = measure.high if measure.high is not None else measure.value
    return _grade(low >= ok[0] and high <= ok[1], high >= ok[0] and low <= ok[1])


def _tone(measures: Measures, rule: dict[str, Any]) -> Verdict:
    """Light grey or light blue: compliant; white, dark or vivid: not; in between: an agent looks."""
    found = [measures.get(name) for name in ("ground_l", "ground_c", "ground_hue")]
    lightness, chroma, hue = (measure.value if measure else 0.0 for measure in found)
    white, grey, blue, check = rule["white"], rule["grey"], rule["blue"], rule["check"]
    if lightness > white["lightness"] and chroma < white["chroma"]:
        return Verdict.NOT_COMPLIANT
    is_grey = chroma <= grey["chroma"] and grey["ok"][0] <= lightness <= grey["ok"][1]
    is_blue = blue["hue"][0] <= hue <= blue["hue"][1] and chroma <= blue["chroma"] and lightness >= blue["lightness"]
    return _grade(is_grey or is_blue, lightness >= check["lightness"] and chroma < check["chroma"])


def apply_rule(rule: dict[str, Any], measures: Measures) -> Verdict:
    """The verdict of one rule. A measure that is missing gives NOT_MEASURED; ``check`` null, an agent at the worst."""
    measure = measures.get(rule["measure"])
    if measure is None:
        return Verdict.NOT_MEASURED
    exempt = measures.get(rule["unless"]) if "unless" in rule else None
    if exempt is not None and exempt.value:
        return Verdict.NOT_MEASURED
    kind, value = rule["kind"], measure.value
    only_calls = "check" in rule and rule["check"] is None
    if kind == "max":
        return _grade(value <= rule["ok"], only_calls or value <= rule["check"])
    if kind == "min":
        return _grade(value >= rule["ok"], only_calls or value >= rule["check"])
    if kind == "absolute":
        return _grade(abs(value) <= rule["ok"], abs(value) <= rule["check"])
    if kind == "window":
        return _grade(rule["ok"][0] <= value <= rule["ok"][1], rule["check"][0] <= value <= rule["check"][1])
    if kind == "interval":
        return _interval(measure, rule["ok"])
    if kind == "tone":
        return _tone(measures, rule)
    raise ValueError(f"unknown kind of rule: {kind}")


def _judge_check(check: dict[str, Any], measures: Measures) -> Judgement:
    decided, deciding = Verdict.NOT_MEASURED, check["rules"][0]
    for rule in check["rules"]:
        verdict = apply_rule(rule, measures)
        if _ORDER.index(verdict) > _ORDER.index(decided):
            decided, deciding = verdict, rule
    if check.get("ceiling") == Verdict.TO_CHECK.value and decided is Verdict.NOT_COMPLIANT:
        decided = Verdict.TO_CHECK
    measure = measures.get(deciding["measure"])
    return Judgement(
        code=check["code"],
        verdict=decided,
        measure=deciding["measure"],
        value=measure.value if measure else None,
        low=measure.low if measure else None,
        high=measure.high if measure else None,
        unit=check.get("unit", ""),
    )


def judge(measures: Measures, *, finished: bool, only: frozenset[str] | None = None) -> list[Judgement]:
    """Every check of the table that applies, in its order, then those that only an agent can make.

    The table begins with what a new photo would put right before all else: a picture that is blurred or dark cannot be
    judged on much more.

    ``finished``: the file is a framed 35 × 45 photo; otherwise framing is proposed, not judged.
    ``only`` restricts the automatic checks (when no face was found, little else can be said).
    """
    rules = table()
    automatic = [
        _judge_check(check, measures)
        for check in rules["checks"]
        if check.get("finished") in (None, finished) and (only is None or check["code"] in only)
    ]
    by_agent = [Judgement(code, Verdict.AGENT, "", None, None, None, "") for code in rules["agent"]]
    return [*automatic, *by_agent]


def worst_first(judgements: list[Judgement]) -> list[Judgement]:
    """What to do something about first, then what an agent will look at, then all else; each in the table's order."""
    return sorted(judgements, key=lambda judgement: _TOLD.get(judgement.verdict, len(_TOLD)))


def overall(judgements: list[Judgement]) -> Verdict:
    """The worst of the automatic checks; one that could not be measured is to be checked by an agent."""
    verdicts = {judgement.verdict for judgement in judgements}
    if Verdict.NOT_COMPLIANT in verdicts:
        return Verdict.NOT_COMPLIANT
    if Verdict.TO_CHECK in verdicts or Verdict.NOT_MEASURED in verdicts:
        return Verdict.TO_CHECK
    return Verdict.COMPLIANT
