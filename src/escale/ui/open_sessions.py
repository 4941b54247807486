"""The sessions that one person has open on a site, for them to see and to close.

Nothing is kept for this beside the sealed session itself: which device, since when, last used when. No address of the
network, and nothing once the session has ended.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction

from escale.ui.devices import in_words
from escale.ui.models import OpenSession
from escale.ui.sessions import SessionStore, person


@dataclass(frozen=True, slots=True)
class Opened:
    """One session. ``number`` names it on a page, where its key never appears; ``here``: that of the page."""

    number: int
    device: str
    since: datetime
    used_at: datetime
    idle: timedelta
    here: bool

    @property
    def idle_minutes(self) -> int:
        return int(self.idle.total_seconds() // 60)


def of(site: str, kind: str, who: str, *, now: datetime, here: str | None = None) -> list[Opened]:
    """The open sessions of a person, the one of the page first, then the one used last. ``here``: key of the page's.

    Hours are the machine's, told on the clock that pages show.
    """
    behind, store = timedelta(seconds=time.time()), SessionStore()
    found = []
    for row, session in _alive(person(site, kind, who)):
        held = store.decode(session.session_data)
        if "actor" not in held or "began" not in held:
            continue
        since, used = (now - behind + timedelta(seconds=held[name]) for name in ("began", "seen"))
        device = in_words(held.get("device", ["", ""]))
        found.append(Opened(row.pk, device, since, used, now - used, here == session.session_key))
    return sorted(found, key=lambda one: (one.here, one.used_at), reverse=True)


def close(site: str, kind: str, who: str, *, here: str | None, number: int | None = None) -> int:
    """End one session of a person, or every one of theirs when no number is given; never that of the page.

    Returns how many ended. Somebody else's number ends nothing.
    """
    with transaction.atomic():
        rows = [row for row, _session in _alive(person(site, kind, who)) if row.session_key != here]
        keys = [row.session_key for row in rows if number is None or row.pk == number]
        Session.objects.filter(session_key__in=keys).delete()
        OpenSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _alive(digest: str) -> Iterator[tuple[OpenSession, Session]]:
    rows = {row.session_key: row for row in OpenSession.objects.filter(who=digest)}
    moment = datetime.fromtimestamp(time.time(), UTC)
    for session in Session.objects.filter(session_key__in=rows, expire_date__gt=moment):
        yield rows[session.session_key], session
