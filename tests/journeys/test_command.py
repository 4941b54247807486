"""``escale journey``: what it prints and how it ends."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from escale.storyteller import command
from escale.storyteller.browser import Lost
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES, EndedOtherwise, Story
from escale.storyteller.world import World


def _story(error: Lost | None) -> Story:
    def run(play: Play) -> None:
        if error:
            raise error

    class Untold(Story):
        def play(self, play: Play) -> None:
            self.run(play)

    happy = STORIES["happy"]
    return Untold("short", "nothing happens", happy.cast, run, happy.end)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "« short » ended as it should."),
        (Lost("no form with « code » on « Courrier »"), "did not end as it should: no form with « code »"),
        (EndedOtherwise("step 6 should end « remis » and shows « perdu »"), "shows « perdu »"),
    ],
)
def test_a_story_is_judged_and_said(error: Lost | None, said: str):
    console = Console(record=True, width=200, file=io.StringIO())

    with World({"portal": "http://127.0.0.1:1"}) as world:
        ended = command._play_one(_story(error), world, console)

    assert ended is (error is None)
    assert said in console.export_text()


def test_production_refuses_to_play(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("ESCALE_MODE", "production")

    assert command.main(["happy"]) == 2
    assert "production refuses it" in capsys.readouterr().out


def test_a_story_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        command.main(["lucky"])

    assert ended.value.code == 2
    assert "overdue" in capsys.readouterr().err


def test_every_story_has_people_of_its_own():
    people = [login for story in STORIES.values() for login in vars_of(story)]

    assert len(set(people)) == len(people)


def vars_of(story: Story) -> tuple[str, str, str]:
    return story.cast.applicant, story.cast.agent, story.cast.supervisor


@pytest.mark.slow
def test_a_whole_story_is_told_in_the_terminal(tmp_path: Path):
    environment = {**os.environ, "ESCALE_MODE": "demo", "ESCALE_DATA_DIR": str(tmp_path), "COLUMNS": "200"}

    told = subprocess.run(
        [sys.executable, "-m", "escale", "journey", "refused"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert told.returncode == 0, told.stdout + told.stderr
    assert "refused: the agent refuses after the interview" in told.stdout
    assert "arrêté — Votre demande est refusée, après l’entretien." in " ".join(told.stdout.split())
    assert "« refused » ended as it should." in told.stdout
    assert "1 case(s) verified, 0 with a problem." in told.stdout
    assert list(tmp_path.iterdir()) == [], "a journey leaves the usual data folder alone"
