"""The contract of issuance: orders, their states as the hours pass, and what is refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from escale.case.mrz import Mrz
from escale.case.values import PassportNumber
from escale.partners.issuance.adapter import ADAPTER, IssuanceAdapter
from escale.partners.issuance.settings import DEMO_EVENT_SECRET, DEMO_TOKEN
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.issuance import Order
from tests.partners.conftest import Simulators
from tests.partners.issuance.conftest import photo

type MakeOrder = Callable[..., Order]


def test_an_order_passes_through_every_state(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    order = make_order()
    ordered_on = simulators.now().date()
    issuance.order(order, key="k1")
    seen = [issuance.state(order.case_reference).state]
    for hours in (2, 24, 96, 48):
        simulators.advance(hours=hours)
        seen.append(issuance.state(order.case_reference).state)
    assert seen == ["received", "checking", "in_production", "produced", "sent_to_post"]
    title = issuance.state(order.case_reference).title
    assert title is not None
    assert title.issued_on == ordered_on + timedelta(days=5)
    assert title.expires_on == title.issued_on.replace(year=title.issued_on.year + 10) - timedelta(days=1)
    zone = Mrz.parse(title.mrz)
    assert (zone.number, zone.surname, zone.given_names, zone.sex) == (title.number.text, "DURAND", "JEANNE MARIE", "F")
    assert zone.birth(today=ordered_on) == "1962-08-24"
    assert zone.expiry(today=ordered_on) == title.expires_on


def test_nothing_is_said_of_the_number_before_production(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    simulators.advance(hours=30)
    assert issuance.state(order.case_reference).title is None


def test_the_same_order_repeated_counts_once(issuance: IssuanceAdapter, make_order: MakeOrder) -> None:
    order = make_order()
    assert issuance.order(order, key="k1") == issuance.order(order, key="k1")


def test_a_key_serves_one_content(issuance: IssuanceAdapter, make_order: MakeOrder) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    changed = make_order(case_reference=order.case_reference, height_cm=170)
    with pytest.raises(PartnerRefused) as refused:
        issuance.order(changed, key="k1")
    assert refused.value.code == "409 CONTENU_DIFFERENT"
    with pytest.raises(PartnerRefused) as refused:
        issuance.order(changed, key="k2")
    assert refused.value.code == "409 DEMANDE_EN_COURS"


def test_a_narrow_photo_is_rejected_and_a_new_key_tries_again(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    order = make_order(photo=photo(199, 256))
    first = issuance.order(order, key="k1")
    simulators.advance(hours=25)
    state = issuance.state(order.case_reference)
    assert (state.state, state.code, state.title) == ("rejected", "PHOTO_NON_CONFORME", None)
    again = make_order(case_reference=order.case_reference)
    assert issuance.order(again, key="k2") != first
    simulators.advance(hours=25)
    assert issuance.state(order.case_reference).state == "in_production"


def test_a_free_renewal_keeps_the_old_expiry(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    first = make_order()
    issuance.order(first, key="k1")
    simulators.advance(days=6)
    old = issuance.state(first.case_reference).title
    assert old is not None
    second = make_order(previous_number=old.number, keeps_expiry_of_previous=True, motive="pages_full")
    issuance.order(second, key="k1")
    simulators.advance(days=6)
    new = issuance.state(second.case_reference).title
    assert new is not None
    assert new.number != old.number
    assert (new.issued_on > old.issued_on, new.expires_on) == (True, old.expires_on)


def test_an_expired_passport_has_no_expiry_to_keep(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    angela = PassportNumber("24LC50405")  # expired four months before the demonstration begins
    order = make_order(previous_number=angela, keeps_expiry_of_previous=True)
    issuance.order(order, key="k1")
    simulators.advance(days=2)
    assert issuance.state(order.case_reference).code == "TITRE_PRECEDENT_PERIME"


def test_an_unknown_passport_has_no_expiry_to_keep(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    order = make_order(previous_number=PassportNumber("00ZZ00000"), keeps_expiry_of_previous=True)
    issuance.order(order, key="k1")
    simulators.advance(days=2)
    assert issuance.state(order.case_reference).code == "TITRE_PRECEDENT_INCONNU"


def test_a_lost_reply_is_recovered_by_repeating(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    order = make_order()
    simulators.fault("titres", "lost_reply")
    with pytest.raises(PartnerUnavailable):
        issuance.order(order, key="k1")
    assert issuance.state(order.case_reference).state == "received"
    assert issuance.order(order, key="k1")


def test_an_outage_is_unavailable(simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder) -> None:
    order = make_order()
    simulators.fault("titres", "error")
    with pytest.raises(PartnerUnavailable) as failure:
        issuance.order(order, key="k1")
    assert failure.value.code == "503"
    with pytest.raises(PartnerRefused) as refused:
        issuance.state(order.case_reference)
    assert refused.value.code == "404 DEMANDE_INCONNUE"


def test_slowness_beyond_patience_is_unavailable(simulators: Simulators, make_order: MakeOrder) -> None:
    hurried = ADAPTER(
        base_url=f"{simulators.url}/titres", token=DEMO_TOKEN, event_secret=DEMO_EVENT_SECRET, timeout=0.5
    )
    simulators.fault("titres", "slow")
    with pytest.raises(PartnerUnavailable) as failure:
        hurried.order(make_order(), key="k1")
    hurried.close()
    assert failure.value.code == "ReadTimeout"
    time.sleep(3)  # let the slow thread end before the next test


def test_what_cannot_be_produced_is_refused_before_the_wire(issuance: IssuanceAdapter, make_order: MakeOrder) -> None:
    with pytest.raises(PartnerRefused) as refused:
        issuance.order(make_order(civil_status={"family_name": "DURAND", "birthdate": "1962-08-24"}), key="k1")
    assert refused.value.code == "order_incomplete"


@pytest.mark.parametrize("wrong", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_a_photo_that_is_none_is_refused(issuance: IssuanceAdapter, make_order: MakeOrder, wrong: bytes) -> None:
    with pytest.raises(PartnerRefused) as refused:
        issuance.order(make_order(photo=wrong), key="k1")
    assert refused.value.code == "422 CONTENU_INVALIDE"


def test_the_partner_names_what_is_wrong(simulators: Simulators) -> None:
    answer = httpx.put(
        f"{simulators.url}/titres/demandes/ESC-0000-0000-0000",
        json={"numic": 3},
        headers={"x-titres-auth-token": DEMO_TOKEN, "Idempotency-Key": "k"},
        trust_env=False,
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    names = {wrong["name"] for wrong in answer.json()["invalidParams"]}
    assert {"numic", "etatCivil.prenoms", "photo", "numeroPrecedent", "empreintes"} <= names


def test_a_wrong_token_and_a_missing_key_are_refused(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    stranger = ADAPTER(base_url=f"{simulators.url}/titres", token="other", event_secret=DEMO_EVENT_SECRET)
    with pytest.raises(PartnerRefused) as refused:
        stranger.order(make_order(), key="k1")
    stranger.close()
    assert refused.value.code == "401 JETON_INVALIDE"
    with pytest.raises(PartnerRefused) as refused:
        issuance.order(make_order(), key="")
    assert refused.value.code == "400 CLE_ABSENTE"


def test_an_unchanged_order_answers_304(
    simulators: Simulators, issuance: IssuanceAdapter, make_order: MakeOrder
) -> None:
    order = make_order()
    issuance.order(order, key="k1")
    address = f"{simulators.url}/titres/demandes/{order.case_reference}"
    headers = {"x-titres-auth-token": DEMO_TOKEN}
    first = httpx.get(address, headers=headers, trust_env=False)
    again = httpx.get(address, headers={**headers, "If-None-Match": first.headers["etag"]}, trust_env=False)
    assert (first.status_code, again.status_code) == (200, 304)
    simulators.advance(hours=2)
    moved = httpx.get(address, headers={**headers, "If-None-Match": first.headers["etag"]}, trust_env=False)
    assert moved.status_code == 200
