"""The access matrix: every address of the three sites × everybody. It is made from the URL configurations."""

from __future__ import annotations

import importlib
import uuid
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver

from escale.people.models import Agent
from tests.factories.cases import a_case, a_post, an_agent
from tests.factories.web import a_client, as_agent, as_applicant

PARAMETERS = {"int": "1", "uuid": str(uuid.UUID(int=1)), "slug": "x", "str": "x", "path": "x"}


@dataclass(frozen=True)
class Address:
    site: str
    route: str
    name: str
    guard: str


def _walk(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def addresses():
    for site, module in settings.SITE_URLCONFS.items():
        for route, pattern in _walk(importlib.import_module(module).urlpatterns):
            yield Address(site, route, pattern.name or "", getattr(pattern.callback, "guard", ""))


def path_of(address, reference):
    parts = []
    for part in address.route.replace("(?P<code>fr|en)", "fr").split("<"):
        if ">" not in part:
            parts.append(part)
            continue
        kind, _, name = part.partition(">")[0].rpartition(":")
        parts.append(reference if name == "ref" else PARAMETERS[kind or "str"])
        parts.append(part.partition(">")[2])
    return "/" + "".join(parts)


ALL = list(addresses())
CLOSED = [address for address in ALL if address.guard not in {"public", "partner"}]


def test_every_address_has_a_guard_and_a_name():
    assert [address for address in ALL if not address.guard or not address.name] == []


def test_case_addresses_are_guarded_by_the_case():
    # On the desk an interview may be held by an agent of a pooled post: the view looks at the object itself, and the
    # matrix below tries it with agents of another post.
    guards = {"portal": "own_case", "reception": "own_case", "desk": "agent"}
    assert [a for a in ALL if "<str:ref>" in a.route and not a.guard.startswith(guards[a.site])] == []


def test_no_address_carries_a_secret():
    words = ("passport_number", "security", "stamp_number", "numic")
    assert [address for address in ALL if any(word in address.route for word in words)] == []


def denied(response):
    return response.status_code in {404, 405} or (
        response.status_code == 302 and response["Location"].startswith("/connexion/")
    )


@pytest.fixture(scope="module")
def everybody(django_db_setup, django_db_blocker):
    """Everybody, and one case of the first applicant at the first post. Made once for all tests."""
    with django_db_blocker.unblock():
        a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid")
        case = a_case("approved", sub="owner")
        roles = {role: an_agent(role) for role in ("agent", "supervisor", "auditor", "support", "administrator", "")}
        yield case, roles, an_agent("agent", "ES-MADRID"), an_agent("supervisor", "ES-MADRID")
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def people(everybody, db):
    """What a test changes is undone after it."""
    return everybody


def outsiders(address, people):
    """Everybody who may not open this address."""
    _, roles, other_agent, other_supervisor = people
    yield "anonymous", a_client(address.site)
    if address.site == "desk":
        yield "applicant", a_client("desk", session={"actor": {"kind": "applicant", "id": "owner"}})
        yield "no role", as_agent(roles[""])
        allowed = address.guard.partition(":")[2].split(",")
        for role in ("agent", "supervisor", "auditor", "support", "administrator"):
            if role not in allowed:
                yield role, as_agent(roles[role])
        if "<str:ref>" in address.route:
            yield "agent elsewhere", as_agent(other_agent)
            yield "supervisor elsewhere", as_agent(other_supervisor)
        return
    yield "agent", a_client(address.site, session={"actor": {"kind": "agent", "id": roles["agent"].pk}})
    if address.guard == "own_case":
        yield "other applicant", as_applicant("other", address.site)


@pytest.mark.parametrize("address", CLOSED, ids=lambda a: f"{a.site}:{a.name}")
def test_whoever_may_not_is_refused(address, people):
    path = path_of(address, people[0].reference)
    for who, client in outsiders(address, people):
        for method in (client.get, client.post):
            response = method(path)
            assert denied(response), f"{who} {method.__name__} {path}: {response.status_code}"


@pytest.mark.parametrize("address", ALL, ids=lambda a: f"{a.site}:{a.name}")
def test_whoever_may_never_meets_a_failure(address, people):
    case, roles, _, _ = people
    path = path_of(address, case.reference)
    clients = [as_applicant("owner", address.site)]
    if address.site == "desk":
        clients = [as_agent(roles[role]) for role in ("agent", "supervisor", "auditor", "support", "administrator")]
    for client in clients:
        assert client.get(path).status_code < 500, path


def test_a_revoked_right_is_refused_at_once(people):
    _, roles, _, _ = people
    client = as_agent(roles["agent"])
    assert client.get("/bureau/").status_code == 200
    Agent.objects.filter(pk=roles["agent"].pk).update(role="")
    assert denied(client.get("/bureau/"))


def test_a_session_of_one_site_opens_no_other(people):
    client = as_applicant("owner", "portal")
    client.cookies["escale_desk"] = client.cookies["escale_portal"].value
    response = client.get("/bureau/", headers={"host": settings.SITES["desk"].split("//")[1]})
    assert denied(response)
