"""``escale journey``: play whole journeys before your eyes, on a private copy of the product."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from escale.stack import Stack, StackError
from escale.storyteller.browser import Lost
from escale.storyteller.play import Play, Told
from escale.storyteller.stories import STORIES, Story
from escale.storyteller.world import World

ENDED = 0
ENDED_OTHERWISE = 1
MISUSED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """``escale journey [story] [--all] [--keep]``. Exit status 0 when every story ended as it should."""
    parser = argparse.ArgumentParser(prog="escale journey", description="Play whole journeys over HTTP and tell them.")
    parser.add_argument("story", nargs="?", default="happy", choices=STORIES, help="happy by default")
    parser.add_argument("--all", action="store_true", help="play every story, one after the other")
    parser.add_argument("--keep", action="store_true", help="keep the data folder, and say where it is")
    options = parser.parse_args(argv)
    console = Console()
    if os.environ.get("ESCALE_MODE", "demo") == "production":
        console.print("escale journey plays with simulated partners: production refuses it.")
        return MISUSED
    stories = list(STORIES.values()) if options.all else [STORIES[options.story]]
    with tempfile.TemporaryDirectory(prefix="escale-journey-", delete=not options.keep) as folder:
        if options.keep:
            console.print(f"Everything is kept in {folder}")
        return _play_all(stories, Path(folder), console)


def _play_all(stories: Sequence[Story], folder: Path, console: Console) -> int:
    """Start a private stack, play, verify. Returns the exit status."""
    before = os.environ.get("ESCALE_DATA_DIR")
    os.environ["ESCALE_DATA_DIR"] = str(folder)  # the dates of the invented people count from its first day
    try:
        with console.status("Three sites, the worker and the simulated partners are starting…"):
            stack = Stack(folder, mode="demo").start()
        try:
            with World(stack.urls) as world:
                results = [_play_one(story, world, console) for story in stories]
            verified = _verify(stack, console)
        finally:
            stack.stop()
    except StackError as error:
        console.print(f"escale journey: {error}", markup=False)
        return ENDED_OTHERWISE
    finally:
        if before is None:
            del os.environ["ESCALE_DATA_DIR"]
        else:
            os.environ["ESCALE_DATA_DIR"] = before
    return ENDED if all(results) and verified else ENDED_OTHERWISE


def _play_one(story: Story, world: World, console: Console) -> bool:
    """One story, told as it goes, then its table. Returns whether it ended as it should."""
    console.rule(f"{story.name}: {story.about}")
    with console.status("…") as status:

        def listen(told: Told) -> None:
            console.print(f"  [bold]{told.step}[/bold] {told.who:<9} {told.what}", highlight=False)
            status.update(f"step {told.step}, {told.at:%Y-%m-%d %H:%M} UTC on the virtual clock")

        play = Play(world, story.cast, listener=listen)
        try:
            story.play(play)
        except Lost as lost:
            failure = str(lost)
        else:
            failure = ""
    console.print(_table(play))
    if failure:
        console.print(f"« {story.name} » did not end as it should: {failure}", style="red", markup=False)
    else:
        console.print(f"« {story.name} » ended as it should.", style="green", markup=False)
    return not failure


def _table(play: Play) -> Table:
    table = Table(title=play.ref or "no case was opened", expand=True)
    table.add_column("step", width=4)
    table.add_column("who", width=9)
    for heading, ratio in (("what happened", 7), ("the applicant reads", 8), ("by when", 4)):
        table.add_column(heading, ratio=ratio)
    for told in play.told:
        table.add_row(str(told.step), told.who, told.what, told.state, told.deadline)
    return table


def _verify(stack: Stack, console: Console) -> bool:
    """``escale verify`` on what the stories left."""
    command = [sys.executable, "-m", "escale", "verify"]
    found = subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=False)
    console.print(found.stdout.strip() or found.stderr.strip(), markup=False)
    return found.returncode == 0
