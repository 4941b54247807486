"""Where the chains stood, signed and kept elsewhere: whoever rewrites the database is found, by inspectors too."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger import anchor, chain, record, verify
from escale.ledger.models import Case, Deadline, Effect, Entry
from escale.people.actors import job
from escale.stack import anchoring
from tests.architecture.house import ROOT
from tests.factories.cases import NOON, a_case

pytestmark = pytest.mark.django_db
INSPECTOR = ROOT / "tools/inspect_ledger.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


def anchored(folder: Path, day: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    return anchor.write(folder, now=NOON + timedelta(days=day))


def noted(case: Case) -> None:
    with record.changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.NoteAdded()))


def rewritten(case: Case, actor: str, *, entries: int) -> None:
    """What somebody does who can write to the database and knows how the chain is made: nothing shows inside it."""
    Deadline.objects.filter(case=case).delete()
    Effect.objects.filter(case=case).delete()
    Entry.objects.filter(case=case, seq__gt=entries).delete()
    previous = chain.GENESIS
    for entry in Entry.objects.filter(case=case).order_by("seq"):
        entry.actor_id, entry.previous = actor, previous
        previous = entry.hash = chain.link(
            previous=previous,
            case_id=str(case.id),
            seq=entry.seq,
            at=entry.at,
            event=entry.event,
            payload=bytes(entry.payload),
            actor=f"{entry.actor_kind}:{actor}:{entry.actor_role}",
        )
        entry.save()
    Case.objects.filter(pk=case.pk).update(entries_count=entries, last_hash=previous)


def inspected(folder: Path, export: Path, key: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(INSPECTOR), str(export), "--anchors", str(folder), "--key", key]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=export.parent)


def test_what_is_whole_passes_both(folder: Path, tmp_path: Path, capsys):
    case = a_case("draft")
    anchored(folder)
    noted(case)
    anchored(folder, 1)
    noted(case)
    export = tmp_path / "chains.jsonl"

    assert verify.main(["--anchor", str(folder), "--export", str(export)]) == 0

    assert "1 case(s) verified, 0 with a problem." in capsys.readouterr().out
    done = inspected(folder, export, anchor.public_key())
    assert (done.returncode, done.stdout) == (0, "1 case(s) read, 0 fault(s).\n"), done.stderr
    assert "Jeanne" not in export.read_text()


def test_a_chain_made_anew_is_whole_in_itself_and_found_by_the_anchor(folder: Path, tmp_path: Path, capsys):
    case = a_case("draft")
    count = case.entries_count
    anchored(folder)
    noted(case)
    rewritten(case, "someone-else", entries=count)
    assert verify.main([]) == 0
    export = tmp_path / "chains.jsonl"

    assert verify.main(["--anchor", str(folder), "--export", str(export)]) == 1

    words = f"{case.reference}: entry {count}: is not the one that was anchored"
    assert words in capsys.readouterr().out
    done = inspected(folder, export, anchor.public_key())
    assert done.returncode == 1
    assert f"{case.reference}: entry {count} is not the one that was anchored" in done.stdout


def test_a_case_that_was_removed_is_named(folder: Path, tmp_path: Path, capsys):
    case = a_case("draft")
    anchored(folder)
    for table in (Deadline, Effect, Entry):
        table.objects.filter(case=case).delete()
    case.search_keys.all().delete()
    Case.objects.filter(pk=case.pk).update(person_key="taken-away")
    Case.objects.filter(pk=case.pk)._raw_delete("default")
    export = tmp_path / "chains.jsonl"

    assert verify.main(["--anchor", str(folder), "--export", str(export)]) == 1

    assert f"{case.pk}: the case: was anchored and is gone" in capsys.readouterr().out
    assert inspected(folder, export, anchor.public_key()).returncode == 1


def test_an_anchor_tells_only_of_what_moved(folder: Path, monkeypatch):
    monkeypatch.setattr(anchor, "OVERLAP", 0)
    still, moving = a_case("draft"), a_case("draft")
    anchored(folder)
    noted(moving)

    second = anchored(folder, 1)

    assert set(anchor.read(second, anchor.public_key()).stood) == {moving.pk}
    assert set(anchor.read_all(folder, anchor.public_key())) == {still.pk, moving.pk}


def altered(folder: Path) -> None:
    path = anchor.files(folder)[1]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b" 1", b" 2", 1).replace(b'"cases"', b'"cases" '))


def removed(folder: Path) -> None:
    anchor.files(folder)[1].unlink()


def first_removed(folder: Path) -> None:
    anchor.files(folder)[0].unlink()


@pytest.mark.parametrize("damage", [altered, removed, first_removed])
def test_a_damaged_series_of_anchors_is_refused(folder: Path, tmp_path: Path, damage, capsys):
    case = a_case("draft")
    for day in range(3):
        noted(case)
        anchored(folder, day)
    export = tmp_path / "chains.jsonl"
    verify.main(["--export", str(export)])
    damage(folder)

    assert verify.main(["--anchor", str(folder)]) == 1

    assert "anchor-00000" in capsys.readouterr().out
    assert inspected(folder, export, anchor.public_key()).returncode == 2


def test_an_anchor_signed_by_another_is_refused(folder: Path, settings, capsys):
    a_case("draft")
    anchored(folder)
    settings.ANCHOR_KEY = "QW5vdGhlciBhbmNob3Iga2V5IG9mIDMyIGJ5dGVzISE="

    assert verify.main(["--anchor", str(folder)]) == 1
    assert "its signature is not that of this key" in capsys.readouterr().out
    assert anchoring.main(["write", str(folder)]) == 1, "nor is it continued"


def test_without_a_key_nothing_is_anchored(folder: Path, settings, capsys):
    settings.ANCHOR_KEY = ""

    assert anchoring.main(["write", str(folder)]) == 1
    assert "Set ESCALE_ANCHOR_KEY" in capsys.readouterr().out
    assert anchor.files(folder) == []


def test_two_at_once_do_not_hide_each_other(folder: Path, monkeypatch):
    a_case("draft")
    anchored(folder)
    monkeypatch.setattr(anchor, "_last", lambda _: None)

    with pytest.raises(FileExistsError):
        anchored(folder)
    assert [path.suffix for path in folder.iterdir()] == [".txt"]


def test_the_inspector_stands_alone():
    source = INSPECTOR.read_text(encoding="utf-8")

    assert "escale." not in source.replace("escale.py", "")
    assert "import django" not in source
    refused = subprocess.run(
        [sys.executable, "-I", str(INSPECTOR), "/nowhere"], capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stdout[:15]) == (2, "cannot be read:")


def test_each_fault_is_named_by_the_inspector(tmp_path: Path):
    case = a_case("submitted")
    export = tmp_path / "chains.jsonl"
    verify.main(["--export", str(export)])
    told = json.loads(export.read_text())
    faults = {
        "entry 2 was altered": [
            {**entry, "event": "Other"} if entry["seq"] == 2 else entry for entry in told["entries"]
        ],
        "entry 2 is missing": [entry for entry in told["entries"] if entry["seq"] != 2],
        "the end of the chain is missing": told["entries"][:-1],
    }
    for words, entries in faults.items():
        export.write_text(json.dumps({**told, "entries": entries}) + "\n")
        done = subprocess.run(
            [sys.executable, "-I", str(INSPECTOR), str(export)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert f"{case.reference}: {words}" in done.stdout
