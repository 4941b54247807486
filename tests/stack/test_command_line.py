"""``escale …``: every word opens a room, or says why it does not."""

import sys
from types import ModuleType

import pytest

from escale import cli


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A room that exists for this test alone, opened by the word ``room``."""
    module = ModuleType("room_of_this_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(cli.COMMANDS, "room", cli.Command(module.__name__, "for a test", django=False))
    return module


def test_a_word_gives_the_others_to_its_room(room: ModuleType):
    given: list[list[str]] = []

    def main(words: list[str]) -> int:
        given.append(words)
        return 3

    room.main = main

    assert cli.main(["room", "one", "--two"]) == 3
    assert given == [["one", "--two"]]


def test_a_room_may_have_several_doors(room: ModuleType, monkeypatch: pytest.MonkeyPatch):
    room.side_door = lambda words: 7
    monkeypatch.setitem(cli.COMMANDS, "side", cli.Command(f"{room.__name__}:side_door", "for a test", django=False))

    assert cli.main(["side"]) == 7


def test_every_room_of_the_house_can_be_opened():
    rooms = [command for command in cli.COMMANDS.values() if not command.room.startswith("django:")]

    assert [command.room for command in rooms if not callable(cli.entrance(command))] == []


def test_a_room_that_says_nothing_went_well(room: ModuleType):
    room.main = lambda words: None

    assert cli.main(["room"]) == 0


def test_an_interrupted_room_ends_as_shells_expect(room: ModuleType):
    def main(words: list[str]) -> int:
        raise KeyboardInterrupt

    room.main = main

    assert cli.main(["room"]) == 130


@pytest.mark.parametrize("missing", ["escale.nowhere.at_all", "nowhere"])
def test_a_room_that_is_not_installed_gives_a_sentence(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(cli.COMMANDS, "room", cli.Command(missing, "for a test", django=False))

    assert cli.main(["room"]) == 2
    assert f"not part of this installation ({missing} is missing)" in capsys.readouterr().err


def test_a_room_that_lacks_a_package_keeps_its_own_error(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / "room_without_furniture.py").write_text("import furniture_nobody_delivered")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(cli.COMMANDS, "room", cli.Command("room_without_furniture", "for a test", django=False))

    with pytest.raises(ModuleNotFoundError, match="furniture_nobody_delivered"):
        cli.main(["room"])


@pytest.mark.parametrize(("words", "status"), [(["--help"], 0), ([], 2), (["dance"], 2)])
def test_the_words_are_listed(words: list[str], status: int, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as end:
        cli.main(words)

    assert end.value.code == status
    said = capsys.readouterr()
    assert "journey" in said.out + said.err or "command" in said.err


def test_djangos_own_commands_are_reached(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["manage", "version"]) == 0
    assert capsys.readouterr().out[0].isdigit()
