"""What no client would send is refused by the simulators, never a fault of theirs."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.test import RequestFactory
from joserfc import jwt
from joserfc.jwk import OctKey

from escale.partners.border_alert import settings as relay, wire
from escale.partners.courier import shipment
from escale.partners.issuance.settings import DEMO_TOKEN as ISSUANCE_TOKEN
from escale.partners.kit import pages
from escale.partners.mailer.notify import service_and_secret
from escale.partners.mailer.settings import DEMO_NOTIFY_KEY, DEMO_TEMPLATES
from escale.partners.register.settings import DEMO_TOKEN as REGISTER_TOKEN
from escale.partners.tax_stamp.settings import SIMULATOR_CLIENT, SIMULATOR_SECRET, SIMULATOR_TELESERVICE
from escale.partners.webconference.settings import DEMO_VISIO_CLIENT, DEMO_VISIO_SECRET
from tests.partners.conftest import Simulators
from tests.partners.courier.conftest import CITIZEN, POST
from tests.partners.issuance.conftest import photo

JUNK = (None, [], {}, "\x00é")
RAW = (b"", b"null", b"[]", b'"x"', b"12", b"{", b"\xff\xfe")
STAMP = {"numero": "1000000000000096"}
TITLE = {"numeroPasseport": "17FR42486"}
NEW_ORDER = {
    "etatCivil": {"nomNaissance": "D", "prenoms": "J", "dateNaissance": "1962-08-24", "sexe": "F"},
    "nomUsage": "",
    "tailleCm": 170,
    "couleurYeux": "b",
    "adresse": {},
    "numic": "1",
    "codePoste": "CA",
    "motif": "m",
    "numeroPrecedent": "17FR42486",
    "conserveExpiration": False,
    "photo": {"contenu": base64.b64encode(photo(199, 256)).decode(), "sha256": "0"},
    "empreintes": "REUTILISEES",
    "timbre": "",
    "agent": "a",
    "preuveIdentite": "",
}
ITEM = {"nr": "12AB34567", "type_id": "P", "country_of_issuance_id": "FRA", "status": "LOST", "reason": "LOST"}
CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "register": (
        "POST",
        "registre/v1/inscriptions/verification",
        {"numic": "1", "courriel": "j@x.y", "identite": {"nom_naissance": "D", "date_naissance": "1962-08-24"}},
    ),
    "stamp": ("POST", "timbre/timbres/1.0/consultation", STAMP),
    "reservation": ("PUT", "timbre/timbres/1.0/reservations/E", {**STAMP, "motif": "AUTRE", "montantCentimes": 9600}),
    "consumption": ("POST", "timbre/timbres/1.0/reservations/E/consommation", STAMP),
    "shipment": ("POST", "dhl/mydhlapi/shipments", {}),
    "order": ("PUT", "titres/demandes/ESC-AAAA-BBBB-CCCC", NEW_ORDER),
    "expected": ("POST", "titres/titres/activation-attendue", {**TITLE, "dateEnvoi": "", "dateLimite": ""}),
    "receipt": ("POST", "titres/titres/receptions", {**TITLE, "dateConfirmation": ""}),
    "invalidation": ("POST", "titres/titres/invalidations", {**TITLE, "motif": "", "dateEffet": "", "agent": ""}),
    "validity": ("POST", "titres/titres/etat", TITLE),
    "report": ("POST", "sltd/documents", {"items": [{**ITEM, "date_of_event": "2026-13-45"}]}),
    "search": ("POST", "sltd/documents/search", {"nr": "1", "country_of_issuance_id": "FRA"}),
    "withdrawal": ("PATCH", "sltd/documents/zz", {"status": "WITHDRAWN", "reason": "x"}),
    "mail": (
        "POST",
        "courriel/v2/notifications/email",
        {
            "email_address": "x@example.org",
            "template_id": DEMO_TEMPLATES["message"],
            "personalisation": {"subject": "s", "body": "b"},
        },
    ),
    "visio_token": (
        "POST",
        "webconf/visio/external-api/v1.0/application/token/",
        {"client_id": DEMO_VISIO_CLIENT, "client_secret": DEMO_VISIO_SECRET, "grant_type": "x", "scope": "a@b.cd"},
    ),
    "room": (
        "POST",
        "webconf/visio/external-api/v1.0/rooms/",
        {"access_level": "public", "configuration": {"can_publish_sources": ["camera"]}},
    ),
    "citizens_client": ("POST", "franceconnect/_clients", {"client_id": "x", "redirect_uris": []}),
    "agents_client": (
        "POST",
        "proconnect/_clients",
        {"client_id": "", "client_secret": "", "redirect_uris": [], "post_logout_redirect_uris": []},
    ),
}


def changed(body: Any) -> Iterator[Any]:
    """The body with each of its members, at any depth, replaced by what it should not be, or left out."""
    yield body
    members = body.items() if isinstance(body, dict) else ()
    for name, value in members:
        yield from ({**body, name: junk} for junk in JUNK)
        yield {key: kept for key, kept in body.items() if key != name}
        if isinstance(value, dict):
            yield from ({**body, name: inner} for inner in changed(value))
        if isinstance(value, list) and value:
            yield from ({**body, name: [inner]} for inner in changed(value[0]))


@pytest.fixture(scope="module")
def client(simulators: Simulators) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=simulators.url, trust_env=False, timeout=15) as opened:
        yield opened


def known_caller(client: httpx.Client, simulators: Simulators, call: str, content: bytes) -> dict[str, str]:
    """Headers that open the door, so that the body is looked at."""
    now = int(simulators.now().timestamp())
    prefix = CALLS[call][1].partition("/")[0]
    bearer = "none"
    if prefix == "timbre":
        asked = {"grant_type": "client_credentials"}
        answer = client.post("/timbre/token", auth=(SIMULATOR_CLIENT, SIMULATOR_SECRET), data=asked)
        bearer = answer.json()["access_token"]
    elif prefix == "registre":
        bearer = REGISTER_TOKEN
    elif prefix == "sltd":
        claims = {"iss": relay.DEMO_CLIENT, "aud": wire.AUDIENCE, "iat": now, "exp": now + 60}
        claims["body_sha256"] = wire.digest(content)
        bearer = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(relay.DEMO_KEY.encode()))
    elif prefix == "courriel":
        service, secret = service_and_secret(DEMO_NOTIFY_KEY)
        bearer = jwt.encode({"alg": "HS256"}, {"iss": service, "iat": now}, OctKey.import_key(secret.encode()))
    elif call == "room":
        scope = {"scope": "camille.perrin@diplomatie.example", "grant_type": "client_credentials"}
        asked = {"client_id": DEMO_VISIO_CLIENT, "client_secret": DEMO_VISIO_SECRET, **scope}
        bearer = client.post(f"/{CALLS['visio_token'][1]}", data=asked).json()["access_token"]
    basic = base64.b64encode(b"escale:simulateur-dhl").decode()
    return {
        "Authorization": f"Basic {basic}" if prefix == "dhl" else f"Bearer {bearer}",
        "Idempotency-Key": str(uuid.uuid4()),
        "ID_Teleservice": SIMULATOR_TELESERVICE,
        "X-Correlation-ID": str(uuid.uuid4()),
        "x-titres-auth-token": ISSUANCE_TOKEN,
        "x-version": "3.3.2",
        "Content-Type": "application/json",
    }


@pytest.mark.parametrize("call", CALLS)
def test_a_wrong_body_is_refused_and_breaks_nothing(simulators: Simulators, client: httpx.Client, call: str) -> None:
    method, path, body = CALLS[call]
    if call == "shipment":
        ready = simulators.now() + timedelta(days=1)
        body = shipment.body(account="0", reference="R", sender=POST, receiver=CITIZEN, ready_at=ready)
    headers = known_caller(client, simulators, call, b"")
    broken, statuses = [], set()
    for content in (*RAW, *(json.dumps(each).encode() for each in changed(body))):
        if call in ("report", "search", "withdrawal"):
            headers = known_caller(client, simulators, call, content)
        status = client.request(method, f"/{path}", content=content, headers=headers).status_code
        statuses.add(status)
        if status >= 500:
            broken.append(content)
    assert broken == []
    assert statuses - {401, 403, 404}, "no body was looked at"


@pytest.mark.parametrize("amount", ["-1", "x", "", "9" * 20])
def test_what_is_no_step_of_time_is_refused(client: httpx.Client, amount: str) -> None:
    assert client.post("/horloge/", data={"amount": amount, "unit": "jours"}).status_code == 400


def test_no_slip_of_the_keyboard_ends_the_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Centuries ahead no hour could be computed any more, and the clock never goes back."""
    steps: list[timedelta] = []
    monkeypatch.setattr(pages.clock, "advance", steps.append)
    pages.clock_page(RequestFactory().post("/horloge/", {"amount": "4000000", "unit": "jours"}))
    assert steps == [pages.FARTHEST]
