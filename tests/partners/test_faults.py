"""The switches of every simulator: settable over HTTP, honest about what they know, documented where one looks."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from escale.partners.kit import faults
from escale.partners.register.adapter import ADAPTER
from escale.partners.register.settings import options
from escale.ports.errors import PartnerUnavailable
from escale.ports.franceconnect import PivotIdentity
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
PARTNERS = Path(faults.__file__).parents[1]


def _panel(simulators: Simulators, prefix: str, **fields: str) -> httpx.Response:
    url = f"{simulators.url}/{prefix}/_pannes"
    return httpx.post(url, data=fields, trust_env=False) if fields else httpx.get(url, trust_env=False)


@pytest.mark.parametrize(("prefix", "room"), ROOMS.items())
def test_each_mode_is_settable_and_told_in_the_readme(simulators: Simulators, prefix: str, room: str) -> None:
    modes = _panel(simulators, prefix).json()["modes"]
    readme = (PARTNERS / room / "README.md").read_text()
    assert set(modes) >= set(faults.CALLS)
    assert f"/{prefix}/_pannes" in readme
    for mode in modes:
        assert f"`{mode}`" in readme, mode
        assert _panel(simulators, prefix, mode=mode, times="2").json()["mode"] == mode
    for wrong in ({"mode": "unheard_of"}, {"mode": "error", "times": "many"}):
        assert _panel(simulators, prefix, **wrong).status_code == 400
    assert _panel(simulators, prefix, mode="", times="0").json()["mode"] == ""


def test_a_mode_that_would_do_nothing_is_refused(simulators: Simulators) -> None:
    assert _panel(simulators, "registre", mode="duplicate").status_code == 400


def test_a_partner_that_never_answers_is_given_up_in_time(simulators: Simulators) -> None:
    read = options(
        {"ESCALE_REGISTER_TIMEOUT": "0.3"},
        data_dir=simulators.data_dir,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )
    register = ADAPTER(**read)
    simulators.fault("registre", "mute", times=2)
    started = time.monotonic()
    with pytest.raises(PartnerUnavailable):
        register.verify(
            numic="24681373",
            email="jeanne@courriel.example",
            identity=PivotIdentity("sub", "Jeanne", "DURAND", "1962-08-24", "female", "75107", "99100"),
        )
    assert time.monotonic() - started < 5
    simulators.fault("registre", "", 0)


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


def _status(simulators: Simulators, prefix: str) -> int:
    return httpx.get(f"{simulators.url}/{prefix}/{ANYTHING[prefix]}", trust_env=False, timeout=15).status_code


@pytest.mark.parametrize("prefix", ROOMS)
def test_each_switch_of_calls_does_what_it_says_as_often_as_asked(simulators: Simulators, prefix: str) -> None:
    usual = _status(simulators, prefix)
    assert usual < 500
    for mode, told in (("error", 503), ("lost_reply", 502)):
        simulators.fault(prefix, mode, times=2)
        assert [_status(simulators, prefix) for _ in range(3)] == [told, told, usual]
    simulators.fault(prefix, "error", times=5)
    simulators.fault(prefix, "", 0)
    assert _status(simulators, prefix) == usual


def test_slow_is_slow_everywhere(simulators: Simulators) -> None:
    for prefix in ROOMS:
        simulators.fault(prefix, "slow")

    def timed(prefix: str) -> float:
        started = time.monotonic()
        assert _status(simulators, prefix) < 500
        return time.monotonic() - started

    with ThreadPoolExecutor(len(ROOMS)) as pool:
        assert min(pool.map(timed, ROOMS)) >= faults.SLOW_SECONDS
