from collections.abc import Iterator
from datetime import datetime

import pytest

from escale.ports import directory
from escale.ports.webconference import Room


class FakeWebconference:
    """Opens embedded rooms, one per reference."""

    def __init__(self) -> None:
        self.opened: dict[str, Room] = {}
        self.closed: list[str] = []

    def open_room(self, *, reference: str, starts_at: datetime, ends_at: datetime, agent_email: str) -> Room:
        return self.opened.setdefault(reference, Room("embedded", f"room-{len(self.opened)}", "/salle"))

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
