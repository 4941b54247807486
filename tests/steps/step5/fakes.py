"""Issuance as the tests want it: one state per case, calls remembered, out of reach or refusing on demand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from escale.case.mrz import Mrz
from escale.case.values import PassportNumber
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.issuance import Changes, IssuanceEvent, Order, OrderState, Title

EXPIRES = date(2036, 3, 20)


def a_title(number: str = "26FR48213") -> Title:
    """A passport of Jeanne DURAND."""
    zone = Mrz.build(
        surname="DURAND", given_names="Jeanne Marie", number=number, birth="1962-08-24", sex="F", expiry=EXPIRES
    )
    return Title(PassportNumber(number), date(2026, 3, 21), EXPIRES, zone.text)


class FakeIssuance:
    def __init__(self) -> None:
        self.states: dict[str, OrderState] = {}
        self.orders: dict[str, Order] = {}
        self.told: list[IssuanceEvent] = []
        self.asked = 0
        self.expected: list[tuple[PassportNumber, datetime, datetime]] = []
        self.confirmed: list[tuple[PassportNumber, datetime]] = []
        self.invalidated: list[tuple[PassportNumber, str]] = []
        self.invalid_after = 0
        self.down = False
        self.refuses = ""

    def _speak(self) -> None:
        if self.down:
            raise PartnerUnavailable("issuance", "timeout")
        if self.refuses:
            raise PartnerRefused("issuance", self.refuses)

    def order(self, order: Order, *, key: str) -> str:
        self._speak()
        self.orders[key] = order
        return f"N-{len(self.orders)}"

    def state(self, case_reference: str) -> OrderState:
        self.asked += 1
        self._speak()
        return self.states.get(case_reference, OrderState("received"))

    def read_event(self, *, headers: dict[str, str], body: bytes, now: float) -> IssuanceEvent:
        if headers.get("Webhook-Signature") != "good":
            raise PartnerRefused("issuance", headers.get("Webhook-Signature", "signature"))
        return IssuanceEvent(headers["Webhook-Id"], body.decode(), OrderState("in_production"))

    def changes(self, cursor: str) -> Changes:
        """Two at a time; the cursor counts what was read."""
        self._speak()
        if cursor and int(cursor) > len(self.told):
            raise PartnerRefused("issuance", "410 CURSEUR_INCONNU")
        start = int(cursor or 0)
        page = self.told[start : start + 2]
        return Changes(tuple(page), str(start + len(page)), start + len(page) < len(self.told))

    def expect_receipt(self, number: PassportNumber, *, dispatched_at: datetime, due_at: datetime) -> None:
        self._speak()
        self.expected.append((number, dispatched_at, due_at))

    def confirm_receipt(self, number: PassportNumber, *, confirmed_at: datetime) -> None:
        self._speak()
        self.confirmed.append((number, confirmed_at))

    def invalidate(self, number: PassportNumber, *, reason: str, effective_on: date, agents: tuple[str, ...]) -> None:
        self._speak()
        self.invalidated.append((number, reason))

    def validity(self, number: PassportNumber) -> str:
        self._speak()
        if not any(known == number for known, _ in self.invalidated):
            return "pending"
        self.invalid_after -= 1
        return "invalid" if self.invalid_after < 0 else "valid"

    def previous(self, number: PassportNumber) -> dict[str, Any] | None:
        return None
