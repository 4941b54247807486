"""PayFiP's SOAP endpoint: SOAP 1.1, document/literal, and its WSDL behind ``?wsdl``."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from lxml import etree

from escale import clock
from escale.partners.kit.faults import faulty
from escale.partners.tax_stamp.settings import SIMULATOR_CLIENT_NUMBER
from escale.partners.tax_stamp.simulator import operations
from escale.partners.tax_stamp.simulator.operations import SoapFault
from escale.partners.tax_stamp.simulator.stamps import STORE
from escale.partners.tax_stamp.soap import NAMESPACE, WSDL

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
REAL_ADDRESS = "https://www.payfip.gouv.fr/tpa/services/securite"
XML = "text/xml; charset=utf-8"
_EXCEPTIONS = "fr.gouv.finances.cp.tpa.webservice.exceptions"


@faulty(STORE)
def endpoint(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        here = f"{settings.SIMULATORS_URL}{request.path}"
        return HttpResponse(WSDL.read_text().replace(REAL_ADDRESS, escape(here)), content_type=XML)
    try:
        body = _perform(request.body, clock.now())
        status = 200
    except SoapFault as fault:
        body, status = _fault(fault), 500
    envelope = f'<S:Envelope xmlns:S="{ENVELOPE}"><S:Body>{body}</S:Body></S:Envelope>'
    return HttpResponse(f'<?xml version="1.0" encoding="UTF-8"?>{envelope}', status=status, content_type=XML)


def _perform(raw: bytes, now: datetime) -> str:
    operation, fields = _read(raw)
    if operation == "creerPaiementSecurise":
        answer = {"idOp": operations.create(fields, now)}
    elif operation == "recupererDetailPaiementSecurise":
        answer = operations.detail(fields.get("idOp", ""), now)
    elif operation == "recupererDetailClient":
        answer = _client(fields.get("numCli", ""))
    else:
        raise SoapFault("T1", "Opération inconnue", "TechProtocolaireErreur")
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in sorted(answer.items()) if value)
    return f'<ns2:{operation}Response xmlns:ns2="{NAMESPACE}"><return>{inside}</return></ns2:{operation}Response>'


def _client(number: str) -> dict[str, str]:
    if number != SIMULATOR_CLIENT_NUMBER:
        raise SoapFault("C1", "Le numéro de client est incorrect.")
    return {
        "libelleN1": "TIMBRES FISCAUX DES FRANCAIS DE L ETRANGER",
        "libelleN2": "SIMULATEUR",
        "libelleN3": "PASSEPORTS",
        "numcli": number,
    }


def _read(raw: bytes) -> tuple[str, dict[str, str]]:
    """Name of the operation and fields of its ``arg0``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        raise SoapFault("T2", "Enveloppe illisible", "TechProtocolaireErreur") from None
    call = root.find(f"{{{ENVELOPE}}}Body/{{{NAMESPACE}}}*")
    argument = call.find("arg0") if call is not None else None
    if call is None or argument is None:
        raise SoapFault("T2", "Enveloppe illisible", "TechProtocolaireErreur")
    return etree.QName(call).localname, {str(field.tag): field.text or "" for field in argument}


def _fault(fault: SoapFault) -> str:
    detail = (
        f'<ns2:{fault.kind} xmlns:ns2="{NAMESPACE}"><code>{escape(fault.code)}</code><descriptif/>'
        f"<libelle>{escape(fault.label)}</libelle><severite>2</severite></ns2:{fault.kind}>"
    )
    return (
        f"<S:Fault><faultcode>S:Server</faultcode><faultstring>{_EXCEPTIONS}.{fault.kind}</faultstring>"
        f"<detail>{detail}</detail></S:Fault>"
    )
