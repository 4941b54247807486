"""A whole product over PostgreSQL, as in production: every page of the happy story, its worker and its queue."""

import subprocess
import sys

import pytest
from django.db import connection

from escale.stack import Stack
from escale.storyteller.play import Play
from escale.storyteller.stories import STORIES
from escale.storyteller.world import World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the other stories are told over SQLite"),
]


def test_the_happy_story_ends_as_it_should_and_proves_whole(stack: Stack, world: World):
    play = Play(world, STORIES["happy"].cast)

    STORIES["happy"].play(play)

    assert world.title_words(play.ref) == "valide"
    command = [sys.executable, "-m", "escale", "verify"]
    found = subprocess.run(command, env=stack.environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "1 case(s) verified, 0 with a problem." in found.stdout
    for name in ("portal", "reception", "desk", "worker"):
        assert "Traceback" not in stack.log(name).read_text(errors="replace"), name
