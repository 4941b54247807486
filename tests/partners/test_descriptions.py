"""The descriptions of the protocols that we propose are whole, sound OpenAPI 3.1, and notice what breaks them."""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.partners.openapi import Description

FOLDER = Path(__file__).parents[2] / "docs" / "partners" / "openapi"
ALL = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read(name: str, base: str = "") -> Description:
    return Description(FOLDER / f"{name}.yaml", base)


def nodes(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from nodes(inner)


def test_each_protocol_of_ours_is_described() -> None:
    assert ALL == ["border_alert", "issuance", "register", "tax_stamp"]


@pytest.mark.parametrize("name", ALL)
def test_a_description_is_sound(name: str) -> None:
    described = read(name)
    assert described.document["openapi"] == "3.1.0"
    names = [operation["operationId"] for _, _, operation, _ in described.operations()]
    assert len(names) == len(set(names)) > 0
    for template, _, operation, parameters in described.operations():
        assert operation["summary"]
        assert {rule["name"] for rule in parameters if rule["in"] == "path"} == set(re.findall(r"\{(\w+)\}", template))
        for status, reply in operation["responses"].items():
            assert re.fullmatch("[1-5][0-9]{2}", status)
            assert described.followed(reply)["description"]
    for node in nodes(described.document):
        if "$ref" in node:
            assert described.followed({"$ref": node["$ref"]})
        for schema in [node["schema"]] if isinstance(node.get("schema"), dict) else ():
            Draft202012Validator.check_schema(schema)
    for schema in described.document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", ALL)
def test_nothing_described_is_left_unused(name: str) -> None:
    described = read(name)
    used = {node["$ref"] for node in nodes(described.document) if "$ref" in node}
    secured = {scheme for node in nodes(described.document) for each in node.get("security", ()) for scheme in each}
    for kind, members in described.document["components"].items():
        for member in members:
            assert member in secured if kind == "securitySchemes" else f"#/components/{kind}/{member}" in used, member


ITEM = {
    "nr": "12AB34567",
    "type_id": "P",
    "country_of_issuance_id": "FRA",
    "status": "LOST",
    "reason": "LOST",
    "date_of_event": "2026-11-23",
}
DONE = {"items": [{"nr": "12AB34567", "result": "RECORDED", "item_id": "0" * 16}]}


def _faults(
    body: Any = None, reply: Any = None, status: int = 207, address: str = "/documents", **headers: str
) -> list[str]:
    given = {"Authorization": "Bearer x", "Idempotency-Key": str(uuid.uuid4()), **headers}
    body = {"items": [ITEM]} if body is None else body
    request = httpx.Request("POST", f"http://relay.test{address}", json=body, headers=given)
    return read("border_alert").faults(request, httpx.Response(status, json=DONE if reply is None else reply))


def _changed(path: list[Any], value: Any, of: dict[str, Any]) -> dict[str, Any]:
    found = inner = copy.deepcopy(of)
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return found


def test_a_description_tells_a_wrong_exchange() -> None:
    """What every use of the reader relies on: each kind of fault is seen, and named by its place."""
    asked = {"items": [ITEM]}
    assert _faults() == []
    assert _faults(Authorization="Basic x") == ["credentials: no signed"]
    assert _faults(**{"Idempotency-Key": "again"}) == ["header Idempotency-Key: format"]
    assert _faults({"items": []}) == ["request #/items: minItems"]
    assert _faults(_changed(["items", 0, "nr"], "12 AB", asked)) == ["request #/items/0/nr: pattern"]
    assert _faults(_changed(["items", 0, "holder"], "DURAND", asked)) == ["request #/items/0: additionalProperties"]
    assert _faults(_changed(["items", 0, "date_of_event"], "2026-02-30", asked)) == [
        "request #/items/0/date_of_event: format"
    ]
    assert _faults(reply=_changed(["items", 0, "result"], "MAYBE", DONE)) == ["reply 207 #/items/0: oneOf"]
    assert _faults(reply={}, status=418) == ["reply 418 is not described"]
    assert _faults(reply={"code": "X"}, status=400) == ["reply 400: application/json is not described"]
    assert _faults(address="/documents?nr=12AB34567") == ["query nr is not described"]
    with pytest.raises(LookupError, match="POST /holders is not described"):
        _faults(address="/holders")
    bare = httpx.Request("POST", "http://relay.test/documents", headers={"Authorization": "Bearer x"})
    assert read("border_alert").faults(bare, httpx.Response(207, json=DONE)) == [
        "header Idempotency-Key is missing",
        "request: nothing is not described",
    ]


def test_the_second_reader_sees_faults_by_itself() -> None:
    described = read("border_alert")
    headers = {"Authorization": "Bearer x", "Idempotency-Key": str(uuid.uuid4())}

    def opinions(body: Any, reply: Any, **changed: str) -> list[str]:
        request = httpx.Request("POST", "http://relay.test/documents", json=body, headers={**headers, **changed})
        return [
            text.partition(":")[0] for text in described._second_opinion(request, httpx.Response(207, json=reply), [])
        ]

    good = {"items": [ITEM]}
    assert opinions(good, DONE) == []
    assert opinions({"items": []}, DONE) == ["openapi-core, request"]
    assert opinions(good, {"items": [{"nr": "12AB34567"}]}) == ["openapi-core, reply"]
    assert opinions(good, DONE, **{"Idempotency-Key": "again"}) == ["openapi-core, request"]


def test_a_moment_has_a_zone() -> None:
    schema = {"type": "string", "format": "date-time"}
    assert list(read("issuance").schema_faults(schema, "2026-11-23T10:00:00+01:00", "#")) == []
    assert list(read("issuance").schema_faults(schema, "2026-11-23T10:00:00", "#")) == ["#: format"]
    assert list(read("issuance").schema_faults(schema, "tomorrow", "#")) == ["#: format"]


def test_a_passport_number_comes_with_production_alone() -> None:
    order = {"numeroDossier": "ESC-7K2M-9QX4-R83T", "numeroDemande": "A" * 10, "etat": "RECUE", "motif": None}
    schema = {"$ref": "#/components/schemas/OrderState"}
    assert list(read("issuance").schema_faults(schema, order, "#")) == []
    assert list(read("issuance").schema_faults(schema, {**order, "etat": "PRODUITE"}, "#")) != []
    early = json.loads(json.dumps({**order, "numeroPasseport": "12AB34567"}))
    assert list(read("issuance").schema_faults(schema, early, "#")) != []
