"""One rule of delays for the public page and the desk: what counts as a stage, and whose the time is."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import time_machine

from escale import clock
from escale.ledger import statistics
from escale.portal import delays
from tests.factories.cases import NOON, a_case, a_post
from tests.factories.web import a_client


def day(number: float):
    return NOON + timedelta(days=number)


WHOLE = [
    ("ApplicationSubmitted", day(0)),
    ("CorrectionRequested", day(2)),
    ("CorrectionSubmitted", day(7)),
    ("ApplicationAccepted", day(10)),
    ("PostingAsked", day(10)),
    ("PostingAnnounced", day(14)),
    ("EnvelopeReceived", day(18)),
    ("PostedItemsVerified", day(20)),
    ("RequestValidated", day(20)),
    ("InterviewBooked", day(23)),
    ("InterviewHeld", day(30)),
    ("Delivered", day(50)),
]


def test_the_applicants_own_time_is_that_of_the_correction_the_posting_and_the_choice_of_a_slot():
    assert statistics.applicants_days(WHOLE, until=day(50)) == 5 + 4 + 3


def test_while_the_post_reads_too_the_time_is_not_the_applicants():
    lines = [("ApplicationSubmitted", day(0)), ("PostingAsked", day(0)), ("ApplicationAccepted", day(6))]

    assert statistics.applicants_days(lines, until=day(9)) == 3


def test_time_after_the_end_does_not_count():
    assert statistics.applicants_days([("PostingAsked", day(0))], until=day(0)) == 0


def test_net_is_the_total_without_it_and_a_stage_lasts_until_its_last_end():
    one = uuid.uuid4()
    found = statistics.durations([(one, event, at) for event, at in [*WHOLE, ("Delivered", day(52))]])

    assert found["total"] == [52]
    assert found["net"] == [40]
    assert found["examination"] == [10]


@pytest.mark.django_db
def test_a_case_begun_before_the_window_and_ended_in_it_counts_whole():
    for _ in range(5):
        a_case("delivered", now=NOON)
    since = NOON + timedelta(minutes=12)

    [total] = [line for line in statistics.delays(since=since) if line.stage == "total"]

    assert total.count == 5
    assert total.median is not None
    assert statistics.delays(since=NOON + timedelta(days=1))[-1].count == 0


@pytest.mark.django_db
def test_the_page_draws_each_post_beside_its_figures_and_says_when_there_are_too_few():
    for _ in range(5):
        a_case("delivered", now=NOON)
    a_case("delivered", now=NOON, post=a_post("ES-MADRID", name="Consulat de Madrid"))
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        page = a_client("portal").get("/delais/").content.decode()
        now = clock.now()
        public = {table.code: {row.code: row for row in table.rows} for table in delays.tables(now)}
        desk = {post: statistics.delays(since=now - statistics.WINDOW, post=post or None) for post in public}

    madrid = page.split("Consulat de Madrid")[1].split("</section>")[0]
    assert "Pas encore assez de demandes" in madrid
    assert "<svg" not in madrid
    assert page.count("<svg aria-hidden") == page.count('<th scope="row">') - page.count('colspan="2"')
    assert re.search(r"Tous les postes.*Consulat général", page, re.DOTALL)
    assert set(public) == {"", "CA-TORONTO", "ES-MADRID"}
    for post, lines in desk.items():  # what agents read of a post, or of all, is what anybody reads
        assert {line.stage for line in lines} == {*statistics.STAGES}
        for line in lines:
            told = public[post][line.stage]
            assert (told.median is None) == (line.median is None)
            assert (told.median or 0, told.nine_in_ten or 0) == (round(line.median or 0), round(line.p90 or 0))


def test_bars_reach_as_far_as_their_figures():
    row = delays._row("total", statistics.Delay("total", "", 9, 30, 60), longest=60)

    assert (row.half, row.most) == (delays.BAR / 2, delays.BAR)
