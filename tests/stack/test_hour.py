"""``escale clock``: shown, moved forward, never back."""

from datetime import timedelta
from pathlib import Path

import pytest

from escale import clock
from escale.stack import hour


@pytest.fixture(autouse=True)
def own_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALE_DATA_DIR", str(tmp_path))


def test_a_fresh_clock_is_the_machines(capsys: pytest.CaptureFixture[str]):
    assert hour.main([]) == 0
    assert capsys.readouterr().out.strip().endswith("UTC")


def test_the_clock_advances_by_a_duration(capsys: pytest.CaptureFixture[str]):
    assert hour.main(["advance", "1d12h"]) == 0
    assert hour.main(["advance", "5w"]) == 0

    assert clock.offset() == timedelta(days=36, hours=12)
    assert "36 days, 12:00:00 ahead" in capsys.readouterr().out


def test_the_clock_advances_to_an_instant(capsys: pytest.CaptureFixture[str]):
    moment = clock.now() + timedelta(days=41)

    assert hour.main(["to", moment.isoformat()]) == 0

    assert abs(clock.now() - moment) < timedelta(seconds=5)


def test_the_clock_does_not_go_back(capsys: pytest.CaptureFixture[str]):
    assert hour.main(["to", "2020-01-01T00:00Z"]) == 1
    assert "forward" in capsys.readouterr().err


def test_production_has_no_virtual_clock(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("ESCALE_MODE", "production")

    assert hour.main(["advance", "1d"]) == 1
    assert "production" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["advance", "soon"], ["advance", "3y"], ["to", "tomorrow"], ["to", "2027-01-01T08:00"]]
)
def test_what_is_no_hour_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        hour.main(words)

    assert words[1] in capsys.readouterr().err
