"""Visio's API for applications, as its public description says, seen from an ordinary client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from escale.partners.webconference.settings import DEMO_VISIO_CLIENT, DEMO_VISIO_SECRET
from escale.partners.webconference.visio import VisioProvider, _code_of as visio_code
from escale.ports.errors import PartnerRefused
from tests.partners.conftest import Simulators

AGENT = "camille.perrin@diplomatie.example"


@pytest.fixture
def api(simulators: Simulators) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{simulators.url}/webconf/visio/external-api/v1.0", trust_env=False) as client:
        yield client


def _credentials(**changes: str) -> dict[str, str]:
    return {
        "client_id": DEMO_VISIO_CLIENT,
        "client_secret": DEMO_VISIO_SECRET,
        "grant_type": "client_credentials",
        "scope": AGENT,
        **changes,
    }


def _bearer(api: httpx.Client, **changes: str) -> dict[str, str]:
    answer = api.post("/application/token/", data=_credentials(**changes)).raise_for_status().json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3600)
    assert answer["scope"] == "rooms:list rooms:retrieve rooms:create"
    return {"Authorization": f"Bearer {answer['access_token']}"}


def test_a_token_is_given_for_a_form_or_json(api: httpx.Client) -> None:
    assert _bearer(api)
    assert api.post("/application/token/", json=_credentials(scope=AGENT.upper())).status_code == 200
    assert api.post("/application/token/", content=b"x", headers={"content-type": "text/plain"}).status_code == 415
    assert api.post("/application/token/", json={}).json()["scope"] == ["This field is required."]
    stranger = api.post("/application/token/", data=_credentials(client_id="other"))
    assert (stranger.status_code, stranger.json()) == (401, {"detail": "Invalid credentials"})


def test_rooms_belong_to_their_agent(api: httpx.Client) -> None:
    mine = _bearer(api)
    made = api.post("/rooms/", json={"access_level": "restricted"}, headers=mine)
    assert made.status_code == 201
    room = made.json()
    assert room["url"].endswith(f"/{room['slug']}")
    assert api.get(f"/rooms/{room['id']}/", headers=mine).json() == room
    assert room in api.get("/rooms/", headers=mine).json()["results"]
    other = _bearer(api, scope="sacha.lefevre@diplomatie.example")
    assert api.get(f"/rooms/{room['id']}/", headers=other).status_code == 404
    assert room not in api.get("/rooms/", headers=other).json()["results"]
    assert api.post("/rooms/", json={}, headers=mine).json()["access_level"] == "trusted"


def test_the_list_of_rooms_comes_by_pages(api: httpx.Client) -> None:
    mine = _bearer(api)
    made = [api.post("/rooms/", json={}, headers=mine).json()["id"] for _ in range(3)]
    assert len(api.get("/rooms/", params={"page_size": "few"}, headers=mine).json()["results"]) >= 3
    first = api.get("/rooms/", params={"page_size": 2}, headers=mine).json()
    second = httpx.get(first["next"], headers=mine, trust_env=False).json()
    assert [room["id"] for room in first["results"] + second["results"]][:3] == made[::-1]
    assert second["previous"].endswith("?page=1&page_size=2")
    for wrong in ({"page": "0"}, {"page": "9999"}, {"page": "one"}):
        answer = api.get("/rooms/", params=wrong, headers=mine)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"json": {"error": "Application is inactive"}}, "401 Application is inactive"),  # as the description says
        ({"json": {"detail": "Application is inactive"}}, "401 Application is inactive"),  # as the service says
        ({"json": {"error": {"code": 1}}}, "401"),
        ({"json": ["nothing"]}, "401"),
        ({"json": {"detail": "camille@diplomatie.example is unknown"}}, "401"),  # never an address in a code
        ({"text": "<html>"}, "401"),
    ],
)
def test_both_shapes_of_an_error_are_read(answer: dict[str, Any], code: str) -> None:
    assert visio_code(httpx.Response(401, **answer)) == code


@pytest.mark.parametrize(
    "body",
    [
        {"access_level": "public"},
        {"access_level": "secret"},
        {"name": "entretien"},
        {"configuration": {"record": True}},
        {"configuration": {"can_publish_sources": ["thoughts"]}},
        [],
    ],
)
def test_unknown_wishes_are_refused(api: httpx.Client, body: Any) -> None:
    assert api.post("/rooms/", json=body, headers=_bearer(api)).status_code == 400


def test_a_token_lasts_an_hour(simulators: Simulators, api: httpx.Client) -> None:
    bearer = _bearer(api)
    simulators.advance(hours=1, seconds=1)
    answer = api.post("/rooms/", json={}, headers=bearer)
    assert (answer.status_code, answer.json()) == (401, {"detail": "Token expired."})
    assert api.get("/rooms/").status_code == 401
    assert api.get("/rooms/", headers={"Authorization": "Bearer x.y.z"}).json() == {"detail": "Invalid token."}


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("visio_inactive", "401 Application is inactive"),
        ("visio_provisional", "409 User is provisional."),
        ("visio_scope", "403 Insufficient permissions. Required scope: rooms:create"),
    ],
)
def test_an_application_known_but_not_allowed_is_refused_and_the_adapter_says_why(
    simulators: Simulators, mode: str, code: str
) -> None:
    base = f"{simulators.url}/webconf/visio/external-api/v1.0"
    visio = VisioProvider(base_url=base, client_id=DEMO_VISIO_CLIENT, client_secret=DEMO_VISIO_SECRET)
    httpx.post(f"{simulators.url}/webconf/_pannes", data={"mode": mode}, trust_env=False).raise_for_status()

    with pytest.raises(PartnerRefused) as refused:
        visio.open(reference="r", agent_email=AGENT)

    assert refused.value.code == code
    assert visio.open(reference="r", agent_email=AGENT).provider == "visio"
    visio.close()
