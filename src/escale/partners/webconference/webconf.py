"""The Webconférence de l'État, a Jitsi service: rooms exist by their name, and a signed token opens one."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey

from escale.partners.kit.http import Border
from escale.partners.webconference import naming
from escale.partners.webconference.provider import PARTNER, Guest
from escale.ports.webconference import Room

# As long as the doors of an interview are open: an agent who comes early, or whose interview began late, is let in.
BEFORE = timedelta(minutes=30)
AFTER = timedelta(minutes=40)


class WebconfProvider:
    """``app_id`` and ``key``: what the operator gave us; ``audience``: what its servers accept."""

    name = "webconf"

    def __init__(
        self, *, base_url: str, app_id: str, key: str, audience: str, room_secret: str, timeout: float = 5.0
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._app_id, self._audience, self._secret = app_id, audience, room_secret
        self._key = OctKey.import_key(key.encode())
        self._domain = (urlsplit(base_url).hostname or "").lower()
        self._border = Border(PARTNER, self._base_url, read_timeout=timeout)

    def open(self, *, reference: str, agent_email: str) -> Room:
        """A name is enough; the service is asked for its script first, to know that it answers."""
        self._border.request("GET", "/external_api.js")
        name = naming.draw(self._secret, f"webconf/{reference}")
        return Room(self.name, name, f"{self._base_url}/{name}")

    def address(self, room: Room, guest: Guest) -> str:
        """The moderator's address carries a token, valid from 30 minutes before the slot to 40 after. The applicant
        needs none: an invited person enters once the moderator has opened the room, and through the lobby. The name to
        show travels in the fragment, which no server receives."""
        if guest.moderator:
            return f"{room.url}?jwt={self.token(room, guest)}"
        return f"{room.url}#userInfo.displayName={quote(json.dumps(guest.display_name), safe='')}"

    def token(self, room: Room, guest: Guest) -> str:
        """Every value under ``context.user`` is a string: the servers refuse others."""
        user = {
            "id": guest.person,
            "name": guest.display_name,
            "email": "",
            "moderator": "true" if guest.moderator else "false",
        }
        claims = {
            "aud": self._audience,
            "iss": self._app_id,
            "sub": self._domain,
            "room": room.name,
            "nbf": int((guest.starts_at - BEFORE).timestamp()),
            "exp": int((guest.ends_at + AFTER).timestamp()),
            "context": {"user": user},
        }
        return jwt.encode({"typ": "JWT", "alg": "HS256"}, claims, self._key)

    def close(self) -> None:
        self._border.close()
