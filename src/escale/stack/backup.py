"""`escale backup`: copy the database while it is in use, restore it elsewhere, and the drill that proves both.

The drill copies, restores into a database of its own that it throws away, counts the rows of every table on both sides
and runs `escale verify` on the restored one. What is sealed stays sealed in the copy; the rest does not: encrypt it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.sqlite3._functions import register  # type: ignore[import-untyped]  # published without types

TABLES = "import json, django; django.setup(); from escale.stack.backup import counts; print(json.dumps(counts()))"


class BackupFailed(Exception):
    """It was not done; the sentence says why and what stands."""


def url_of(database: Mapping[str, object]) -> str:
    """The setting ESCALE_DATABASE_URL of a database of Django."""
    if "sqlite" in str(database["ENGINE"]):
        return f"sqlite:///{database['NAME']}"
    who, password = quote(str(database["USER"]), safe=""), quote(str(database["PASSWORD"]), safe="")
    host = str(database["HOST"])
    asked = f"?host={quote(host)}" if host.startswith("/") else ""
    where = ("" if asked else host) + (f":{database['PORT']}" if database["PORT"] else "")
    return f"postgresql://{who}{':' + password if password else ''}@{where}/{database['NAME']}{asked}"


def _program(name: str) -> str:
    """A program of PostgreSQL: on PATH, else where Debian keeps the newest."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = shutil.which(name) or (str(kept[-1]) if kept else "")
    if not found:
        raise BackupFailed(f"{name} is not on this machine: install the PostgreSQL client (Debian: postgresql-client).")
    return found


def _postgresql(program: str, url: str, *options: str, database: str = "") -> None:
    """Run one of its programs on a database. The password goes by the environment, where ps does not show it."""
    parts = urlsplit(url)
    host = parts.hostname or parts.query.partition("host=")[2]
    where = ["-h", host, "-U", parts.username or "", *(["-p", str(parts.port)] if parts.port else [])]
    command = [_program(program), *where, *options, database or parts.path.lstrip("/")]
    done = subprocess.run(
        command, env={**os.environ, "PGPASSWORD": parts.password or ""}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()}")


def write(url: str, file: Path) -> None:
    """Copy the whole database into a file, as it stood at one moment. Raises BackupFailed: then there is no file."""
    if file.exists():
        raise BackupFailed(f"{file} exists already: nothing is written over.")
    draft = file.with_name(file.name + ".part")
    try:
        if url.startswith("sqlite:///"):
            _copy_sqlite(Path(url.removeprefix("sqlite:///")), draft)
        else:
            _postgresql("pg_dump", url, "--format=custom", "--no-owner", f"--file={draft}")
        os.replace(draft, file)
    except (OSError, sqlite3.Error) as failed:
        raise BackupFailed(f"{file} was not written: {failed}") from failed
    finally:
        draft.unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        register(copy)  # indexes and checks of ours call functions that Django defines
        [(found,)] = copy.execute("PRAGMA integrity_check").fetchmany(1)
    if found != "ok":
        raise BackupFailed(f"the copy is not whole: {found}")


def restore(file: Path, url: str) -> None:
    """Put a copy into a database that is empty. Raises BackupFailed."""
    if url.startswith("sqlite:///"):
        target = Path(url.removeprefix("sqlite:///"))
        if target.exists():
            raise BackupFailed(f"{target} exists already: a copy is restored beside it, never over it.")
        try:
            _copy_sqlite(file, target)
        except (OSError, sqlite3.Error, BackupFailed) as failed:
            target.unlink(missing_ok=True)
            raise BackupFailed(f"{file} cannot be restored: {failed}") from failed
        return
    name = urlsplit(url).path.lstrip("/")
    options = ("--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={name}")
    _postgresql("pg_restore", url, *options, database=str(file))


def counts() -> dict[str, int]:
    """Table → rows, of every table of the product in the database of this process, as they stand at one moment."""
    tables = sorted(connection.introspection.django_table_names(only_existing=True))
    with transaction.atomic(), connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own names
            found[table] = int(cursor.fetchone()[0])
    return found


@contextlib.contextmanager
def _scratch(url: str, folder: Path) -> Iterator[str]:
    """The address of an empty database beside the given one, thrown away at the end."""
    if url.startswith("sqlite:///"):
        yield f"sqlite:///{folder / 'restored.sqlite3'}"
        return
    name = f"escale_drill_{secrets.token_hex(4)}"
    _postgresql("createdb", url, "--template=template0", "--encoding=UTF8", database=name)
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        _postgresql("dropdb", url, "--force", database=name)


def _of(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python over another database."""
    environment = {**os.environ, "ESCALE_DATABASE_URL": url}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)


def drill(url: str, folder: Path) -> list[str]:
    """Copy, restore elsewhere, compare, verify. Returns what to tell. Raises BackupFailed at the first thing amiss."""
    file, told, began = folder / "copy", [], time.monotonic()
    write(url, file)
    told.append(f"copied in {time.monotonic() - began:.1f} s: {file.stat().st_size / 1e6:.1f} MB")
    with _scratch(url, folder) as other:
        began = time.monotonic()
        restore(file, other)
        told.append(f"restored in {time.monotonic() - began:.1f} s")
        before, after = _of(url, "-c", TABLES), _of(other, "-c", TABLES)
        if before.returncode or after.returncode or before.stdout != after.stdout:
            raise BackupFailed(
                "the rows differ; a database in use changes while it is counted: stop the workers and the sites, or "
                f"drill on a copy.\nhere: {before.stdout or before.stderr}\nrestored: {after.stdout or after.stderr}"
            )
        verified = _of(other, "-m", "escale", "verify")
        told.append(f"restored: {(verified.stdout or verified.stderr).strip()}")
        if verified.returncode:
            raise BackupFailed("\n".join(told))
    return told


def main(argv: Sequence[str]) -> int:
    """`escale backup write FILE | restore FILE --into URL | drill`."""
    parser = argparse.ArgumentParser(prog="escale backup", description="Copy the database, restore it, rehearse both.")
    words = parser.add_subparsers(dest="what", required=True)
    writing = words.add_parser("write", help="copy the database into a new file while it is in use")
    writing.add_argument("file", type=Path)
    restoring = words.add_parser("restore", help="put a copy into an empty database")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--into", required=True, metavar="URL", help="as ESCALE_DATABASE_URL")
    words.add_parser("drill", help="copy, restore into a database thrown away afterwards, compare, verify")
    asked = parser.parse_args(argv)
    url = url_of(settings.DATABASES["default"])
    try:
        if asked.what == "write":
            write(url, asked.file)
            print(f"{asked.file}: {asked.file.stat().st_size / 1e6:.1f} MB. Encrypt it before it leaves this machine.")
        elif asked.what == "restore":
            restore(asked.file, asked.into)
            print("Restored. Run `escale verify` over it before anything else, then start one worker.")
        else:
            with tempfile.TemporaryDirectory(prefix="escale-drill-") as folder:
                print("\n".join(drill(url, Path(folder))))
            print("The drill went well.")
    except BackupFailed as failed:
        print(f"escale backup: {failed}", file=sys.stderr)
        return 1
    return 0
