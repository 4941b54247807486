"""Pushed state changes: signed, repeated on failure, recognisable when repeated, and never trusted unsigned."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from escale.partners.issuance import wire
from escale.partners.issuance.adapter import IssuanceAdapter
from escale.partners.issuance.settings import DEMO_EVENT_SECRET
from escale.ports.errors import PartnerRefused
from escale.ports.issuance import IssuanceEvent, Order
from tests.partners.conftest import Simulators
from tests.partners.listener import Listener, Pushed

type MakeOrder = Callable[..., Order]
NOW = 1_790_000_000


def _read(issuance: IssuanceAdapter, pushed: Pushed) -> IssuanceEvent:
    headers = {name.lower(): value for name, value in pushed.headers.items()}
    return issuance.read_event(headers=pushed.headers, body=pushed.body, now=float(headers["webhook-timestamp"]))


def test_each_change_is_pushed_once_and_signed(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.advance(days=7, hours=1)
    pushed = product.wait(order.case_reference, 4)
    assert {push.path for push in pushed} == {"/partenaires/titres/evenements"}
    events = [_read(issuance, push) for push in pushed]
    assert {event.case_reference for event in events} == {order.case_reference}
    assert [event.state.state for event in events] == ["checking", "in_production", "produced", "sent_to_post"]
    assert len({event.event_id for event in events}) == 4
    title = events[2].state.title
    assert title is not None
    assert title.number.text.encode() not in pushed[0].body
    assert {json.loads(push.body)["specversion"] for push in pushed} == {"1.0"}


def test_a_push_that_fails_comes_again_with_the_same_id(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    product.statuses[order.case_reference] = [500]
    issuance.order(order, key="k1")
    simulators.advance(hours=2)
    assert len(product.wait(order.case_reference, 1)) == 1
    simulators.advance(seconds=10)
    first, second = product.wait(order.case_reference, 2)
    assert _read(issuance, first).event_id == _read(issuance, second).event_id


def test_pushes_stop_after_five_tries(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    product.statuses[order.case_reference] = [500] * 9
    issuance.order(order, key="k1")
    simulators.advance(hours=1, minutes=1)
    for count in range(1, 6):
        assert len(product.wait(order.case_reference, count)) == count
        simulators.advance(hours=2)
    assert len(product.wait(order.case_reference, 6, seconds=2)) == 5


def test_a_duplicate_has_the_same_id(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.fault("titres", "duplicate")
    simulators.advance(hours=2)
    first, second = product.wait(order.case_reference, 2)
    assert _read(issuance, first) == _read(issuance, second)


def test_silence_hides_nothing_from_a_poll(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.fault("titres", "silent")
    simulators.advance(hours=2)
    assert product.wait(order.case_reference, 1, seconds=1.5) == []
    assert issuance.state(order.case_reference).state == "checking"


def test_changes_are_told_in_order_from_a_cursor_whatever_was_pushed(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    before = _last_cursor(issuance)
    order = make_order()
    issuance.order(order, key="k1")
    simulators.fault("titres", "silent", 2)
    simulators.advance(hours=2)
    first = issuance.changes(before)
    assert [(event.case_reference, event.state.state) for event in first.events] == [(order.case_reference, "checking")]
    assert (issuance.changes(first.cursor).events, issuance.changes(first.cursor).cursor) == ((), first.cursor)

    simulators.advance(days=6)
    states = [event.state for event in issuance.changes(first.cursor).events if event.case_reference in str(order)]
    assert [state.state for state in states] == ["in_production", "produced"]
    assert states[-1].title == issuance.state(order.case_reference).title

    with pytest.raises(PartnerRefused, match="410 CURSEUR_INCONNU"):
        issuance.changes("999999999999")


def test_an_event_that_cannot_be_read_hides_none_of_those_that_follow(
    issuance: IssuanceAdapter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    listed = [_event(data={"numeroDossier": "ESC-0"}), "nothing", _event()]
    body = {"evenements": listed, "curseur": "7", "suite": False}
    monkeypatch.setattr(issuance._border, "request", lambda *_, **__: httpx.Response(200, json=body))
    found = issuance.changes("")
    assert ([event.event_id for event in found.events], found.cursor) == (["event-1"], "7")
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def _last_cursor(issuance: IssuanceAdapter) -> str:
    found = issuance.changes("")
    while found.more:
        found = issuance.changes(found.cursor)
    return found.cursor


def test_a_late_event_is_overtaken(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.fault("titres", "late")
    simulators.advance(hours=2)
    assert product.wait(order.case_reference, 1, seconds=1.5) == []
    simulators.advance(days=1)
    assert len(product.wait(order.case_reference, 1)) == 1
    simulators.advance(days=3)
    assert [_read(issuance, push).state.state for push in product.wait(order.case_reference, 2)] == [
        "in_production",
        "checking",
    ]


def test_two_events_change_places(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.fault("titres", "reordered")
    simulators.advance(hours=25)
    assert [_read(issuance, push).state.state for push in product.wait(order.case_reference, 2)] == [
        "in_production",
        "checking",
    ]


def test_the_workshop_rejects_by_hand(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    page = f"{simulators.url}/titres/demandes/{order.case_reference}"
    httpx.post(f"{page}/rejeter", data={"motif": "PHOTO_NON_CONFORME"}, trust_env=False)
    [pushed] = product.wait(order.case_reference, 1)
    event = _read(issuance, pushed)
    assert (event.state.state, event.state.code) == ("rejected", "PHOTO_NON_CONFORME")


def _event(**changes: Any) -> dict[str, Any]:
    data = {"numeroDossier": "ESC-0000-0000-0000", "etat": "EN_CONTROLE", "motif": None}
    return {"specversion": "1.0", "id": "event-1", "type": wire.EVENT_TYPE, "data": data, **changes}


def _signed(event: Any, *, secret: str = DEMO_EVENT_SECRET, timestamp: int = NOW) -> tuple[dict[str, str], bytes]:
    body = json.dumps(event).encode()
    return {
        "webhook-id": "event-1",
        "webhook-timestamp": str(timestamp),
        "webhook-signature": wire.sign(secret, "event-1", timestamp, body),
    }, body


def test_a_signed_event_is_read_whatever_the_case_of_its_headers(issuance: IssuanceAdapter) -> None:
    headers, body = _signed(_event())
    event = issuance.read_event(headers={k.title(): v for k, v in headers.items()}, body=body, now=NOW + 299)
    assert (event.event_id, event.case_reference, event.state.state) == ("event-1", "ESC-0000-0000-0000", "checking")


def test_two_signatures_serve_a_change_of_key(issuance: IssuanceAdapter) -> None:
    headers, body = _signed(_event())
    headers["webhook-signature"] = "v1,AAAA " + headers["webhook-signature"]
    assert issuance.read_event(headers=headers, body=body, now=NOW).event_id == "event-1"


@pytest.mark.parametrize("age", [-301, 301])
def test_an_old_or_future_event_is_refused(issuance: IssuanceAdapter, age: int) -> None:
    headers, body = _signed(_event())
    with pytest.raises(PartnerRefused, match="stale"):
        issuance.read_event(headers=headers, body=body, now=NOW + age)


def test_what_is_not_signed_by_issuance_is_refused(issuance: IssuanceAdapter) -> None:
    headers, body = _signed(_event())
    other = "whsec_" + base64.b64encode(b"another key").decode()
    forged, _ = _signed(_event(), secret=other)
    attempts = [
        (forged, body),
        (headers, body + b" "),
        ({**headers, "webhook-id": "event-2"}, body),
        ({**headers, "webhook-timestamp": str(NOW + 1)}, body),
        ({**headers, "webhook-timestamp": "soon"}, body),
        ({**headers, "webhook-signature": ""}, body),
        ({}, body),
    ]
    for given, content in attempts:
        with pytest.raises(PartnerRefused, match="signature"):
            issuance.read_event(headers=given, body=content, now=NOW)


@pytest.mark.parametrize(
    "event",
    [
        ["not an object"],
        _event(id="event-2"),
        _event(type="something.else"),
        _event(data={}),
        _event(data={"numeroDossier": "ESC-0", "etat": "INVENTE"}),
        _event(data={"numeroDossier": "ESC-0", "etat": "PRODUITE", "numeroPasseport": "17FR42486"}),
        _event(data={"numeroDossier": "ESC-0", "etat": "PRODUITE", "numeroPasseport": "nonsense"}),
    ],
)
def test_what_is_signed_but_malformed_is_refused(issuance: IssuanceAdapter, event: Any) -> None:
    headers, body = _signed(event)
    with pytest.raises(PartnerRefused, match="shape"):
        issuance.read_event(headers=headers, body=body, now=NOW)
