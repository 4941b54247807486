"""The product's own room: only a name is drawn, and the product shows the room at an address of its own."""

from __future__ import annotations

import re
from urllib.parse import quote

from escale.partners.webconference import naming
from escale.partners.webconference.provider import Guest
from escale.ports.webconference import Room

_CASE = re.compile(r"ESC(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


class EmbeddedProvider:
    """``url``: the template of the room's address, where ``{case}`` is the case reference found in ours,
    ``{reference}`` ours whole and ``{room}`` the drawn name. Who may enter, and when, the product checks itself."""

    name = "embedded"

    def __init__(self, *, url: str, room_secret: str) -> None:
        self._url, self._secret = url, room_secret

    def open(self, *, reference: str, agent_email: str) -> Room:
        room = naming.draw(self._secret, f"embedded/{reference}")
        found = _CASE.search(reference)
        case = found.group() if found else reference
        url = self._url.format(case=quote(case, safe=""), reference=quote(reference, safe=""), room=room)
        return Room(self.name, room, url)

    def address(self, room: Room, guest: Guest) -> str:
        return room.url

    def close(self) -> None:
        """Nothing is kept."""
