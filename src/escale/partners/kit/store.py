"""The simulators' memory: JSON documents in one SQLite file of their own, never the product's database."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_LOCAL = threading.local()


def path() -> Path:
    return Path(os.environ.get("ESCALE_DATA_DIR", "var")) / "simulators.sqlite3"


def _connection() -> sqlite3.Connection:
    wanted = str(path())
    if getattr(_LOCAL, "path", None) != wanted:
        path().parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(wanted, timeout=15, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS doc (partner TEXT, kind TEXT, key TEXT, body TEXT, rank INTEGER PRIMARY KEY "
            "AUTOINCREMENT, UNIQUE (partner, kind, key))"
        )
        _LOCAL.connection, _LOCAL.path = connection, wanted
    connection = _LOCAL.connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


class Store:
    """Documents of one partner, by kind and key. Within ``locked()`` reads and writes are one transaction.

    ``plays``: the switches (kit.faults) that this simulator plays itself, on what it tells without being asked, each
    with what it does there.
    """

    def __init__(self, partner: str, *, plays: Mapping[str, str] | None = None) -> None:
        self.partner, self.plays = partner, plays or {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        connection = _connection()
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        row = (
            _connection()
            .execute("SELECT body FROM doc WHERE partner=? AND kind=? AND key=?", (self.partner, kind, key))
            .fetchone()
        )
        return json.loads(row[0]) if row else None

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        _connection().execute(
            "INSERT INTO doc (partner, kind, key, body) VALUES (?,?,?,?) "
            "ON CONFLICT (partner, kind, key) DO UPDATE SET body=excluded.body",
            (self.partner, kind, key, json.dumps(body)),
        )

    def delete(self, kind: str, key: str) -> None:
        _connection().execute("DELETE FROM doc WHERE partner=? AND kind=? AND key=?", (self.partner, kind, key))

    def after(self, kind: str, key: str, limit: int) -> list[tuple[str, dict[str, Any]]]:
        """The first ``limit`` documents of a kind whose key comes after ``key``, in the order of keys."""
        rows = _connection().execute(
            "SELECT key, body FROM doc WHERE partner=? AND kind=? AND key>? ORDER BY key LIMIT ?",
            (self.partner, kind, key, limit),
        )
        return [(found, json.loads(body)) for found, body in rows]

    def all(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """Every document of a kind, oldest first."""
        rows = _connection().execute(
            "SELECT key, body FROM doc WHERE partner=? AND kind=? ORDER BY rank", (self.partner, kind)
        )
        return [(key, json.loads(body)) for key, body in rows]
