"""What surrounds the people of a story: the four sites, the virtual clock, everybody's mailbox, the simulated partners.

Everything is read on pages and moved by forms, as a person watching the demonstration would do it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from escale.storyteller.browser import Browser, Lost, Page

PAUSE = 0.15
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Mail:
    """A message in a person's box. ``identity`` is its Message-ID: a message that came twice bears the same."""

    identity: str
    subject: str
    text: str
    attachments: tuple[str, ...]


class World:
    """The demonstration, seen from outside. ``urls``: ``portal reception desk simulators``."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.urls = dict(urls)
        self.lent: list[Browser] = []
        """Every browser used so far, ours first."""
        self.browser = self.lend()

    def lend(self) -> Browser:
        """A browser for somebody; closed with the world."""
        self.lent.append(Browser())
        return self.lent[-1]

    def close(self) -> None:
        """Close every browser."""
        for browser in self.lent:
            browser.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the hour ---

    def now(self) -> datetime:
        """The virtual instant."""
        answer = self.browser.client.get(f"{self.urls['simulators']}/sante/").json()
        return datetime.fromisoformat(answer["now"])

    def advance(self, delta: timedelta) -> None:
        """Move the clock forward by ``delta``, rounded up to the minute."""
        minutes = -(-delta // timedelta(minutes=1))
        if minutes <= 0:
            return
        page = self.simulator("horloge/")
        self.browser.submit(page.form("amount", "unit"), {"amount": str(minutes), "unit": "minutes"})

    def advance_to(self, instant: datetime) -> None:
        """Move the clock to ``instant``, at most a minute past it; a past instant changes nothing."""
        self.advance(instant - self.now())

    # --- waiting ---

    def until[T](self, look: Callable[[], T | bool | None], what: str, *, patience: float = PATIENCE) -> T:
        """Look again and again until something true is seen. Raises Lost with ``what`` when patience ends."""
        end = time.monotonic() + patience
        while True:
            seen = look()
            if seen:
                return seen  # type: ignore[return-value]  # a true answer is a T
            if time.monotonic() > end:
                raise Lost(f"waited {patience:.0f} s in vain: {what}")
            time.sleep(PAUSE)

    # --- simulated partners ---

    def simulator(self, path: str) -> Page:
        """A page of the simulated partners."""
        return self.browser.open(f"{self.urls['simulators']}/{path}")

    def mails(self, to: str) -> list[Mail]:
        """What a person was sent, latest first."""
        url = f"{self.urls['simulators']}/courriel/api/messages"
        found: list[dict[str, Any]] = self.browser.client.get(url, params={"to": to, "limit": 200}).json()["messages"]
        return [
            Mail(one["message_id"], one["subject"], one["text"], tuple(part["name"] for part in one["attachments"]))
            for one in found
        ]

    def play_parcel(self, waybill: str, code: str) -> None:
        """Press one of the carrier's buttons: ``PU`` taken, ``OK`` delivered, ``NH`` nobody home…"""
        self.simulator(f"dhl/colis/{waybill}/")
        self.browser.submit(self._page.form(action="/evenement"), button="code", value=code)

    def lose_parcel(self, waybill: str) -> None:
        """From now on the carrier says nothing more of this parcel."""
        page = self.simulator(f"dhl/colis/{waybill}/")
        self.browser.submit(page.form(action="/perdu"))

    def title_words(self, ref: str) -> str:
        """What the producer says of the passport made for a case: « valide », « invalidé »…; empty without one."""
        page = self.simulator(f"titres/demandes/{ref}/")
        for row in page.soup.find_all("tr"):
            cells = row.find_all(["th", "td"])
            if cells and cells[0].get_text(strip=True) == "Titre":
                return cells[1].get_text(" ", strip=True).partition(", ")[2].partition(" délivré")[0]
        return ""

    def order_words(self, ref: str) -> str:
        """What the producer says of the order of a case: « reçue », « en production »…"""
        for row in self.simulator(f"titres/demandes/{ref}/").soup.find_all("tr"):
            cells = row.find_all(["th", "td"])
            if cells and cells[0].get_text(strip=True) == "État":
                return cells[1].get_text(" ", strip=True)
        raise Lost(f"the producer shows no state for {ref}")

    def orders(self, ref: str) -> int:
        """How many orders the producer received for a case."""
        page = self.simulator("titres/demandes/")
        return sum(ref in row.get_text() for row in page.soup.select("tbody tr"))

    def border_reports(self, number: str) -> list[str]:
        """The lines of the border relay's register about a passport."""
        page = self.simulator("sltd/enregistrements/")
        rows = [" ".join(row.get_text(" ", strip=True).split()) for row in page.soup.select("tbody tr")]
        return [row for row in rows if row.startswith(number)]

    def stopped_at_border(self, number: str) -> bool:
        """Show a passport to the border guard: is it reported?"""
        page = self.simulator("sltd/frontiere/")
        answer = self.browser.submit(page.form("document"), {"document": number})
        return "Document signalé" in answer.text

    @property
    def _page(self) -> Page:
        if self.browser.page is None:
            raise Lost("no page is open")
        return self.browser.page
