"""The rooms: opened by a moderator, entered through a lobby, forgotten when the moderator ends them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from escale.partners.kit.store import Store

PLAYED = {
    "visio_inactive": "à Visio, l’application est désactivée : pas de jeton (401)",
    "visio_provisional": "à Visio, l’agent n’a qu’un compte provisoire : pas de jeton (409)",
    "visio_scope": "à Visio, le jeton n’a pas le droit d’ouvrir une salle (403)",
}
"""Beside the switches of every simulator: what Visio refuses to an application that it knows."""
STORE = Store("webconference", plays=PLAYED)
GONE_AFTER = timedelta(seconds=30)  # a page asks again every five seconds: one that does not has been closed


def state(room: str) -> dict[str, Any] | None:
    return STORE.get("room", room)


def open_as(room: str, visitor: str, name: str, now: datetime) -> None:
    """A moderator comes in: the room is open from then on."""
    with STORE.locked():
        found = state(room) or {"opened_at": now.isoformat(), "people": {}}
        found["people"][visitor] = _person(name, now, moderator=True, place="in")
        STORE.put("room", room, found)


def knock(room: str, visitor: str, name: str, now: datetime) -> bool:
    """An invited person asks to come in. False while the room is not open."""
    with STORE.locked():
        found = state(room)
        if found is None:
            return False
        if found["people"].get(visitor, {}).get("place") != "in":
            found["people"][visitor] = _person(name, now, moderator=False, place="lobby")
            STORE.put("room", room, found)
    return True


def seen(room: str, visitor: str, now: datetime) -> dict[str, Any] | None:
    """Note that a visitor's page is still open. Returns the visitor, or None when the room does not know them."""
    with STORE.locked():
        found = state(room)
        if found is None or visitor not in found["people"]:
            return None
        found["people"][visitor]["seen_at"] = now.isoformat()
        STORE.put("room", room, found)
        return dict(found["people"][visitor])


def decide(room: str, moderator: str, knocker: str, *, admitted: bool) -> bool:
    """Admit or turn away. False when the one who decides is no moderator, or nobody knocks."""
    with STORE.locked():
        found = state(room)
        if not _is_moderator(found, moderator) or found is None or knocker not in found["people"]:
            return False
        found["people"][knocker]["place"] = "in" if admitted else "refused"
        STORE.put("room", room, found)
    return True


def leave(room: str, visitor: str) -> None:
    """A moderator who leaves ends the room for all."""
    with STORE.locked():
        found = state(room)
        if found is None or visitor not in found["people"]:
            return
        if found["people"].pop(visitor)["moderator"]:
            STORE.delete("room", room)
        else:
            STORE.put("room", room, found)


def present(room: str, now: datetime) -> list[dict[str, Any]]:
    """Everyone whose page is open, the first come first: ``visitor``, ``name``, ``moderator``, ``place``."""
    found = state(room) or {"people": {}}
    return [
        {"visitor": visitor, **person}
        for visitor, person in found["people"].items()
        if datetime.fromisoformat(person["seen_at"]) + GONE_AFTER > now
    ]


def new_visitor() -> str:
    return secrets.token_urlsafe(12)


def _person(name: str, now: datetime, *, moderator: bool, place: str) -> dict[str, Any]:
    return {"name": name[:80], "moderator": moderator, "place": place, "seen_at": now.isoformat()}


def _is_moderator(found: dict[str, Any] | None, visitor: str) -> bool:
    return found is not None and found["people"].get(visitor, {}).get("moderator", False)
