"""The capacity model: lawful, repeatable, and moved by what should move it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from escale.case.moves import MoveRefused
from escale.case.tracks import Outcome
from escale.simulation import command, paths, report
from escale.simulation.assumptions import MONTHS, Assumptions, UnknownAssumption
from escale.simulation.network import BadList, invented, listed, simulate
from escale.simulation.post import Load, play, staff

ON = date(2026, 6, 1)
ASSUME = Assumptions()


def test_every_case_comes_to_an_end_that_the_law_knows() -> None:
    network = simulate(invented(4, 3_000), ASSUME, seed=7, on=ON, processes=1)
    assert sum(network.outcomes.values()) == 3_000 == sum(year.cases for year in network.years)
    assert sum(year.unfinished for year in network.years) == 0
    assert network.outcomes[Outcome.COMPLETED] > 2_500
    assert {Outcome.REFUSED, Outcome.LAPSED, Outcome.INVALIDATED} <= set(network.outcomes)


def test_the_law_refuses_a_way_that_skips_the_interview() -> None:
    with pytest.raises(MoveRefused):
        paths.fold(paths.SUBMITTED + paths.ACCEPTED + paths.PRODUCED)


def test_the_straight_way_is_completed() -> None:
    outcome, events = paths.fold("SAPRVBHKMWDLFQO")
    assert outcome is Outcome.COMPLETED
    assert events > 20


def test_the_same_seed_gives_the_same_year_whatever_the_processes() -> None:
    loads = invented(3, 400)
    alone = report.as_json(simulate(loads, ASSUME, seed=3, on=ON, processes=1))
    assert alone == report.as_json(simulate(loads, ASSUME, seed=3, on=ON, processes=2))
    assert alone != report.as_json(simulate(loads, ASSUME, seed=4, on=ON, processes=1))


def test_fewer_agents_make_people_wait() -> None:
    enough = play(Load("a", 3_000), ASSUME, 1, 40)
    few = play(Load("a", 3_000, agents=enough.agents - 1), ASSUME, 1, 40)
    assert report.figures(few)["days"]["total"]["p90"] > report.figures(enough)["days"]["total"]["p90"]
    assert report.figures(few)["longest_queue"] > report.figures(enough)["longest_queue"]


def test_a_post_never_works_more_than_its_days_hold() -> None:
    year = play(Load("a", 2_000), ASSUME, 1, 40)
    held = sum(word.count(paths.HELD) * times for word, times in year.words.items())
    minutes = held * ASSUME.interview_minutes
    assert minutes < year.agents * ASSUME.agent_minutes_per_day * len(year.queues["gate1"]) * 5 / 7


def test_everyone_forgetting_a_duty_loses_the_passport() -> None:
    network = simulate([Load("a", 50)], Assumptions(forgets_a_duty_share=1.0), seed=1, on=ON)
    assert network.outcomes[Outcome.COMPLETED] == 0
    assert network.outcomes[Outcome.INVALIDATED] > 40


def test_staff_follow_the_load() -> None:
    assert staff(1, ASSUME) == 1
    assert staff(20_000, ASSUME) > staff(10_000, ASSUME) > 1


def test_months_are_shares_of_a_year() -> None:
    assert sum(MONTHS) == pytest.approx(1.0)


@pytest.mark.parametrize("setting", ["nothing=1", "gate1_minutes=soon", "correction_share=2", "mail_days=-1"])
def test_a_wrong_assumption_is_refused(setting: str) -> None:
    with pytest.raises(UnknownAssumption):
        ASSUME.with_values([setting])


def test_one_s_own_posts(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("name,cases,agents\nToronto,120,2\nMadrid,80,\n", encoding="utf-8")
    assert listed(path) == [Load("Toronto", 120, 2), Load("Madrid", 80, 0)]


@pytest.mark.parametrize("text", ["", "name,cases\nToronto,many\n", "post\nToronto\n", "name,cases\n,5\n"])
def test_a_list_that_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "posts.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadList):
        listed(path)


def test_the_command_prints_writes_and_draws(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures, drawing = tmp_path / "year.json", tmp_path / "year.svg"
    options = ["--cases", "300", "--posts", "3", "--on", "2026-06-01", "--json", str(figures), "--svg", str(drawing)]
    assert command.main(options) == 0
    assert "300 cases of 3 posts" in capsys.readouterr().out
    assert len(json.loads(figures.read_text())["posts"]) == 3
    assert len(ElementTree.parse(drawing).findall(".//{*}polyline")) == 3


@pytest.mark.parametrize("options", [["--list", "/nowhere.csv"], ["--set", "nothing=1"], ["--posts", "0"]])
def test_the_command_says_what_is_wrong(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(options) == 2
    assert "escale simulate:" in capsys.readouterr().err
