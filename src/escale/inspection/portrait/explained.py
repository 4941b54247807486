"""The table of thresholds in words, for the public page that says how a photo is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from escale.inspection.portrait import texts
from escale.inspection.portrait.judge import Verdict, source, table

_NEVER = ("jamais", "never")
_ELSE = ("sinon", "otherwise")


@dataclass(frozen=True)
class Line:
    """What is measured, and for which values the answer is compliant, to be checked, not compliant."""

    measure: str
    compliant: str
    to_check: str
    not_compliant: str


@dataclass(frozen=True)
class Explained:
    """One check of the table. ``when``: ``framed`` or ``raw`` when it applies to such photos only, else empty."""

    code: str
    title: str
    when: str
    lines: tuple[Line, ...]
    source: str


def _number(value: float, measure: dict[str, Any], lang: str) -> str:
    text = f"{round(value * measure['factor'], 3):g}"
    unit = measure["unit"]
    space = "" if unit in ("", "°") or (unit == "%" and lang == "en") else "\u00a0"
    return (text if lang == "en" else text.replace(".", ",")) + space + unit


def _limit(kind: str, bound: Any, measure: dict[str, Any], lang: str) -> str:
    """A bound of the table in words: « au plus 6° »."""
    english = lang == "en"
    if kind == "window":
        low, high = (_number(value, measure, lang) for value in bound)
        if low == high:
            return low
        return f"{low} to {high}" if english else f"de {low} à {high}"
    if bound == 0:
        return "0"
    value = _number(bound, measure, lang)
    return {
        "max": ("at most {}", "au plus {}"),
        "min": ("at least {}", "au moins {}"),
        "absolute": ("at most {} either way", "au plus {} de part et d’autre"),
    }[kind][0 if english else 1].format(value)


def _line(rule: dict[str, Any], *, agent_at_worst: bool, lang: str) -> Line:
    column = int(lang == "en")
    measure = table()["measures"][rule["measure"]]
    label, kind = str(measure[lang]), rule["kind"]
    if kind in ("tone", "interval"):
        words = [
            texts.table()["explained"][kind][lang][part].format(**rule) for part in ("compliant", "to_check", "bad")
        ]
        return Line(label, *(text if lang == "en" else text.replace(".", ",") for text in words))
    ok = _limit(kind, rule["ok"], measure, lang)
    if rule["check"] is None or agent_at_worst:
        return Line(label, ok, _ELSE[column], _NEVER[column])
    if rule["check"] == rule["ok"]:
        return Line(label, ok, _NEVER[column], _ELSE[column])
    return Line(label, ok, _limit(kind, rule["check"], measure, lang), _ELSE[column])


def explained(lang: str) -> tuple[Explained, ...]:
    """Every automatic check in the table's order, ``fr`` or ``en``."""
    tongue = texts.language(lang)
    return tuple(
        Explained(
            check["code"],
            texts.title(check["code"], tongue),
            {True: "framed", False: "raw"}.get(check.get("finished"), ""),
            tuple(
                _line(rule, agent_at_worst=check.get("ceiling") == Verdict.TO_CHECK.value, lang=tongue)
                for rule in check["rules"]
            ),
            source(check["code"], tongue),
        )
        for check in table()["checks"]
    )


def by_agent(lang: str) -> tuple[tuple[str, str], ...]:
    """What only an agent checks: title and words."""
    tongue = texts.language(lang)
    return tuple((texts.title(code, tongue), texts.table()["checks"][code][tongue]["bad"]) for code in table()["agent"])
