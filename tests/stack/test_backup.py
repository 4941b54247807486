"""A copy of the database that can be restored, and the drill that proves it, on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from escale.stack import backup
from tests.architecture.house import ROOT

SCENE = (
    "import django; django.setup(); from tests.factories.cases import a_case; "
    "print(a_case('draft').reference, a_case('delivered').reference)"
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a process over a database of its own reads: two cases are on their way there."""
    folder = tmp_path_factory.mktemp("live")
    url = f"sqlite:///{folder / 'live.sqlite3'}"
    environment = {**os.environ, "ESCALE_DATABASE_URL": url, "ESCALE_DATA_DIR": str(folder)}
    environment |= {"ESCALE_MODE": "demo", "PYTHONPATH": f"{ROOT}/src:{ROOT}", "PYTHONWARNINGS": "ignore"}
    environment["DJANGO_SETTINGS_MODULE"] = settings.SETTINGS_MODULE
    for command in (["-m", "escale", "migrate", "-v0"], ["-c", SCENE]):
        subprocess.run([sys.executable, *command], env=environment, cwd=ROOT, check=True, capture_output=True)
    return environment


def escale(live: dict[str, str], *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "escale", *words]
    return subprocess.run(command, env={**live, **more}, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_drill_restores_everything_and_verifies_it(live: dict[str, str]):
    done = escale(live, "backup", "drill")

    assert done.returncode == 0, done.stderr
    assert "restored: 2 case(s) verified, 0 with a problem." in done.stdout
    assert done.stdout.endswith("The drill went well.\n")


def test_a_copy_is_restored_beside_and_never_over(live: dict[str, str], tmp_path: Path):
    copy, into = tmp_path / "copy", f"sqlite:///{tmp_path / 'restored.sqlite3'}"

    assert escale(live, "backup", "write", str(copy)).returncode == 0
    assert escale(live, "backup", "restore", str(copy), "--into", into).returncode == 0
    assert "2 case(s) verified, 0" in escale(live, "verify", ESCALE_DATABASE_URL=into).stdout

    for words in (("write", str(copy)), ("restore", str(copy), "--into", into)):
        again = escale(live, "backup", *words)
        assert again.returncode == 1
        assert "exists already" in again.stderr


def test_a_damaged_copy_is_refused_and_leaves_nothing(live: dict[str, str], tmp_path: Path):
    copy, into = tmp_path / "copy", tmp_path / "restored.sqlite3"
    copy.write_bytes(b"SQLite format 3\x00" + b"\x17" * 5000)

    refused = escale(live, "backup", "restore", str(copy), "--into", f"sqlite:///{into}")

    assert refused.returncode == 1
    assert "cannot be restored" in refused.stderr
    assert not into.exists()


def test_a_copy_that_cannot_be_written_leaves_nothing(live: dict[str, str], tmp_path: Path):
    refused = escale(live, "backup", "write", str(tmp_path / "no" / "such" / "folder"))

    assert refused.returncode == 1
    assert "was not written" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="its own programs are tried")
@pytest.mark.django_db(transaction=True)
def test_the_drill_on_postgresql(tmp_path: Path):
    told = backup.drill(backup.url_of(connection.settings_dict), tmp_path)

    assert told[-1].startswith("restored: 0 case(s) verified")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://escale@127.0.0.1:5433/escale",
        "postgresql://escale:p%40ss%2Fword@db.example/escale",
        "postgresql://escale@/escale?host=/run/postgresql",
    ],
)
def test_the_address_of_a_database_is_found_again(url: str):
    environment = {**os.environ, "ESCALE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    script = (
        "from django.conf import settings; from escale.stack.backup import url_of; "
        "print(url_of(settings.DATABASES['default']))"
    )
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == url
