"""SQLite whose write transactions queue in the kernel (flock) instead of SQLite's sleeping, unfair busy handler.

Measured (docs/adr): the slowest percentile of writes falls from 1–2 s to under 0.1 s for the same throughput. It
overrides private methods of Django's backend: `tests/ledger/test_sqlite_queue.py` watches them.
"""

from __future__ import annotations

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a lock file beside the database for the time of each write transaction."""

    _lock_file: int | None = None

    def _lock(self) -> None:
        if self._lock_file is None and not self.is_in_memory_db():
            path = str(self.settings_dict["NAME"]) + ".lock"
            self._lock_file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock_file, fcntl.LOCK_EX)

    def _unlock(self) -> None:
        if self._lock_file is not None:
            descriptor, self._lock_file = self._lock_file, None
            os.close(descriptor)

    def _in_transaction(self) -> bool:
        return self.connection is not None and self.connection.in_transaction

    def _start_transaction_under_autocommit(self) -> None:
        self._lock()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # private to Django
        except BaseException:
            self._unlock()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]  # private to Django
        finally:
            if not self._in_transaction():
                self._unlock()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]  # private to Django
        finally:
            self._unlock()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # private to Django
        finally:
            self._unlock()
