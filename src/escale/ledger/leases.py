"""Work that several workers look for: each row is taken by one of them, for as long as its lease runs."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model, QuerySet


def free_rows[Row: Model](due: QuerySet[Row]) -> QuerySet[Row]:
    """Lock what is due, in a transaction, and leave out what another worker is taking at this moment.

    SQLite has one writer at a time: there is nothing to leave out, and nothing to lock.
    """
    if connection.features.has_select_for_update_skip_locked:
        return due.select_for_update(skip_locked=True, of=("self",))
    return due
