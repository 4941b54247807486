"""Holds HTTP exchanges to an OpenAPI description. The part of OpenAPI that ``mydhl.yaml`` uses, and nothing else.

A keyword this reader does not know raises KeyError: a rule that is written is a rule that is checked.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import yaml

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True


RULES = {
    "minLength": lambda value, limit: len(value) >= limit,
    "maxLength": lambda value, limit: len(value) <= limit,
    "minItems": lambda value, limit: len(value) >= limit,
    "minimum": lambda value, limit: value >= limit,
    "pattern": lambda value, pattern: re.fullmatch(pattern, value) is not None,
    "enum": lambda value, choices: value in choices,
    "format": lambda value, name: {"byte": _is_base64}[name](value),
    "required": lambda value, names: all(name in value for name in names),
}


class Contract:
    """``faults(exchange)`` lists what breaks the description, each with its place; empty when all holds."""

    def __init__(self, path: Path, base: str) -> None:
        self.document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.base = base
        self.seen: set[tuple[str, int]] = set()

    def faults(self, request: httpx.Request, response: httpx.Response) -> list[str]:
        operation, in_path = self._operation(request)
        self.seen.add((operation["operationId"], response.status_code))
        return [
            *self._parameters(operation, request, in_path),
            *self._body(operation, request),
            *self._reply(operation, response),
        ]

    def _operation(self, request: httpx.Request) -> tuple[dict[str, Any], dict[str, str]]:
        asked = request.url.path.removeprefix(httpx.URL(self.base).path)
        for template, methods in self.document["paths"].items():
            found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), asked)
            if found and request.method.lower() in methods:
                return methods[request.method.lower()], found.groupdict()
        raise LookupError(f"{request.method} {asked} is not described")

    def _parameters(self, operation: dict[str, Any], request: httpx.Request, in_path: dict[str, str]) -> Iterator[str]:
        query = parse_qsl(request.url.query.decode(), keep_blank_values=True)
        described = {"query": set(), "header": set(), "path": set()}
        for rule in operation["parameters"]:
            place, name = rule["in"], rule["name"]
            described[place].add(name)
            given = {
                "query": [value for key, value in query if key == name],
                "header": request.headers.get_list(name),
                "path": [in_path[name]] if name in in_path else [],
            }[place]
            if rule["required"] and not given:
                yield f"{place} {name} is missing"
            for value in given:
                yield from self._check(value, rule["schema"], f"{place} {name}")
        yield from (f"query {key} is not described" for key, _ in query if key not in described["query"])

    def _body(self, operation: dict[str, Any], request: httpx.Request) -> Iterator[str]:
        if "requestBody" in operation:
            yield from self._check(json.loads(request.content), operation["requestBody"]["schema"], "request #")
        elif request.content:
            yield "request: a body is not described"

    def _reply(self, operation: dict[str, Any], response: httpx.Response) -> Iterator[str]:
        described = operation["responses"].get(str(response.status_code))
        if described is None:
            yield f"reply: {response.status_code} is not described"
        elif "json" not in response.headers.get("content-type", ""):
            yield f"reply: {response.headers.get('content-type')} is not JSON"
        else:
            yield from self._check(response.json(), described["schema"], f"reply {response.status_code} #")

    def _check(self, value: Any, schema: dict[str, Any], place: str) -> Iterator[str]:
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        rules = dict(schema)
        kind = rules.pop("type")
        if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
            yield f"{place}: {type(value).__name__} is no {kind}"
            return
        properties, closed = rules.pop("properties", {}), rules.pop("additionalProperties", True) is False
        items = rules.pop("items", None)
        yield from (f"{place}: {name} {rule}" for name, rule in rules.items() if not RULES[name](value, rule))
        for key, inner in value.items() if kind == "object" else ():
            if key in properties:
                yield from self._check(inner, properties[key], f"{place}/{key}")
            elif closed:
                yield f"{place}/{key} is not described"
        for rank, inner in enumerate(value if items else ()):
            yield from self._check(inner, items, f"{place}/{rank}")
