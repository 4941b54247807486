from collections.abc import Iterator
from datetime import datetime

import pytest

from escale.ports import directory
from escale.ports.errors import PartnerUnavailable
from escale.ports.webconference import Room


class FakeWebconference:
    """Opens embedded rooms, one per reference."""

    def __init__(self) -> None:
        self.opened: dict[str, Room] = {}
        self.closed: list[str] = []

        self.order: tuple[str, ...] = ("embedded",)

    def open_room(
        self,
        *,
        reference: str,
        starts_at: datetime,
        ends_at: datetime,
        agent_email: str,
        without: frozenset[str] = frozenset(),
    ) -> Room:
        left = [name for name in self.order if name not in without]
        if not left:
            raise PartnerUnavailable("webconference", "no_provider")
        return self.opened.setdefault(reference, Room(left[0], f"room-{len(self.opened)}", f"https://{left[0]}/salle"))

    def others(self, provider: str) -> tuple[str, ...]:
        return tuple(name for name in self.order if name not in {provider, "embedded"})

    def join_url(self, room: Room, **_values: object) -> str:
        return room.url

    def close_room(self, room: Room) -> None:
        self.closed.append(room.name)


@pytest.fixture
def webconference() -> Iterator[FakeWebconference]:
    fake = FakeWebconference()
    before = directory._FACTORIES.get("webconference")
    directory.provide("webconference", lambda: fake)
    yield fake
    if before is not None:
        directory.provide("webconference", before)
