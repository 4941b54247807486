"""Holds HTTP exchanges to an OpenAPI 3.1 description: addresses, parameters, credentials, bodies, replies, headers.

Two readers must agree. Ours names each fault by its place and refuses what nobody described (a query, a body, a header
that is missing); its schemas are read by ``jsonschema``. What it finds good, ``openapi-core`` reads again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FORMATS = FormatChecker(formats=("date", "uuid"))
METHODS = ("get", "put", "post", "delete", "patch")
SERVER = "http://described.test"
CREDENTIALS = {"bearer": "^Bearer .+", "basic": "^Basic .+"}


@FORMATS.checks("date-time", raises=ValueError)
def _is_a_moment(text: object) -> bool:
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


class Description:
    """``faults`` lists what breaks the description, each with its place; empty when all holds."""

    def __init__(self, path: Path, base: str = "") -> None:
        self.document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.base = base
        self.seen: set[tuple[str, int]] = set()
        whole = Resource(contents=self.document, specification=DRAFT202012)
        self._registry: Registry = Registry().with_resource("urn:description", whole)

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
        """Template or name, method, operation and its parameters; events that are pushed included."""
        for template, item in {**self.document["paths"], **self.document.get("webhooks", {})}.items():
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    shared = [*item.get("parameters", []), *operation.get("parameters", [])]
                    yield template, method, operation, [self.followed(each) for each in shared]

    def described(self) -> set[tuple[str, int]]:
        return {
            (operation["operationId"], int(status))
            for template, _, operation, _ in self.operations()
            if template.startswith("/")
            for status in operation["responses"]
        }

    def followed(self, node: dict[str, Any]) -> dict[str, Any]:
        """The object behind a reference of this document."""
        while set(node) == {"$ref"}:
            found: Any = self.document
            for name in node["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            node = found
        return node

    def schema_faults(self, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
        rooted = json.loads(json.dumps(schema).replace('"$ref": "#/', '"$ref": "urn:description#/'))
        found = Draft202012Validator(rooted, registry=self._registry, format_checker=FORMATS)
        for error in found.iter_errors(value):
            yield f"{place}{''.join(f'/{name}' for name in error.absolute_path)}: {error.validator}"

    def faults(self, request: httpx.Request, response: httpx.Response) -> list[str]:
        operation, parameters, in_path = self._operation(request)
        self.seen.add((operation["operationId"], response.status_code))
        query = parse_qsl(request.url.query.decode(), keep_blank_values=True)
        found = [
            *self._credentials(operation, request.headers),
            *self._parameters(parameters, request.headers, query, in_path),
            *self._body(operation, request),
            *self._reply(operation, response),
        ]
        return found or list(self._second_opinion(request, response, query))

    @cached_property
    def _independent(self) -> OpenAPI:
        config = Config(extra_media_type_deserializers={"application/problem+json": json.loads})
        return OpenAPI.from_dict({**self.document, "servers": [{"url": SERVER}]}, config=config)

    def _second_opinion(
        self, request: httpx.Request, response: httpx.Response, query: list[tuple[str, str]]
    ) -> Iterator[str]:
        asked = MockRequest(
            SERVER,
            request.method,
            self._below_base(request),
            args=dict(query),
            headers=dict(request.headers),
            data=request.content,
            content_type=request.headers.get("content-type", "").partition(";")[0],
        )
        kind = response.headers.get("content-type", "").partition(";")[0]
        answered = MockResponse(response.content, response.status_code, dict(response.headers), kind)
        for error in self._independent.iter_request_errors(asked):
            yield f"openapi-core, request: {error} {error.__cause__ or ''}"
        for error in self._independent.iter_response_errors(asked, answered):
            yield f"openapi-core, reply: {error} {error.__cause__ or ''}"

    def _below_base(self, request: httpx.Request) -> str:
        return request.url.raw_path.decode().partition("?")[0].removeprefix(httpx.URL(self.base).path.rstrip("/"))

    def push_faults(self, name: str, headers: Mapping[str, str], body: bytes) -> list[str]:
        """The same of what a partner pushes, of which the answer is ours."""
        found = next(each for each in self.operations() if each[0] == name)
        request = httpx.Request("POST", "http://product.test/", headers=dict(headers), content=body)
        return [*self._parameters(found[3], request.headers, [], {}), *self._body(found[2], request)]

    def _operation(self, request: httpx.Request) -> tuple[dict[str, Any], list[dict[str, Any]], dict[str, str]]:
        asked = self._below_base(request)
        known = sorted(self.operations(), key=lambda each: "{" in each[0])  # a plain address comes before a pattern
        for template, method, operation, parameters in known:
            found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), asked)
            if found and request.method.lower() == method:
                return operation, parameters, {name: unquote(value) for name, value in found.groupdict().items()}
        raise LookupError(f"{request.method} {asked} is not described")

    def _credentials(self, operation: dict[str, Any], headers: httpx.Headers) -> Iterator[str]:
        for name in operation.get("security", self.document["security"])[0]:
            scheme = self.document["components"]["securitySchemes"][name]
            wanted = CREDENTIALS[scheme["scheme"]] if scheme["type"] == "http" else ".+"
            if not re.search(wanted, headers.get(scheme.get("name", "Authorization"), "")):
                yield f"credentials: no {name}"

    def _parameters(
        self,
        parameters: list[dict[str, Any]],
        headers: httpx.Headers,
        query: list[tuple[str, str]],
        in_path: dict[str, str],
    ) -> Iterator[str]:
        for rule in parameters:
            given = {
                "query": [value for key, value in query if key == rule["name"]],
                "header": headers.get_list(rule["name"]),
                "path": [in_path[rule["name"]]] if rule["name"] in in_path else [],
            }[rule["in"]]
            place = f"{rule['in']} {rule['name']}"
            if rule["required"] and not given:
                yield f"{place} is missing"
            for value in given:
                yield from self.schema_faults(rule["schema"], value, place)
        known = {rule["name"] for rule in parameters if rule["in"] == "query"}
        yield from (f"query {key} is not described" for key, _ in query if key not in known)

    def _body(self, operation: dict[str, Any], request: httpx.Request) -> Iterator[str]:
        if "requestBody" not in operation:
            if request.content:
                yield "request: a body is not described"
            return
        content = self.followed(operation["requestBody"])["content"]
        kind = request.headers.get("content-type", "").partition(";")[0]
        if kind not in content:
            yield f"request: {kind or 'nothing'} is not described"
        else:
            form = kind == "application/x-www-form-urlencoded"
            body = dict(parse_qsl(request.content.decode())) if form else json.loads(request.content)
            yield from self.schema_faults(content[kind]["schema"], body, "request #")

    def _reply(self, operation: dict[str, Any], response: httpx.Response) -> Iterator[str]:
        described = operation["responses"].get(str(response.status_code))
        place = f"reply {response.status_code}"
        if described is None:
            yield f"{place} is not described"
            return
        described = self.followed(described)
        for name, wanted in described.get("headers", {}).items():
            rule = self.followed(wanted)
            if name not in response.headers:
                yield f"{place}: header {name} is missing"
            else:
                yield from self.schema_faults(rule["schema"], response.headers[name], f"{place} header {name}")
        content, kind = described.get("content", {}), response.headers.get("content-type", "").partition(";")[0]
        if not content:
            if response.content:
                yield f"{place}: a body is not described"
        elif kind not in content:
            yield f"{place}: {kind} is not described"
        elif kind.endswith("json"):
            yield from self.schema_faults(content[kind]["schema"], response.json(), f"{place} #")
