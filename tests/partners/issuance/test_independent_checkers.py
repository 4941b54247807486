"""Checkers written by others hold to what the workshop prints and pushes.

``mrz`` is under the GPL: a dependency of the tests alone, never shipped.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from mrz.checker.td3 import TD3CodeChecker
from standardwebhooks import Webhook, WebhookVerificationError

from escale.case.mrz import Mrz
from escale.partners.issuance.adapter import IssuanceAdapter
from escale.partners.issuance.settings import DEMO_EVENT_SECRET
from escale.partners.kit.people import Person, people
from escale.ports.issuance import Order
from tests.partners.conftest import Simulators
from tests.partners.listener import Listener

type MakeOrder = Callable[..., Order]
SEXES = {"female": "F", "male": "M"}


def _zone(someone: Person, surname: str) -> Mrz:
    return Mrz.build(
        surname=surname,
        given_names=someone.given_names,
        number=someone.passport.number,
        birth=someone.birthdate,
        sex=SEXES.get(someone.gender, ""),
        expiry=someone.passport.expires_on,
    )


def test_the_zones_of_all_people_satisfy_an_independent_checker() -> None:
    """Presumed dates apart: Doc 9303 part 3 prints unknown parts as ``<<``, which ``mrz`` takes for errors."""
    wrong = {}
    for someone in people():
        for surname in {someone.family_name, someone.preferred_username or someone.family_name}:
            checker = TD3CodeChecker(_zone(someone, surname).text)
            if checker.report.falses or checker.report.errors:
                wrong[someone.login] = [name for name, _ in checker.report.falses]
    assert wrong == {someone.login: ["birth date"] for someone in people() if "-00" in someone.birthdate}


def test_the_independent_checker_sees_a_wrong_digit() -> None:
    zone = _zone(people()[0], people()[0].family_name).text
    changed = zone[:-1] + ("0" if zone[-1] != "0" else "1")
    assert [name for name, _ in TD3CodeChecker(changed).report.falses] == ["final hash"]


def test_the_zone_that_the_workshop_prints_satisfies_it_too(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.advance(days=7, hours=1)
    title = issuance.state(order.case_reference).title
    assert title is not None
    checker = TD3CodeChecker(title.mrz)
    assert bool(checker), checker.report.falses
    assert checker.fields().document_number == title.number.text


def test_pushed_events_are_verified_by_the_reference_library(
    simulators: Simulators, issuance: IssuanceAdapter, product: Listener, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.advance(hours=2)
    [pushed] = product.wait(order.case_reference, 1)
    webhook = Webhook(DEMO_EVENT_SECRET)
    with time_machine.travel(simulators.now(), tick=True):  # the library reads the machine's clock
        event = webhook.verify(pushed.body, pushed.headers)
        assert event["data"]["numeroDossier"] == order.case_reference
        with pytest.raises(WebhookVerificationError, match="No matching signature"):
            webhook.verify(pushed.body + b" ", pushed.headers)
    with (
        time_machine.travel(simulators.now().timestamp() + 600, tick=True),
        pytest.raises(WebhookVerificationError, match="too old"),
    ):
        webhook.verify(pushed.body, pushed.headers)
