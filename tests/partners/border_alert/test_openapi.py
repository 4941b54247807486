"""What the adapter asks the relay and what the simulator answers hold to docs/partners/openapi/border_alert.yaml."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from escale.case.values import PassportNumber
from escale.partners.border_alert.adapter import ADAPTER, BorderAlertAdapter
from escale.partners.border_alert.settings import DEMO_CLIENT
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from tests.partners.border_alert.test_contract import _report, number, relay
from tests.partners.conftest import Simulators
from tests.partners.test_descriptions import read

__all__ = ["number", "relay"]  # fixtures
type Heard = list[tuple[httpx.Request, httpx.Response]]


def _calls(adapter: BorderAlertAdapter, number: PassportNumber, item_id: str) -> list[Callable[[], object]]:
    return [
        lambda: _report(adapter, number, "late" + number.text),
        lambda: adapter.withdraw(item_id, reason="found"),
        lambda: adapter.is_reported(number),
        adapter.counts,
    ]


def test_every_exchange_holds_to_the_description(
    simulators: Simulators, overheard: Heard, relay: BorderAlertAdapter, number: PassportNumber
) -> None:
    described = read("border_alert", f"{simulators.url}/sltd")
    relay.is_reported(number)
    recorded = _report(relay, number)
    assert _report(relay, number, "again" + number.text).duplicate
    relay.is_reported(number)
    with pytest.raises(PartnerRefused, match="422"):
        _report(relay, number, status="stolen", reason="stolen")
    with pytest.raises(PartnerRefused, match="UNKNOWN_SERIES"):
        _report(relay, PassportNumber("99" + number.text[2:]), number.text[::-1])
    relay.withdraw(recorded.item_id, reason="found")
    relay.withdraw(recorded.item_id, reason="found")
    with pytest.raises(PartnerRefused, match="404"):
        relay.withdraw("0" * 16, reason="found")
    relay.counts()
    stranger = ADAPTER(
        base_url=f"{simulators.url}/sltd",
        client=DEMO_CLIENT,
        signing_key="x" * 32,
        contact_unit="unit",
        now=simulators.now,
    )
    for adapter, mode in ((stranger, ""), (relay, "error")):
        simulators.fault("sltd", mode, 5)
        for call in _calls(adapter, number, recorded.item_id):
            with pytest.raises((PartnerRefused, PartnerUnavailable)):
                call()
        simulators.fault("sltd", "", 0)
    stranger.close()

    assert [fault for exchange in overheard for fault in described.faults(*exchange)] == []
    never = {("report", 400), ("withdraw", 400), ("withdraw", 422), ("search", 400)}  # the adapter asks well
    assert described.seen == described.described() - never


def test_what_the_relay_refuses_is_refused_by_the_description_too(
    simulators: Simulators, overheard: Heard, relay: BorderAlertAdapter
) -> None:
    described = read("border_alert", f"{simulators.url}/sltd")
    with pytest.raises(PartnerRefused):
        relay._call("POST", "/documents", {"items": []}, key="k")
    with pytest.raises(PartnerRefused):
        relay._call("PATCH", "/documents/0000000000000000", {"status": "FOUND", "reason": "x"})
    with pytest.raises(PartnerRefused):
        relay._call("PATCH", "/documents/0000000000000000", {"status": "WITHDRAWN", "reason": ""})
    with pytest.raises(PartnerRefused):
        relay._call("POST", "/documents/search", {"nr": "12AB34567", "country_of_issuance_id": "FRA", "name": "DURAND"})
    faults = [described.faults(*exchange) for exchange in overheard]
    assert faults == [
        ["request #/items: minItems"],
        ["request #/status: const"],
        ["request #/reason: minLength"],
        ["request #: additionalProperties"],
    ]
    assert [response.status_code for _, response in overheard] == [400, 400, 422, 400]
