"""Nobody is told that a photo is bad because of the tone of their skin."""

from __future__ import annotations

from functools import cache

import pytest

from escale.inspection import models
from escale.inspection.photo import PhotoReport, Verdict, check_photo
from escale.inspection.portrait.judge import Measure, judge
from tests.inspection.making.portraits import framed, in_skin, jpeg

pytestmark = pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")
DARKER = (7, 10)  # bench/photo.py tries every tone of SKIN_TONES
WORSE = (Verdict.COMPLIANT, Verdict.TO_CHECK, Verdict.NOT_COMPLIANT)


@cache
def report_in(name: str, rank: int) -> PhotoReport:
    return check_photo(jpeg(in_skin(name, rank)), finished=True)


def worsened(before: PhotoReport, after: PhotoReport) -> dict[str, Verdict]:
    """Checks whose answer became harsher, and the new answer."""
    known = {check.code: check.verdict for check in before.checks}
    return {
        check.code: check.verdict
        for check in after.checks
        if check.verdict in WORSE and WORSE.index(check.verdict) > WORSE.index(known[check.code])
    }


@pytest.mark.parametrize("name", ["collins", "hopper"])
def test_the_same_portrait_with_darker_skin_gets_no_harsher_answer(name: str):
    as_it_is = check_photo(jpeg(framed(name)), finished=True)
    spreads = []
    for rank in DARKER:
        darker = report_in(name, rank)
        assert worsened(as_it_is, darker) == {}, f"tone {rank}"
        spreads.append(darker.measures["face_spread"])
        assert darker.measures["head_mm"] == pytest.approx(as_it_is.measures["head_mm"], abs=0.5)
    assert max(spreads) - min(spreads) < 8  # of about 40: the light is the same, so is its measure


@pytest.mark.parametrize("name", ["collins", "hopper"])
def test_glasses_are_seen_on_any_skin_and_only_there(name: str):
    found = {report_in(name, rank).check("glasses").verdict for rank in DARKER}
    assert found == {Verdict.TO_CHECK if name == "hopper" else Verdict.COMPLIANT}


def test_what_is_measured_on_the_skin_can_only_call_an_agent():
    """Worst values of every measure that depends on the lightness or the colour of the skin."""
    worst = {"face_spread": 0.0, "crushed": 1.0, "colour_distance": 100.0, "black_and_white": 0.0, "burnt": 0.0}
    judged = judge({name: Measure(value) for name, value in worst.items()}, finished=True)
    verdicts = {item.code: item.verdict for item in judged if item.code in ("exposure", "colours")}
    assert verdicts == {"exposure": Verdict.TO_CHECK, "colours": Verdict.TO_CHECK}
