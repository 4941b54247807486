"""Relay of the French national central bureau of Interpol (stolen and lost travel documents). Never holder data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from escale.case.values import PassportNumber


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """``item_id`` identifies the record at the relay; ``duplicate`` when it was already recorded."""

    item_id: str
    duplicate: bool


class BorderAlertPort(Protocol):
    def report(self, number: PassportNumber, *, status: str, reason: str, on: date, key: str) -> Acknowledgement:
        """Record a document. ``status`` among invalid, lost, stolen. Idempotent by (number, status) and ``key``."""

    def withdraw(self, item_id: str, *, reason: str) -> None: ...

    def is_reported(self, number: PassportNumber) -> bool: ...

    def counts(self) -> dict[str, int]:
        """Records of ours in force at the relay, by its own statuses. Raises PartnerUnavailable, PartnerRefused."""
