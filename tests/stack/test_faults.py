"""The disk is full, the database away, a setting unusable: a clear answer, and nothing half written."""

import json
import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connection

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger import record, verify
from escale.ledger.models import Case, Deadline, Effect, Entry
from escale.people.actors import job
from escale.vault import documents
from escale.vault.models import SealedDocument
from tests.architecture.house import ROOT
from tests.factories.cases import NOON, a_case
from tests.factories.web import as_applicant

# One process that tries many environments: each in a child of its own, made after everything costly was imported.
TRY = """
import json, os, sys, django.core.exceptions, importlib
importlib.import_module("django.conf.global_settings")
for words in json.load(sys.stdin):
    there, here = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ.update(words)
        try:
            importlib.import_module("escale.config.settings")
            said = "started"
        except django.core.exceptions.ImproperlyConfigured as refused:
            said = str(refused)
        except BaseException as other:
            said = f"{type(other).__name__}: {other}"
        os.write(here, said.encode())
        os._exit(0)
    os.close(here)
    with os.fdopen(there) as answer:
        print(json.dumps(answer.read()))
    os.waitpid(child, 0)
"""
UNUSABLE = {
    "ESCALE_MODE": "prod",
    "ESCALE_DATABASE_URL": "mysql://db/escale",
    "ESCALE_VAULT_KEYS": "2027a:dG9vIHNob3J0",
    "ESCALE_ARGON2_MEMORY_KIB": "64 MB",
    "ESCALE_BEHIND_PROXY": "perhaps",
    "ESCALE_SESSION_MOST": "0",
    "ESCALE_TRUSTED_PROXIES": "-1",
    "ESCALE_ICE_SERVERS": "[{",
    "ESCALE_THEME": "dark",
    "ESCALE_LOG_LEVEL": "LOUD",
}
FILE = ("page_count", "freelist_count", "page_size")


def tried(environments: list[dict[str, str]]) -> list[str]:
    """What each of these environments starts with: ``started``, or the refusal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESCALE_")}
    kept |= {"ESCALE_MODE": "demo", "ESCALE_DATA_DIR": os.environ["ESCALE_DATA_DIR"], "PYTHONPATH": f"{ROOT}/src"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", TRY],
        input=json.dumps(environments),
        env=kept,
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_setting_that_cannot_be_used_is_named():
    told = tried([{}, *({name: value} for name, value in UNUSABLE.items())])

    assert told[0] == "started"
    assert {name: said for name, said in zip(UNUSABLE, told[1:], strict=True) if not said.startswith(name)} == {}


def test_a_database_out_of_reach_is_said_and_signs_nobody_out(db, monkeypatch):
    client = as_applicant("owner")
    client.raise_request_exception = False
    cookie = client.cookies["escale_portal"].value

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", unreachable)
        page = client.get("/mes-demandes/")

    assert page.status_code == 503
    assert page["Retry-After"] == "60"
    assert "Rien n’est perdu" in page.content.decode()
    assert client.cookies["escale_portal"].value == cookie
    assert client.get("/mes-demandes/").status_code == 302


def unreachable(*_: object, **__: object) -> None:
    raise OperationalError("connection refused")


def test_one_that_is_lost_in_the_middle_of_a_page_too(db, monkeypatch):
    case = a_case("submitted")
    client = as_applicant(case.applicant_sub)
    client.raise_request_exception = False
    monkeypatch.setattr("escale.portal.case_views.ledger.history", unreachable)

    page = client.get(f"/demande/{case.reference}/")

    assert page.status_code == 503
    assert "Set-Cookie" not in page or "escale_portal=;" not in page["Set-Cookie"]


def test_a_failure_of_another_kind_is_not_called_an_outage(db, monkeypatch):
    case = a_case("submitted")
    client = as_applicant(case.applicant_sub)
    client.raise_request_exception = False
    monkeypatch.setattr("escale.portal.case_views.ledger.history", lambda _: 1 / 0)

    page = client.get(f"/demande/{case.reference}/")

    assert page.status_code == 500
    assert "ZeroDivisionError" not in page.content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the size of a database is bounded by hand on SQLite")
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_nothing_half_written():
    case = a_case("submitted")
    before = [table.objects.count() for table in (Entry, Effect, Deadline, SealedDocument)]
    with connection.cursor() as cursor:
        pages, free, size = (cursor.execute(f"PRAGMA {what}").fetchone()[0] for what in FILE)
        cursor.execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(OperationalError, match="full"):
        accept_with_a_document(case, bytes_more=free * size)

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")
    assert [table.objects.count() for table in (Entry, Effect, Deadline, SealedDocument)] == before
    case.refresh_from_db()
    assert case.application == "submitted"
    assert verify.verify_case(case) is None
    accept_with_a_document(case)
    assert Case.objects.get(pk=case.pk).application == "accepted"


def accept_with_a_document(case: Case, *, bytes_more: int = 0) -> None:
    with record.changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.ApplicationAccepted()))
        documents.add(
            case.id, kind="test", content=os.urandom(200_000 + bytes_more), media_type="application/pdf", now=NOON
        )
