"""Visio, the State's Meet: an application opens rooms on behalf of an agent, who owns them (Meet External API 1.0)."""

from __future__ import annotations

from typing import Any

import httpx

from escale.partners.kit.http import Border, json_of
from escale.partners.webconference.provider import PARTNER, Guest
from escale.ports.errors import PartnerRefused
from escale.ports.webconference import Room

# In both, whoever is not signed in waits in the lobby until the agent admits them.
_GUARDED = ("restricted", "trusted")


class VisioProvider:
    """``base_url``: up to and including ``/external-api/v1.0``."""

    name = "visio"

    def __init__(self, *, base_url: str, client_id: str, client_secret: str, timeout: float = 5.0) -> None:
        self._client_id, self._client_secret = client_id, client_secret
        self._border = Border(PARTNER, base_url, read_timeout=timeout, code_of=_code_of)

    def open(self, *, reference: str, agent_email: str) -> Room:
        """A room that only admitted people enter. A reply lost leaves an empty room behind, which harms nobody: the
        service offers neither a reference of ours nor a way to delete. Raises PartnerRefused for an unguarded room."""
        headers = {"Authorization": f"Bearer {self._token(agent_email)}"}
        wanted = {
            "access_level": "restricted",
            "configuration": {"can_publish_sources": ["camera", "microphone"], "everyone_can_mute": False},
        }
        made = json_of(PARTNER, self._border.request("POST", "/rooms/", json=wanted, headers=headers))
        if _member(made, "access_level") not in _GUARDED:
            raise PartnerRefused(PARTNER, "visio_room_not_guarded")
        return Room(self.name, str(_member(made, "slug")), str(_member(made, "url")))

    def address(self, room: Room, guest: Guest) -> str:
        """One address for all: the agent is known by signing in, the applicant waits in the lobby."""
        return room.url

    def _token(self, agent_email: str) -> str:
        """A fresh token for each room: they last an hour and rooms are rare."""
        form = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "grant_type": "client_credentials",
            "scope": agent_email,
        }
        answer = self._border.request("POST", "/application/token/", json=form)
        return str(_member(json_of(PARTNER, answer), "access_token"))

    def close(self) -> None:
        self._border.close()


def _member(found: Any, name: str) -> Any:
    if not isinstance(found, dict) or name not in found:
        raise PartnerRefused(PARTNER, "visio_shape")
    return found[name]


def _code_of(response: httpx.Response) -> str:
    """The documentation says ``error`` where the service says ``detail``: both are read. Never the e-mail address."""
    try:
        body = response.json()
    except ValueError:
        return str(response.status_code)
    text = body.get("error") or body.get("detail") if isinstance(body, dict) else None
    return f"{response.status_code} {text}" if isinstance(text, str) and "@" not in text else str(response.status_code)
