"""What each check says to the applicant, in French and in English, from one table keyed by check and language.

``{value}`` in the table is the measure as printed. The words never blame the person, and never speak of how a face
should be.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from escale.inspection.portrait.judge import Judgement, Verdict

_FILE = Path(__file__).with_name("texts.json")
_SIDEWAYS = 45  # degrees: nobody holds their head so, the picture was not turned
_SIGNED = frozenset({"roll", "yaw", "pitch", "centring"})  # printed without their sign
_DARK = 50  # L*: under it a background is dark, or the whole photo is
_EXPOSURES = {"ground_l": "dark", "burnt": "burnt", "crushed": "flat", "face_spread": "flat"}
_NO_GROUND = frozenset({"background_tone", "background_uniform", "background_shadow"})


@dataclass(frozen=True)
class Context:
    """What some words depend on besides the judgement: chroma of the background, conflicts of the framing, whether the
    picture has the shape of a screen."""

    chroma: float = 0.0
    conflicts: tuple[str, ...] = ()
    screen: bool = False


@cache
def table() -> dict[str, Any]:
    """The table of words, read once."""
    loaded: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return loaded


def language(lang: str) -> str:
    """``en`` for any English, ``fr`` for all else."""
    return "en" if lang.startswith("en") else "fr"


def title(code: str, lang: str) -> str:
    return str(table()["checks"][code][language(lang)]["title"])


def verdict_words(verdict: Verdict, lang: str) -> str:
    return str(table()["verdicts"][verdict.value][language(lang)])


def engine_off(lang: str) -> str:
    return str(table()["engine_off"][language(lang)])


def printed(judgement: Judgement, lang: str) -> str:
    """The measure as a person reads it: « 33,4 mm [32,3–34,5] », « 4,0° », « 2 »."""
    if judgement.value is None:
        return ""
    digits = 1 if judgement.unit else (0 if float(judgement.value).is_integer() or judgement.value > 50 else 2)
    value = abs(judgement.value) if judgement.code in _SIGNED else judgement.value
    text = f"{value:.{digits}f}"
    text += judgement.unit if judgement.unit in ("°", "") else f"\u00a0{judgement.unit}"
    if judgement.low is not None and judgement.high is not None and judgement.code not in _SIGNED:
        text += f" [{judgement.low:.{digits}f}–{judgement.high:.{digits}f}]"
    return text if language(lang) == "en" else text.replace(".", ",")


def _special(judgement: Judgement, context: Context) -> str | None:
    """The key of words more exact than the check's own, when there are some."""
    if judgement.verdict is Verdict.NOT_MEASURED:
        return "no_ground" if judgement.code in _NO_GROUND else "unmeasured"
    if judgement.measure == "faces" and judgement.value == 0:
        return "no_face"
    if judgement.code == "borders" and context.screen:
        return "screenshot"
    if judgement.code == "background_tone" and (judgement.value or 0) > 95 and context.chroma < 5:
        return "white"
    if judgement.code == "background_tone" and (judgement.value or 0) < _DARK:
        return "dark_ground"
    if judgement.code == "exposure":
        return _EXPOSURES[judgement.measure]
    if judgement.code == "roll" and abs(judgement.value or 0) > _SIDEWAYS:
        return "sideways"
    return "crop_dpi" if judgement.measure == "crop_dpi" else None


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def reason_and_advice(judgement: Judgement, lang: str, context: Context) -> tuple[str, str]:
    """The finding and what to do. No advice when the check is compliant."""
    tongue = language(lang)
    own = table()["checks"][judgement.code][tongue]
    value = printed(judgement, lang)
    if judgement.verdict is Verdict.COMPLIANT:
        return own["good"].format(value=value), ""
    key = _special(judgement, context)
    said = table()["special"][key][tongue] if key else own
    reason = said["bad"].format(value=value)
    if judgement.code == "framing" and context.conflicts:
        named = [table()["conflicts"][conflict][tongue] for conflict in context.conflicts]
        reason = (
            f"{reason.rstrip('.')}\u00a0: {', '.join(named)}."
            if tongue == "fr"
            else (f"{reason.rstrip('.')}: {', '.join(named)}.")
        )
    if judgement.verdict is Verdict.TO_CHECK:
        reason = table()["to_check"][tongue] + _lower_first(reason)
    return reason, said["advice"]
