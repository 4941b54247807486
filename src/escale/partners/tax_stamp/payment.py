"""The payment adapter: PayFiP's secured payment, then the number of the stamp it bought.

PayFiP has no idempotency: the caller writes its intent before ``open`` and never opens blindly again. A notification
proves nothing: ``result`` re-reads server to server.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from escale.case.values import InvalidValue, StampNumber
from escale.partners.tax_stamp.apim import Apim
from escale.partners.tax_stamp.soap import PARTNER, FunctionalFault, PaymentService
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.tax_stamp import Payment, PaymentState

PARIS = ZoneInfo("Europe/Paris")
MIN_CENTS, MAX_CENTS = 100, 10_000_000
UNKNOWN_RESULT_SECONDS = 120 * 60
CANCELLED_PENDING_SECONDS = 2 * 60
_REFERENCE = re.compile(r"[A-Za-z0-9]{6,30}")
_RESULTS = {
    "P": PaymentState.PAID,
    "V": PaymentState.PAID,
    "R": PaymentState.REFUSED,
    "Z": PaymentState.REFUSED,
    "A": PaymentState.CANCELLED,
}


def plain_label(label: str) -> str:
    """``objet``: at most 100 characters among ASCII letters, digits and spaces."""
    bare = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^A-Za-z0-9]+", " ", bare).split())[:100].strip()


class PayFip:
    """``entry_mode`` (saisie): T test, X activation, W production. ``clock`` gives the hour for the fiscal year."""

    def __init__(
        self,
        *,
        endpoint: str,
        pay_page: str,
        client_number: str,
        entry_mode: str,
        clock: Callable[[], datetime],
        apim_url: str,
        client_id: str,
        client_secret: str,
        teleservice: str,
        connect_timeout: float = 3.0,
        read_timeout: float = 15.0,
    ) -> None:
        self._pay_page, self._client_number, self._entry_mode = pay_page, client_number, entry_mode
        self._clock = clock
        self._service = PaymentService(endpoint=endpoint, connect_timeout=connect_timeout, read_timeout=read_timeout)
        self._apim = Apim(
            base_url=apim_url,
            client_id=client_id,
            client_secret=client_secret,
            teleservice=teleservice,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
        )

    def open(
        self, *, reference: str, cents: int, email: str, label: str, return_url: str, notify_url: str
    ) -> tuple[str, str]:
        """Open a payment. Returns (operation id, address of the payment page).

        ``reference``: 6 to 30 alphanumerics, ours. Raises PartnerRefused (also for what PayFiP would refuse),
        PartnerUnavailable: nothing is then known, and the same intent must be reused, not a new reference.
        """
        for wrong, code in (
            (not _REFERENCE.fullmatch(reference), "R3"),
            (not (6 <= len(email) <= 80 and "@" in email), "A2"),
            (not MIN_CENTS <= cents <= MAX_CENTS, "amount"),
        ):
            if wrong:
                raise FunctionalFault(PARTNER, code)
        answer = self._service.call(
            "creerPaiementSecurise",
            exer=str(self._clock().astimezone(PARIS).year),
            mel=email,
            montant=str(cents),
            numcli=self._client_number,
            objet=plain_label(label),
            refdet=reference,
            saisie=self._entry_mode,
            urlnotif=notify_url,
            urlredirect=return_url,
        )
        operation = str(answer.get("idOp") or "")
        if not operation:
            raise PartnerUnavailable(PARTNER, "reply_without_idop")
        return operation, f"{self._pay_page}?{urlencode({'idop': operation})}"

    def result(self, *, operation_id: str, reference: str, opened_seconds_ago: float) -> Payment:
        """Re-read server to server: the only proof of a payment. Raises PartnerUnavailable, PartnerRefused.

        Not known yet (P5) is pending for two hours, then expired; an unknown operation (P1) was purged: expired; a
        fresh cancellation is still pending, for the page may be open. Paid without ``stamp``: its number is not
        issued yet, ask again.
        """
        try:
            answer = self._service.call("recupererDetailPaiementSecurise", idOp=operation_id)
        except FunctionalFault as fault:
            if fault.code == "P5" and opened_seconds_ago < UNKNOWN_RESULT_SECONDS:
                return Payment(PaymentState.PENDING, "P5")
            if fault.code in ("P1", "P5"):
                return Payment(PaymentState.EXPIRED, fault.code)
            raise
        if answer.get("refdet") != reference:
            raise PartnerRefused(PARTNER, "reference_mismatch")
        raw = str(answer.get("resultrans") or "")
        state = _RESULTS.get(raw, PaymentState.PENDING)
        if state is PaymentState.CANCELLED and opened_seconds_ago < CANCELLED_PENDING_SECONDS:
            return Payment(PaymentState.PENDING, raw)
        if state is PaymentState.PAID:
            return Payment(state, raw, self._bought(reference))
        return Payment(state, raw)

    def close(self) -> None:
        """Give the connections back."""
        self._service.close()
        self._apim.close()

    def _bought(self, reference: str) -> StampNumber | None:
        """The stamp sold by the payment of this reference, None while it is not issued."""
        response = self._apim.call("GET", f"/timbres/1.0/achats/{quote(reference, safe='')}", accept=(404,))
        if response.status_code == 404:
            return None
        try:
            return StampNumber.parse(str(response.json()["numero"]))
        except (KeyError, TypeError, ValueError, InvalidValue):
            # The cause would show the number, which is worth money: it is left out.
            raise PartnerUnavailable(PARTNER, "purchase_unreadable") from None


PAYMENT_ADAPTER = PayFip
