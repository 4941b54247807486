"""Whatever people, partners and the clock do in whatever order, the promises of the procedure hold."""

from __future__ import annotations

from collections import Counter

import pytest

from escale.case import events as e
from escale.case.tracks import Outcome
from tests.case.walks import Broken, Walk


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_fifty_walks_break_nothing(first: int) -> None:
    for seed in range(first, first + 50):
        Walk(seed).run()


def test_the_walks_go_everywhere() -> None:
    walks = [Walk(seed) for seed in range(200, 400)]
    ends = Counter(walk.run() for walk in walks)
    happened = {type(event) for walk in walks for event in walk.events}
    assert {Outcome.INVALIDATED, Outcome.LAPSED, Outcome.WITHDRAWN} <= set(ends)
    assert {
        e.DutiesFulfilled,
        e.DutyMissed,
        e.KeptForVisa,
        e.VisaEnded,
        e.PassportCameBack,
        e.ReceiptLockedOut,
    } <= happened


def test_a_clock_that_never_comes_is_noticed() -> None:
    walk = Walk(1)
    walk.tracks = {**walk.tracks, **dict.fromkeys(["title"], "listed")}
    with pytest.raises(Broken, match="clock that will not come"):
        walk.do(e.IdentityMatched())
