"""The HTTP border of every adapter: what is repeated, when it stops calling, and what the log says of a call."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from escale.partners.kit import http
from escale.partners.kit.http import Border, Breaker
from escale.ports.errors import PartnerRefused, PartnerUnavailable

SECRET_PATH = "/demandes/ESC-7K2M-9QX4-R83T"


@pytest.fixture
def border(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Border, list[httpx.Request], list[float]]]:
    """A border whose partner answers what is given, the requests it got, and the pauses that were made."""
    pauses: list[float] = []
    monkeypatch.setattr(http.time, "sleep", pauses.append)

    def make(
        *answers: httpx.Response | Exception, **options: object
    ) -> tuple[Border, list[httpx.Request], list[float]]:
        asked: list[httpx.Request] = []
        left = iter(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            found = next(left)
            if isinstance(found, Exception):
                raise found
            return found

        made = Border("partner", "http://partner.test", **options)
        made._client = httpx.Client(base_url="http://partner.test", transport=httpx.MockTransport(answer))
        return made, asked, pauses

    return make


def test_a_reading_is_tried_again_after_a_pause_that_varies(border):
    for _ in range(5):
        made, asked, pauses = border(httpx.Response(503), httpx.Response(200))
        assert made.request("GET", "/").status_code == 200
        assert len(asked) == 2
        assert asked[0].headers["x-correlation-id"] == asked[1].headers["x-correlation-id"]
    assert len(set(pauses)) == 5
    assert all(0.1 <= pause <= 0.4 for pause in pauses)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_writes_is_never_repeated(border, method: str):
    made, asked, _ = border(httpx.ReadTimeout("silence"), httpx.Response(200))
    with pytest.raises(PartnerUnavailable, match="ReadTimeout"):
        made.request(method, "/")
    assert len(asked) == 1


@pytest.mark.parametrize("correlation", ["X-Correlation-ID", "Message-Reference"])
def test_the_log_has_the_call_s_identifier_and_no_address(border, caplog: pytest.LogCaptureFixture, correlation: str):
    caplog.set_level(logging.DEBUG, logger="escale")
    made, asked, _ = border(httpx.Response(500), httpx.Response(404), correlation=correlation)
    with pytest.raises(PartnerUnavailable):
        made.request("POST", SECRET_PATH, json={"numero": "1000000000000096"})
    with pytest.raises(PartnerRefused):
        made.request("POST", SECRET_PATH)
    for request, line in zip(asked, caplog.messages, strict=True):
        assert str(uuid.UUID(request.headers[correlation])) in line
        assert "ESC-" not in line
        assert "0096" not in line


def test_an_identifier_that_is_given_is_kept(border):
    made, asked, _ = border(httpx.Response(200))
    made.request("POST", "/", headers={"X-Correlation-ID": "ours"})
    assert asked[0].headers.get_list("x-correlation-id") == ["ours"]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "90"}, 90.0),
        ({"retry-after": "Mon, 30 Nov 2026 10:02:00 GMT", "date": "Mon, 30 Nov 2026 10:00:00 GMT"}, 120.0),
        ({"retry-after": "Mon, 30 Nov 2026 09:00:00 GMT", "date": "Mon, 30 Nov 2026 10:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 30 Nov 2026 09:00:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_the_delay_a_partner_asks_for_is_understood(border, headers: dict[str, str], wait: float | None):
    made, _, _ = border(httpx.Response(503, headers=headers))
    with pytest.raises(PartnerUnavailable) as failed:
        made.request("POST", "/")
    assert failed.value.retry_after == wait


def test_the_breaker_opens_then_lets_one_call_see(monkeypatch: pytest.MonkeyPatch):
    hour = [1000.0]
    monkeypatch.setattr(http.time, "monotonic", lambda: hour[0])
    breaker = Breaker(limit=3, pause=15)

    def passes(_: int = 0) -> bool:
        try:
            breaker.check("partner")
        except PartnerUnavailable as error:
            return (error.code, error.retry_after) != ("circuit_open", 15)
        return True

    for _ in range(3):
        assert passes()
        breaker.failed()
    assert not passes()

    hour[0] += 15
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(passes, range(40))) == 1, "others wait for what that call sees"
    breaker.failed()
    assert not passes()

    hour[0] += 15
    assert passes()
    breaker.succeeded()
    assert passes()
    assert passes()


def test_a_refusal_or_too_many_calls_do_not_open_the_breaker(border):
    made, asked, _ = border(*[httpx.Response(status) for status in (404, 429) * 6])
    for _ in range(12):
        with pytest.raises((PartnerRefused, PartnerUnavailable)):
            made.request("POST", "/")
    assert len(asked) == 12
