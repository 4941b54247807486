"""Partners of step 2 that remember what was asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from escale.case.values import StampNumber
from escale.ports.errors import PartnerUnavailable
from escale.ports.tax_stamp import Payment, PaymentState, Stamp, StampRefused

GOOD = StampNumber("1234567890123456")
OTHER = StampNumber("6543210987654321")
FRENCH = StampNumber("8600860086008600")


@dataclass
class FakeStamps:
    """Stamps by number, and for which case each is reserved or consumed."""

    stamps: dict[str, Stamp] = field(default_factory=dict)
    reserved: dict[str, str] = field(default_factory=dict)
    consumed: dict[str, str] = field(default_factory=dict)
    released: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    down: bool = False

    def sell(self, number: StampNumber, *, product: str = "PASSEPORT_MAJEUR_ETRANGER", cents: int = 9600) -> None:
        self.stamps[number.text] = Stamp(product, cents, date(2026, 2, 1), date(2027, 2, 1), "issued")

    def _heard(self, call: str) -> None:
        self.calls.append(call)
        if self.down:
            raise PartnerUnavailable("tax_stamp", "timeout")

    def look_up(self, number: StampNumber) -> Stamp:
        self._heard("look_up")
        if number.text not in self.stamps:
            raise StampRefused("unknown")
        return self.stamps[number.text]

    def reserve(self, number: StampNumber, *, case_reference: str, cents: int) -> Stamp:
        self._heard("reserve")
        if self.reserved.setdefault(number.text, case_reference) != case_reference:
            raise StampRefused("reserved_elsewhere")
        return self.stamps[number.text]

    def consume(self, number: StampNumber, *, case_reference: str) -> str:
        self._heard("consume")
        if self.reserved.get(number.text) != case_reference:
            raise StampRefused("reserved_elsewhere")
        self.consumed[number.text] = case_reference
        return f"Q-{number.text[-4:]}"

    def release(self, number: StampNumber, *, case_reference: str) -> None:
        self._heard("release")
        if self.reserved.get(number.text) == case_reference:
            del self.reserved[number.text]
        self.released.append(number.text)


@dataclass
class FakePayments:
    """``answer`` is what the next re-reading says."""

    opened: list[str] = field(default_factory=list)
    answer: Payment = field(default_factory=lambda: Payment(PaymentState.PENDING, "P5"))
    down: bool = False

    def open(
        self, *, reference: str, cents: int, email: str, label: str, return_url: str, notify_url: str
    ) -> tuple[str, str]:
        if self.down:
            raise PartnerUnavailable("payfip", "timeout")
        self.opened.append(reference)
        return f"op-{len(self.opened)}", f"https://payment.example/?idop=op-{len(self.opened)}"

    def result(self, *, operation_id: str, reference: str, opened_seconds_ago: float) -> Payment:
        if self.down:
            raise PartnerUnavailable("payfip", "timeout")
        return self.answer

    def pays(self, number: StampNumber) -> None:
        self.answer = Payment(PaymentState.PAID, "P", number)
