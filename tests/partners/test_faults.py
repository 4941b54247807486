"""The switches of every simulator: the same eight everywhere, settable over HTTP, told where one looks, and obeyed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Lock
from typing import Any

import httpx
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from escale.partners.kit import faults
from escale.partners.kit.store import Store
from tests.partners.conftest import Simulators

ROOMS = {
    "franceconnect": "franceconnect",
    "proconnect": "proconnect",
    "registre": "register",
    "timbre": "tax_stamp",
    "dhl": "courier",
    "webconf": "webconference",
    "titres": "issuance",
    "sltd": "border_alert",
    "courriel": "mailer",
}
OWN = {  # played on what they tell without being asked; each is tried in the folder of its partner
    "timbre": {"silent", "duplicate", "late", "reordered"},
    "dhl": {"silent", "duplicate", "late", "reordered"},
    "titres": {"silent", "duplicate", "late", "reordered"},
    "sltd": {"silent", "duplicate", "late"},
    "courriel": {"silent", "duplicate", "late", "reordered", "late_bounce"},
    "webconf": {"visio_inactive", "visio_provisional", "visio_scope"},
}
ANYTHING = {  # one call of each partner's protocol; refused for want of credentials, it is answered all the same
    "franceconnect": "api/v2/.well-known/openid-configuration",
    "proconnect": "api/v2/.well-known/openid-configuration",
    "registre": "v1/inscriptions/verification",
    "timbre": "timbres/1.0/consultation",
    "dhl": "mydhlapi/shipments/1234567890/tracking",
    "webconf": "external_api.js",
    "titres": "demandes/ESC-0000-0000-0000",
    "sltd": "documents/counts",
    "courriel": "v2/notifications",
}
PARTNERS = Path(faults.__file__).parents[1]
WAIT, PATIENCE = 0.5, 0.25


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=15) as client:
        yield client


@pytest.fixture(autouse=True)
def calm(request: pytest.FixtureRequest) -> Iterator[None]:
    """No switch stays on after a test that failed."""
    yield
    callspec = getattr(request.node, "callspec", None)
    if callspec and "prefix" in callspec.params:
        request.getfixturevalue("simulators").fault(callspec.params["prefix"], "", 0)


def _panel(simulators: Simulators, http: httpx.Client, prefix: str, **fields: str) -> httpx.Response:
    url = f"{simulators.url}/{prefix}/_pannes"
    return http.post(url, data=fields) if fields else http.get(url)


@pytest.mark.parametrize(("prefix", "room"), ROOMS.items())
def test_each_mode_is_settable_and_told_in_the_readme(
    simulators: Simulators, http: httpx.Client, prefix: str, room: str
) -> None:
    modes = _panel(simulators, http, prefix).json()["modes"]
    readme = (PARTNERS / room / "README.md").read_text()
    assert set(modes) == {*faults.MODES, *OWN.get(prefix, ())}
    assert f"/{prefix}/_pannes" in readme
    for mode in modes:
        assert f"`{mode}`" in readme, mode
        assert _panel(simulators, http, prefix, mode=mode, times="2").json()["mode"] == mode
    for wrong in (
        {"mode": "unheard_of"},
        {"mode": "error", "times": "many"},
        {"mode": "slow", "seconds": "long"},
        {"mode": "slow", "seconds": "nan"},
    ):
        assert _panel(simulators, http, prefix, **wrong).status_code == 400
    assert _panel(simulators, http, prefix, mode="", times="0").json()["mode"] == ""


def test_a_browser_finds_a_form_with_every_mode(simulators: Simulators, http: httpx.Client) -> None:
    browser = {"Accept": "text/html"}
    url = f"{simulators.url}/titres/_pannes"
    sent = http.post(url, data={"mode": "late", "times": "3", "seconds": ""}, headers=browser, follow_redirects=True)
    assert "En cours : <code>late</code>, encore 3 fois" in sent.text
    assert all(f'<option value="{mode}"' in sent.text for mode in faults.MODES)
    simulators.fault("titres", "", 0)
    assert "Aucune panne en cours" in http.get(url, headers=browser).text


@pytest.mark.parametrize("mode", faults.MODES)
@pytest.mark.parametrize("prefix", ROOMS)
def test_each_switch_does_what_it_says_as_often_as_asked(
    simulators: Simulators, http: httpx.Client, prefix: str, mode: str
) -> None:
    url = f"{simulators.url}/{prefix}/{ANYTHING[prefix]}"
    usual = http.get(url).status_code
    assert usual < 500
    _panel(simulators, http, prefix, mode=mode, times="1", seconds=str(WAIT))
    if mode in OWN.get(prefix, ()):
        assert http.get(url).status_code == usual
        assert _panel(simulators, http, prefix).json()["times"] == 1, "a call used up what is not played on calls"
        simulators.fault(prefix, "", 0)
        return
    started = time.monotonic()
    if mode == "error":
        assert http.get(url).status_code == 503
    elif mode == "lost_reply":
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(url)
    elif mode in ("mute", "silent", "late"):
        with pytest.raises(httpx.ReadTimeout):
            http.get(url, timeout=PATIENCE)
    else:
        assert http.get(url).status_code == usual
        assert mode != "slow" or time.monotonic() - started >= WAIT
    assert _panel(simulators, http, prefix).json()["times"] == 0
    assert http.get(url).status_code == usual


class Memory(Store):
    """A store of this test alone, in memory."""

    def __init__(self) -> None:
        super().__init__("memory")
        self._kept: dict[tuple[str, str], dict[str, Any]] = {}
        self._lock = Lock()

    def locked(self) -> Lock:
        return self._lock

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        return self._kept.get((kind, key))

    def put(self, kind: str, key: str, body: dict[str, Any]) -> None:
        self._kept[kind, key] = body


@pytest.fixture
def counted() -> tuple[Callable[..., Any], list[str], Store]:
    """A view that notes who asked, behind the switches of a store of its own."""
    asked: list[str] = []
    store = Memory()

    @faults.faulty(store)
    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request.GET.get("who", ""))
        return HttpResponse(str(len(asked)))

    return (lambda who="": view(RequestFactory().get("/", {"who": who}))), asked, store


@pytest.mark.parametrize(
    ("mode", "acts", "answer"),
    [
        ("error", 0, b"Service Unavailable"),
        ("mute", 0, None),
        ("slow", 1, b"1"),
        ("late", 1, b"1"),
        ("reordered", 1, b"1"),
        ("lost_reply", 1, None),
        ("silent", 1, None),
        ("duplicate", 2, b"2"),
    ],
)
def test_what_is_done_and_what_is_told(counted, mode: str, acts: int, answer: bytes | None) -> None:
    call, asked, store = counted
    store.put("fault", "current", {"mode": mode, "times": 1, "seconds": 0.01})
    replied = call()
    assert (len(asked), None if replied.streaming else replied.content) == (acts, answer)
    assert call().content == str(acts + 1).encode(), "the switch was for one call"


def test_a_call_that_is_overtaken_comes_second(counted) -> None:
    call, asked, store = counted
    store.put("fault", "current", {"mode": "reordered", "times": 1, "seconds": 10})
    ready = Barrier(2)

    def second() -> object:
        ready.wait()
        while (store.get("fault", "current") or {})["times"]:
            time.sleep(0.005)
        time.sleep(0.02)
        return call("second")

    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(second)
        ready.wait()
        call("first")
        other.result()
    assert asked == ["second", "first"]
