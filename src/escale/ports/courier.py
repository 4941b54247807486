"""The carrier: prepaid labels and tracking (MyDHL by default)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from escale.case.values import Waybill


@dataclass(frozen=True, slots=True)
class Party:
    """Sender or receiver. Names with every diacritic: the adapter transliterates and cuts to the partner's lengths."""

    name: str
    company: str
    line1: str
    line2: str
    postcode: str
    city: str
    country: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label created by the carrier: its waybill and its PDF."""

    waybill: Waybill
    pdf: bytes
    piece: str = ""


class ScanKind(StrEnum):
    ANNOUNCED = "announced"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Scan:
    """One event of the carrier. ``raw`` is its own code (open set); ``at`` is aware; ``place`` in its own words."""

    at: datetime
    kind: ScanKind
    raw: str
    description: str
    place: str
    signed_by: str = ""


class CourierPort(Protocol):
    def create_label(
        self, *, reference: str, sender: Party, receiver: Party, ready_at: datetime, language: str
    ) -> Label:
        """Create a shipment without any signature option (adult signature is forbidden, poster step 3).

        ``reference`` is ours (≤ 35 characters, unique): when an earlier reply was lost the shipment is found by it and
        never created twice. Raises PartnerRefused, PartnerUnavailable.
        """

    def track(self, waybill: Waybill) -> tuple[Scan, ...]:
        """All scans, oldest first; empty when the carrier has none yet. Raises PartnerUnavailable, PartnerRefused."""
