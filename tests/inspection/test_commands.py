"""The terminal commands, end to end."""

from __future__ import annotations

import json
import random

import pytest

from escale.inspection import models
from escale.inspection.commands import main_mrz, main_photo
from tests.inspection.making.passports import printed_page
from tests.inspection.making.portraits import framed, jpeg


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
