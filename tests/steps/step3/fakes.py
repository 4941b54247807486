"""A carrier that keeps its shipments by our reference, and can lose a reply after acting."""

from __future__ import annotations

from datetime import UTC, datetime

from escale.case.values import Waybill
from escale.ports.courier import Label, Party, Scan, ScanKind
from escale.ports.errors import PartnerUnavailable


class FakeCourier:
    def __init__(self) -> None:
        self.shipments: dict[str, Label] = {}
        self.receivers: list[Party] = []
        self.scans: dict[str, tuple[Scan, ...]] = {}
        self.lose_replies = 0
        self.down = False

    def create_label(
        self, *, reference: str, sender: Party, receiver: Party, ready_at: datetime, language: str
    ) -> Label:
        if self.down:
            raise PartnerUnavailable("courier", "timeout")
        if reference not in self.shipments:
            number = 331881000 + len(self.shipments)
            self.shipments[reference] = Label(Waybill.dhl(number), b"%PDF-1.7 label")
            self.receivers.append(receiver)
        if self.lose_replies:
            self.lose_replies -= 1
            raise PartnerUnavailable("courier", "lost_reply")
        return self.shipments[reference]

    def track(self, waybill: Waybill) -> tuple[Scan, ...]:
        if self.down:
            raise PartnerUnavailable("courier", "timeout")
        return self.scans.get(waybill.text, ())

    def cancel(self, waybill: Waybill) -> None:
        at = datetime(2026, 3, 4, tzinfo=UTC)
        self.scans[waybill.text] = (Scan(at, ScanKind.CANCELLED, "CX", "Shipment cancelled", "Toronto"),)
