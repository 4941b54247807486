"""PayFiP's SOAP service « PaiementSecuriseService » through zeep, over our own HTTP border."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import httpx
import zeep
from zeep.exceptions import Error as ZeepError, Fault
from zeep.transports import Transport

from escale.partners.kit.http import Border
from escale.ports.errors import PartnerRefused, PartnerUnavailable

PARTNER = "payfip"
NAMESPACE = (
    "http://securite.service.tpa.cp.finances.gouv.fr/services/mas_securite/contrat_paiement_securise/"
    "PaiementSecuriseService"
)
WSDL = Path(__file__).parent / "wsdl" / "PaiementSecuriseService.wsdl"
FUNCTIONAL = "FonctionnelleErreur"


class FunctionalFault(PartnerRefused):
    """PayFiP understood and answered with a code: ``P1``, ``P5``, ``R3``, ``A2`` …"""


class BorderTransport(Transport):
    """Posts envelopes through the border; the description is a local file, nothing else is ever loaded."""

    def __init__(self, border: Border) -> None:
        super().__init__()
        self._border = border

    def load(self, url: str) -> bytes:
        if Path(url) != WSDL:
            raise PartnerRefused(PARTNER, "description_not_local")
        return WSDL.read_bytes()

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> httpx.Response:
        response = self._border.request("POST", address, accept=(500,), content=message, headers=headers)
        if "xml" not in response.headers.get("content-type", ""):
            raise PartnerUnavailable(PARTNER, f"{response.status_code}_not_soap")
        return response


class PaymentService:
    """The three operations. Raises PartnerUnavailable, FunctionalFault."""

    def __init__(self, *, endpoint: str, connect_timeout: float, read_timeout: float) -> None:
        self._endpoint = endpoint
        self._border = Border(PARTNER, "", connect_timeout=connect_timeout, read_timeout=read_timeout)
        self._lock = threading.Lock()
        self._service: Any = None

    def close(self) -> None:
        """Give the connections back."""
        self._border.close()

    def call(self, operation: str, **fields: str) -> dict[str, Any]:
        """The ``return`` element of an operation, by name of field."""
        with self._lock:
            if self._service is None:
                settings = zeep.Settings(strict=False, forbid_dtd=True, forbid_entities=True, forbid_external=True)
                client = zeep.Client(str(WSDL), transport=BorderTransport(self._border), settings=settings)
                binding = f"{{{NAMESPACE}}}PaiementSecuriseServicePortBinding"
                self._service = client.create_service(binding, self._endpoint)
        try:
            answer = getattr(self._service, operation)(fields)
        except Fault as fault:
            raise _sorted(fault) from None
        except (ZeepError, LookupError, AttributeError, TypeError, ValueError) as error:
            # zeep takes the shape of a reply for granted: an unexpected one fails in any of these ways
            raise PartnerUnavailable(PARTNER, "reply_unreadable") from error
        if answer is None:
            raise PartnerUnavailable(PARTNER, "reply_empty")
        if isinstance(answer, str):  # zeep unwraps a return of one field: only the operation id is such
            return {"idOp": answer}
        return {name: answer[name] for name in answer}


def _sorted(fault: Fault) -> FunctionalFault | PartnerUnavailable:
    """A functional fault keeps its code; technical ones (dysfonctionnement, indisponibilité, protocolaire) may pass."""
    kind = str(fault.message or "").rpartition(".")[2] or "fault"
    if kind != FUNCTIONAL or fault.detail is None:
        return PartnerUnavailable(PARTNER, kind[:60])
    code = fault.detail.find(f"{{*}}{FUNCTIONAL}/{{*}}code")
    if code is None:
        code = fault.detail.find(f"{{*}}{FUNCTIONAL}/code")
    return FunctionalFault(PARTNER, (code.text or "unknown") if code is not None else "unknown")
