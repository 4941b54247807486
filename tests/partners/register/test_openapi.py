"""What the adapter asks the register and what the simulator answers hold to docs/partners/openapi/register.yaml."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress

import httpx
import pytest

from escale.partners.kit.people import people
from escale.partners.register.adapter import Register
from escale.partners.register.settings import DEMO_TOKEN
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.register import NoMatch
from tests.partners.conftest import Simulators
from tests.partners.register.conftest import built, identity_of
from tests.partners.test_descriptions import read

type Heard = list[tuple[httpx.Request, httpx.Response]]


def test_every_exchange_holds_to_the_description(simulators: Simulators, overheard: Heard, register: Register) -> None:
    described = read("register", f"{simulators.url}/registre")
    for person in people():
        if person.numic:
            with suppress(NoMatch):
                register.verify(numic=person.numic, email=person.register_email, identity=identity_of(person))
    known = next(person for person in people() if person.login == "jeanne")
    with pytest.raises(NoMatch):
        register.verify(numic=known.numic, email="someone@courriel.example", identity=identity_of(known))
    for _ in range(5):
        with pytest.raises(NoMatch):
            register.verify(numic="999888777", email="someone@courriel.example", identity=identity_of(known))
    with pytest.raises(PartnerRefused):
        register.verify(numic="999888777", email="someone@courriel.example", identity=identity_of(known))
    with pytest.raises(PartnerRefused):
        built(simulators, TOKEN="wrong").verify(numic=known.numic, email="a@b.example", identity=identity_of(known))
    simulators.fault("registre", "error", 2)
    with pytest.raises(PartnerUnavailable):
        register.verify(numic=known.numic, email="a@b.example", identity=identity_of(known))

    assert [fault for exchange in overheard for fault in described.faults(*exchange)] == []
    results = {json.loads(response.content)["resultat"] for _, response in overheard if response.status_code == 200}
    assert results == {"CONCORDANT", "DISCORDANT", "INCONNU", "EXPIRE", "RADIE"}
    assert described.seen == described.described() - {("verify", 422)}


def test_a_question_that_is_not_well_made_is_refused_as_described(simulators: Simulators, overheard: Heard) -> None:
    described = read("register", f"{simulators.url}/registre")
    headers = {"Authorization": f"Bearer {DEMO_TOKEN}", "X-Correlation-ID": str(uuid.uuid4())}
    url = f"{simulators.url}/registre/v1/inscriptions/verification"
    httpx.post(url, json={"numic": "24681373", "nom": "DURAND"}, headers=headers, trust_env=False)
    [(request, response)] = overheard
    assert response.status_code == 422
    faults = described.faults(request, response)
    assert faults == ["request #: additionalProperties", "request #: required", "request #: required"]
