"""``escale inhabit``: give a running demonstration its people, each at another point of the journey.

They live in Toronto, act through pages as anybody does, and are left where a morning at the desk would find them:
requests to read, envelopes to open, interviews to hold, passports to dispatch, and some on the list of day 41.
The virtual clock goes some seven weeks forward. The people that ``escale run`` names at its start are left to you.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import httpx
from rich.console import Console

from escale.partners.kit import people
from escale.stack import Addresses, StackError
from escale.storyteller.browser import Lost
from escale.storyteller.people import Hands
from escale.storyteller.play import (
    BEFORE_INTERVIEW,
    DELIVERY,
    LONG_INTERVIEW,
    PRODUCTION,
    RETURN_SCAN,
    Cast,
    Play,
    Told,
)
from escale.storyteller.world import World

type Those = Callable[[str], list[Play]]
"""Those of a wave who go at least as far as a point."""

AGENT, SUPERVISOR = "camille", "dominique"
CORRECTION = "unreadable"  # a sentence kept ready at gate 1
POINTS = (
    "drafted",
    "submitted",
    "to_correct",
    "accepted",
    "posted",
    "received",
    "verified",
    "booked",
    "ordered",
    "at_post",
    "dispatched",
    "delivered",
    "confirmed",
    "returned",
)
"""How far somebody goes, in order."""


@dataclass(frozen=True, slots=True)
class Wave:
    """People who apply together. ``day``: since the first parcel left. ``points``: how far each of them goes."""

    day: int
    points: tuple[str, ...]


WAVES = (
    Wave(0, (*("returned",) * 6, "delivered", "confirmed")),
    Wave(16, ("confirmed", "delivered")),
    Wave(27, ("dispatched", "at_post", "ordered")),
    Wave(41, ("verified", "received", "posted", "accepted", "booked", "booked")),
    Wave(41, ("submitted", "submitted", "submitted", "to_correct", "drafted")),
)


class Crowd:
    """Plays waves one after the other. ``say`` is told in one line what happens."""

    def __init__(self, world: World, *, say: Callable[[str], None]) -> None:
        self.world = world
        self.say = say
        self._logins = (one.login for one in people.people() if one.story == people.NEIGHBOUR)
        self._first_parcel: datetime | None = None
        self._last_parcels: list[Play] = []
        self._at_the_desk: dict[str, Hands] = {}

    def play(self, waves: Sequence[Wave]) -> list[Play]:
        """Everybody, in the order of the waves. Raises Lost."""
        everyone: list[Play] = []
        for number, wave in enumerate(waves, start=1):
            if self._first_parcel is not None:
                self.world.advance_to(self._first_parcel + timedelta(days=wave.day))
            today = f"{self.world.now():%Y-%m-%d}"
            self.say(f"{today}, virtually: wave {number} of {len(waves)}, {len(wave.points)} people apply")
            everyone += self._play(wave)
        for play in self._last_parcels:
            play.dispatch()
        return everyone

    def _play(self, wave: Wave) -> list[Play]:
        """Each chapter for all who come so far, before the next one: weeks pass once for everybody."""
        cast = [Cast(next(self._logins), AGENT, SUPERVISOR) for _ in wave.points]
        plays = [
            Play(self.world, each, hands=self._lend, listener=partial(self._tell, each.applicant)) for each in cast
        ]

        def those(point: str) -> list[Play]:
            far = POINTS.index(point)
            return [play for play, goal in zip(plays, wave.points, strict=True) if POINTS.index(goal) >= far]

        self._apply(those)
        for play, goal in zip(plays, wave.points, strict=True):
            if goal == "to_correct":
                play.agent.ask_correction(play.ref, "address_proof", CORRECTION)
        self._produce(those)
        self._receive(those)
        return plays

    def _lend(self, role: str) -> Hands:
        """A browser for each applicant, one for the agent, one for the supervisor: those two are the same people
        for everybody, and a person has only a few sessions at a time."""
        if role == "applicant":
            return self.world.lend()
        if role not in self._at_the_desk:
            self._at_the_desk[role] = self.world.lend()
        return self._at_the_desk[role]

    def _tell(self, login: str, told: Told) -> None:
        self.say(f"  {login} {told.step} {told.who:<9} {told.what}")

    def _apply(self, those: Those) -> None:
        """Steps 1 to 3."""
        for play in those("drafted"):
            play.enter()
        for play in those("submitted"):
            play.submit()
        for play in those("accepted"):
            play.accept()
        for play in those("posted"):
            play.post()
        for play in those("received"):
            play.receive_envelope()
        for play in those("verified"):
            play.verify_envelope()

    def _produce(self, those: Those) -> None:
        """Steps 4 and 5."""
        slots: dict[datetime, list[Play]] = {}
        for play in those("booked"):
            slots.setdefault(play.book(), []).append(play)
        for start in sorted(slots):
            self._meet(start, [play for play in slots[start] if play in those("ordered")])
        for play in those("ordered"):
            play.order()
        if those("at_post"):
            self.world.advance(PRODUCTION)
        for play in those("at_post"):
            play.arrive()
        for play in those("delivered"):
            play.dispatch()
            self._first_parcel = self._first_parcel or self.world.now()
        # Whose parcel is to be on its way at the end: it leaves last, or it would arrive meanwhile.
        self._last_parcels += [play for play in those("dispatched") if play not in those("delivered")]

    def _meet(self, start: datetime, met: list[Play]) -> None:
        """Step 4, for those whose interviews are at the same hour."""
        if not met:
            return
        self.world.advance_to(start - BEFORE_INTERVIEW)
        for play in met:
            play.applicant.enter_room()
        self.world.advance_to(start)
        for play in met:
            play.agent.start_interview(play.ref)
        self.world.advance(LONG_INTERVIEW)
        for play in met:
            play.check()
            play.approve()

    def _receive(self, those: Those) -> None:
        """Steps 6 to 8."""
        if those("delivered"):
            self.world.advance(DELIVERY)
        for play in those("delivered"):
            play.delivered()
        for play in those("confirmed"):
            play.confirm()
        for play in those("returned"):
            play.send_back()
        if those("returned"):
            self.world.advance(RETURN_SCAN)
        for play in those("returned"):
            play.take_back()


def main(argv: Sequence[str] | None = None) -> int:
    """``escale inhabit``. Exit status 0 when everybody is where they should be."""
    argparse.ArgumentParser(
        prog="escale inhabit",
        description="Play some twenty people into the demonstration that `escale run` has started, each to another "
        "point of the journey; the virtual clock goes some seven weeks forward. Once per data folder.",
    ).parse_args(argv)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    try:
        with World(Addresses.from_environment().urls) as world:
            everyone = Crowd(world, say=console.print).play(WAVES)
    except (Lost, StackError, httpx.TransportError) as error:
        console.print(f"escale inhabit: {error}", style="red")
        return 1
    console.print(f"{len(everyone)} people are at their places. The desk of Toronto: sign in as camille or dominique.")
    return 0
