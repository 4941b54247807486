"""Electronic tax stamp (timbre fiscal électronique) and its payment page (PayFiP)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from escale.case.values import StampNumber


@dataclass(frozen=True, slots=True)
class Stamp:
    """``state`` among issued, reserved, consumed, expired, refunded, cancelled. ``product`` is the tariff bought."""

    product: str
    cents: int
    bought_on: date
    valid_until: date
    state: str


class StampRefused(Exception):
    """``reason``: unknown, consumed, reserved_elsewhere, expired, refunded, wrong_product, amount_too_low,
    too_many_tries."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TaxStampPort(Protocol):
    def look_up(self, number: StampNumber) -> Stamp:
        """Raises StampRefused(unknown), PartnerUnavailable."""

    def reserve(self, number: StampNumber, *, case_reference: str, cents: int) -> Stamp:
        """Reserve for a case; the same case again is a no-op. Raises StampRefused, PartnerUnavailable."""

    def consume(self, number: StampNumber, *, case_reference: str) -> str:
        """Irreversible. Returns the receipt number (quittance), the same when repeated for the same case."""

    def release(self, number: StampNumber, *, case_reference: str) -> None:
        """Back to issued; a stamp no longer reserved for this case is left alone."""


class PaymentState(StrEnum):
    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Payment:
    """``raw`` is the partner's own result code. ``stamp`` is the number bought, once paid."""

    state: PaymentState
    raw: str
    stamp: StampNumber | None = None


class PaymentPort(Protocol):
    def open(
        self, *, reference: str, cents: int, email: str, label: str, return_url: str, notify_url: str
    ) -> tuple[str, str]:
        """Open a payment under our ``reference`` (6 to 30 alphanumerics). Returns its id and the page to pay on."""

    def result(self, *, operation_id: str, reference: str, opened_seconds_ago: float) -> Payment:
        """Re-read server to server: the only proof of a payment. Raises PartnerUnavailable."""
