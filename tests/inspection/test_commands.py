"""The terminal commands, end to end."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from escale.inspection import models, recogniser
from escale.inspection.commands import main_mrz, main_photo
from tests.inspection.making.passports import printed_page
from tests.inspection.making.portraits import framed, jpeg


@pytest.fixture(autouse=True)
def french_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


@pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")
def test_photo_check_in_words_in_json_and_as_a_picture(tmp_path, capsys):
    file, drawing = tmp_path / "portrait.jpg", tmp_path / "marks.png"
    file.write_bytes(jpeg(framed("collins")))
    assert main_photo(["check", str(file), "--picture", str(drawing), "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "Not compliant" in said
    assert "crown, estimated" in said
    assert drawing.read_bytes().startswith(b"\x89PNG")
    assert main_photo(["check", str(file), "--json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)
    assert result["verdict"] == "not_compliant"
    assert any(check["code"] == "head_height" for check in result["checks"])


def test_a_file_that_is_no_picture_has_its_reason(tmp_path, capsys):
    file = tmp_path / "notes.txt"
    file.write_text("nothing to see")
    assert main_photo(["check", str(file)]) == 2
    assert "ni une image" in capsys.readouterr().err
    assert main_photo(["check", str(file), "--json"]) == 2
    assert "refused" in json.loads(capsys.readouterr().out)[0]
    assert main_mrz([str(tmp_path / "absent.jpg")]) == 2


def test_mrz_in_words_and_in_json(tmp_path, capsys):
    page = printed_page(random.Random(3))
    file = tmp_path / "page.jpg"
    file.write_bytes(jpeg(page.picture))
    assert main_mrz([str(file)]) == 0
    assert page.mrz.line2 in capsys.readouterr().out
    assert main_mrz([str(file), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["valid"] is True
    assert all(result["checks"].values())


def test_odd_files_are_told_apart_in_words(tmp_path, capsys):
    heavy, empty, pipe = tmp_path / "heavy.jpg", tmp_path / "empty.jpg", tmp_path / "pipe.jpg"
    with heavy.open("wb") as file:
        file.truncate(11 * 1024**2)
    empty.touch()
    os.mkfifo(pipe)
    words = {
        tmp_path / "absent.jpg": "ce fichier n’existe pas",
        tmp_path: "c’est un dossier",
        empty: "Le fichier est vide",
        heavy: "11,0 Mo ; la limite est de 10 Mo",
        pipe: "ce fichier ne peut pas être lu",
    }
    for main in (lambda argv: main_photo(["check", *argv]), main_mrz):
        assert main([str(file) for file in words]) == 2
        said = capsys.readouterr().err.splitlines()
        assert len(said) == len(words)
        for line, (file, text) in zip(said, words.items(), strict=True):
            assert line.startswith(f"{file}: ")
            assert text in line
    assert main_photo(["check", str(tmp_path / "absent.jpg"), "--lang", "en"]) == 2
    assert "does not exist" in capsys.readouterr().err


def test_one_bad_file_of_two_is_told_and_the_other_is_read(tmp_path, capsys, monkeypatch):
    page, notes = tmp_path / "page.jpg", tmp_path / "notes.txt"
    page.write_bytes(jpeg(printed_page(random.Random(3)).picture))
    notes.write_text("nothing to see")
    assert main_mrz([str(notes), str(page), "--json"]) == 2
    said = capsys.readouterr()
    refused, read = json.loads(said.out)
    assert said.err == ""
    assert (refused["code"], read["valid"]) == ("unknown_type", True)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert main_mrz([str(tmp_path), "--json"]) == 2
    (folder,) = json.loads(capsys.readouterr().out)
    assert (folder["code"], folder["refused"]) == ("folder", "this is a folder, a file is expected")


@pytest.mark.parametrize(("content", "code", "found"), [("page", 0, "valid"), ("huge", 2, "code"), ("none", 2, "code")])
def test_a_file_may_come_by_the_standard_input(content, code, found, capsys, monkeypatch):
    sent = {"page": jpeg(printed_page(random.Random(3)).picture), "huge": bytes(11 * 1024**2), "none": b""}[content]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
    assert main_mrz(["-", "--json"]) == code
    (result,) = json.loads(capsys.readouterr().out)
    assert result["file"] == "-"
    assert result[found]


def test_json_is_json_even_without_the_recogniser(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(recogniser, "available", lambda: False)
    assert main_mrz([str(tmp_path / "page.jpg"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)[0]["code"] == "no_reader"


def test_a_terminal_without_our_letters_is_told_as_well_as_it_can(tmp_path):
    poor = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "escale", "mrz", os.fsencode(tmp_path) + b"/\xff\xe9.jpg"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=poor)
    assert done.returncode == 2
    assert done.stderr.endswith("ce fichier n?existe pas\n")


def test_a_drawing_that_could_not_be_kept_is_refused_before_any_work(tmp_path, capsys):
    one, two = tmp_path / "1.jpg", tmp_path / "2.jpg"
    for argv, words in (
        ([str(one), "--picture", str(tmp_path / "none" / "marks.png")], "does not exist"),
        ([str(one), str(two), "--picture", str(tmp_path / "marks.png")], "need a folder"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main_photo(["check", *argv])
        assert stopped.value.code == 2
        assert words in capsys.readouterr().err


@pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")
def test_a_drawing_that_cannot_be_written_costs_no_finding(tmp_path, capsys):
    """Given a photo, and a folder where its name is taken by a folder: no right is enough to write there."""
    file = tmp_path / "portrait.jpg"
    file.write_bytes(jpeg(framed("collins")))
    (tmp_path / "marks" / "portrait-escale.png").mkdir(parents=True)
    asked = ["check", str(file), "--picture", str(tmp_path / "marks")]

    assert main_photo(asked) == 2

    said = capsys.readouterr()
    assert "Non conforme" in said.out
    assert said.err == f"{file}: l’image annotée n’a pas pu être écrite\n"
    assert main_photo([*asked, "--json", "--lang", "en"]) == 2
    (result,) = json.loads(capsys.readouterr().out)
    assert (result["verdict"], result["code"]) == ("not_compliant", "not_drawn")
    assert "could not be written" in result["not_drawn"]
    assert "refused" not in result


def test_the_installed_command_opens_both_rooms(tmp_path):
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["scripts"]["escale"] == "escale.cli:main"
    file = tmp_path / "absent.jpg"
    for words in (["photo", "check"], ["mrz"]):
        done = subprocess.run(
            [sys.executable, "-m", "escale", *words, str(file), "--json"], capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (2, "")
        told = {"file": str(file), "refused": "ce fichier n’existe pas", "code": "no_such_file"}
        assert json.loads(done.stdout) == [told]
