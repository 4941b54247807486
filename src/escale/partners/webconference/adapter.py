"""The adapter of the video room: providers in an order of preference, the next one when one is out of reach."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from escale.partners.webconference.embedded import EmbeddedProvider
from escale.partners.webconference.provider import PARTNER, Guest, Provider
from escale.partners.webconference.visio import VisioProvider
from escale.partners.webconference.webconf import WebconfProvider
from escale.ports.errors import PartnerError, PartnerRefused, PartnerUnavailable
from escale.ports.webconference import Room

_LOG = logging.getLogger("escale.partners.webconference")


class WebconferenceAdapter:
    """``order``: the providers to open rooms with. Rooms already open keep their provider whatever the order says."""

    def __init__(
        self, *, order: tuple[str, ...], embedded: dict[str, Any], webconf: dict[str, Any], visio: dict[str, Any]
    ) -> None:
        self._providers: dict[str, Provider] = {
            "embedded": EmbeddedProvider(**embedded),
            "webconf": WebconfProvider(**webconf),
            "visio": VisioProvider(**visio),
        }
        self._order = order

    def open_room(
        self,
        *,
        reference: str,
        starts_at: datetime,
        ends_at: datetime,
        agent_email: str,
        without: frozenset[str] = frozenset(),
    ) -> Room:
        """Repeated with the same ``reference``, the same room (but at Visio, see there). Raises PartnerUnavailable when
        no provider opens one: the interview is then moved."""
        last: PartnerError | None = None
        for name in self._order:
            if name in without:
                continue
            try:
                return self._providers[name].open(reference=reference, agent_email=agent_email)
            except PartnerError as error:
                _LOG.warning("provider %s opened no room: %s", name, error.code)
                last = error
        code = last.code if last else "no_provider"
        raise PartnerUnavailable(PARTNER, code, retry_after=last.retry_after if last else None) from last

    def others(self, provider: str) -> tuple[str, ...]:
        """Of the order; none of them is the product's own room, which is where one comes from."""
        return tuple(name for name in self._order if name not in {provider, EmbeddedProvider.name})

    def join_url(
        self, room: Room, *, person: str, display_name: str, moderator: bool, starts_at: datetime, ends_at: datetime
    ) -> str:
        """Raises PartnerRefused for a provider that is no more."""
        if room.provider not in self._providers:
            raise PartnerRefused(PARTNER, "unknown_provider")
        guest = Guest(person, display_name, moderator, starts_at, ends_at)
        return self._providers[room.provider].address(room, guest)

    def close_room(self, room: Room) -> None:
        """No provider offers to close a room from outside. A room ends when its moderator leaves; its name is never
        drawn again, and the token that opens it dies when our doors close."""

    def close(self) -> None:
        for provider in self._providers.values():
            provider.close()


ADAPTER = WebconferenceAdapter
