"""Our copy of PayFiP's contract, and the very envelopes we send."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pytest

from escale.partners.tax_stamp.soap import NAMESPACE, FunctionalFault, PaymentService
from escale.ports.errors import PartnerUnavailable
from tests.partners.conftest import Simulators

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def envelope(body: str) -> str:
    return f'<S:Envelope xmlns:S="{SOAP}"><S:Body>{body}</S:Body></S:Envelope>'


class Wire:
    """Stands where the network is: keeps requests, gives prepared answers."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answer = httpx.Response(500)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answer


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def service(wire: Wire) -> Iterator[PaymentService]:
    made = PaymentService(endpoint="http://payfip.test/securite", connect_timeout=1, read_timeout=1)
    made._border._client = httpx.Client(transport=httpx.MockTransport(wire))
    yield made
    made.close()


def canonical(text: str | bytes) -> str:
    return ElementTree.canonicalize(text, strip_text=True, rewrite_prefixes=True)


def test_the_envelope_is_byte_for_byte_the_documented_one(service: PaymentService, wire: Wire):
    body = f'<n:creerPaiementSecuriseResponse xmlns:n="{NAMESPACE}"><return><idOp>1</idOp></return>'
    body += "</n:creerPaiementSecuriseResponse>"
    wire.answer = httpx.Response(200, text=envelope(body), headers={"content-type": "text/xml"})
    fields = {
        "numcli": "090909",
        "refdet": "ABCDEFGH",
        "exer": "2019",
        "mel": "john.doe@example.com",
        "montant": "1000",
        "objet": "coucou",
        "saisie": "T",
        "urlredirect": "https://redirect.example.com/",
        "urlnotif": "https://notif.example.com/?a=1&b=2",
    }

    assert service.call("creerPaiementSecurise", **fields) == {"idOp": "1"}

    (request,) = wire.requests
    sent = (
        f'<n:creerPaiementSecurise xmlns:n="{NAMESPACE}"><arg0><exer>2019</exer><mel>john.doe@example.com</mel>'
        "<montant>1000</montant><numcli>090909</numcli><objet>coucou</objet><refdet>ABCDEFGH</refdet><saisie>T</saisie>"
        "<urlnotif>https://notif.example.com/?a=1&amp;b=2</urlnotif>"
        "<urlredirect>https://redirect.example.com/</urlredirect></arg0></n:creerPaiementSecurise>"
    )
    assert canonical(request.content) == canonical(envelope(sent))
    assert request.headers["content-type"].startswith("text/xml")
    assert request.headers["soapaction"] == '""'
    assert str(request.url) == "http://payfip.test/securite"


@pytest.mark.parametrize("qualified", [False, True], ids=["bare code", "qualified code"])
def test_a_fault_keeps_its_code(service: PaymentService, wire: Wire, qualified: bool):
    prefix = "n:" if qualified else ""
    fault = (
        "<S:Fault><faultcode>S:Server</faultcode>"
        "<faultstring>fr.gouv.finances.cp.tpa.webservice.exceptions.FonctionnelleErreur</faultstring>"
        f'<detail><n:FonctionnelleErreur xmlns:n="{NAMESPACE}"><{prefix}code>P5</{prefix}code><descriptif/>'
        "<libelle>Résultat non connu.</libelle><severite>2</severite></n:FonctionnelleErreur></detail>"
        "</S:Fault>"
    )
    wire.answer = httpx.Response(500, text=envelope(fault), headers={"content-type": "text/xml;charset=utf-8"})

    with pytest.raises(FunctionalFault) as refusal:
        service.call("recupererDetailPaiementSecurise", idOp="1")

    assert refusal.value.code == "P5"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, text="<html>Internal error</html>", headers={"content-type": "text/html"}),
        httpx.Response(200, text="<html>Maintenance</html>", headers={"content-type": "text/html"}),
        httpx.Response(200, text="<a>", headers={"content-type": "text/xml"}),
        httpx.Response(200, text=envelope(""), headers={"content-type": "text/xml"}),
        httpx.Response(200, text='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', headers={"content-type": "text/xml"}),
        httpx.Response(503, text="", headers={"content-type": "text/xml"}),
    ],
    ids=["html 500", "html 200", "broken", "empty", "entities", "503"],
)
def test_anything_else_is_an_outage(service: PaymentService, wire: Wire, answer: httpx.Response):
    wire.answer = answer

    with pytest.raises(PartnerUnavailable):
        service.call("recupererDetailPaiementSecurise", idOp="1")


def test_the_simulator_serves_its_contract_with_its_own_address(simulators: Simulators):
    url = f"{simulators.url}/timbre/payfip/tpa/services/securite"
    wsdl = httpx.get(url, params={"wsdl": ""}, trust_env=False).text

    address = ElementTree.fromstring(wsdl).find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
    assert address is not None
    assert address.get("location") == url


@pytest.mark.parametrize("body", ["", "not xml", envelope(""), envelope("<a/>")])
def test_an_unreadable_envelope_gets_a_protocol_fault(simulators: Simulators, body: str):
    url = f"{simulators.url}/timbre/payfip/tpa/services/securite"
    answer = httpx.post(url, content=body, headers={"content-type": "text/xml"}, trust_env=False)

    assert answer.status_code == 500
    assert "TechProtocolaireErreur" in answer.text


FIELDS = {
    "exer": "2026",
    "mel": "john.doe@example.com",
    "montant": "9600",
    "numcli": "099099",
    "refdet": "201912261758460053903194",
    "saisie": "T",
    "urlnotif": "http://127.0.0.1:1/n",
    "urlredirect": "http://127.0.0.1:1/r",
}


def asked(simulators: Simulators, operation: str, fields: dict[str, str]) -> ElementTree.Element:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    body = f'<n:{operation} xmlns:n="{NAMESPACE}"><arg0>{inside}</arg0></n:{operation}>'
    address = f"{simulators.url}/timbre/payfip/tpa/services/securite"
    answer = httpx.post(address, content=envelope(body), headers={"content-type": "text/xml"}, trust_env=False)
    return ElementTree.fromstring(answer.content)


def test_a_payment_without_an_object_is_paid_and_told_without_one(simulators: Simulators):
    """As a recorded exchange of PayFiP with another client."""
    operation = asked(simulators, "creerPaiementSecurise", FIELDS).findtext(".//idOp")
    assert operation
    page = f"{simulators.url}/timbre/payfip/tpa/paiementws.web?idop={operation}"
    assert httpx.post(page, data={"resultat": "R", "notification": "aucune"}, trust_env=False).status_code == 303
    told = asked(simulators, "recupererDetailPaiementSecurise", {"idOp": operation})
    names = [field.tag for field in told.iter() if not len(field)]
    assert names == [
        "dattrans",
        "exer",
        "heurtrans",
        "idOp",
        "mel",
        "montant",
        "numcli",
        "refdet",
        "resultrans",
        "saisie",
    ]


def test_a_wrong_address_is_told_before_a_wrong_amount(simulators: Simulators):
    wrong = {**FIELDS, "mel": "john.doeexample.com", "montant": "9990000001"}
    assert asked(simulators, "creerPaiementSecurise", wrong).findtext(".//code") == "A2"
