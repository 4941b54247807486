"""The contract of the border relay: a document is reported once, seen at the border, and can be withdrawn."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from escale.case.mrz import Mrz
from escale.case.values import PassportNumber
from escale.partners.border_alert import wire
from escale.partners.border_alert.adapter import ADAPTER, BorderAlertAdapter
from escale.partners.border_alert.settings import DEMO_CLIENT, DEMO_KEY, options
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from tests.partners.conftest import Simulators

DAY = date(2026, 11, 23)


@pytest.fixture
def relay(simulators: Simulators) -> Iterator[BorderAlertAdapter]:
    read = options(
        {},
        data_dir=simulators.data_dir,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )
    adapter = ADAPTER(**read, now=simulators.now)
    yield adapter
    adapter.close()


@pytest.fixture
def number() -> PassportNumber:
    """A number no other test uses."""
    return PassportNumber(f"12AB{uuid.uuid4().int % 100_000:05d}")


def _report(relay: BorderAlertAdapter, number: PassportNumber, key: str = "", **changes: Any) -> Any:
    facts: dict[str, Any] = {"status": "invalid", "reason": "not_received", "on": DAY, "key": key or number.text}
    return relay.report(number, **{**facts, **changes})


def test_a_reported_document_is_seen_until_withdrawn(relay: BorderAlertAdapter, number: PassportNumber) -> None:
    assert not relay.is_reported(number)
    recorded = _report(relay, number)
    assert not recorded.duplicate
    assert relay.is_reported(number)
    relay.withdraw(recorded.item_id, reason="found")
    assert not relay.is_reported(number)
    relay.withdraw(recorded.item_id, reason="found")


def test_the_same_key_gets_the_same_answer(relay: BorderAlertAdapter, number: PassportNumber) -> None:
    assert _report(relay, number, "k1") == _report(relay, number, "k1")


def test_a_key_serves_one_document(relay: BorderAlertAdapter, number: PassportNumber) -> None:
    _report(relay, number)
    with pytest.raises(PartnerRefused, match="422 IDEMPOTENCY_KEY_REUSED"):
        _report(relay, number, status="lost", reason="lost")


def test_the_same_document_and_status_is_a_duplicate(relay: BorderAlertAdapter, number: PassportNumber) -> None:
    first = _report(relay, number, "first" + number.text)
    again = _report(relay, number, "second" + number.text)
    assert (again.item_id, again.duplicate) == (first.item_id, True)
    other = _report(relay, number, "third" + number.text, status="stolen", reason="stolen")
    assert not other.duplicate


def test_a_withdrawn_document_may_be_reported_anew(relay: BorderAlertAdapter, number: PassportNumber) -> None:
    first = _report(relay, number, "first" + number.text)
    relay.withdraw(first.item_id, reason="error")
    second = _report(relay, number, "second" + number.text)
    assert not second.duplicate
    assert second.item_id != first.item_id


def test_a_lost_reply_is_recovered_by_repeating(
    simulators: Simulators, relay: BorderAlertAdapter, number: PassportNumber
) -> None:
    simulators.fault("sltd", "lost_reply")
    with pytest.raises(PartnerUnavailable):
        _report(relay, number)
    assert relay.is_reported(number)
    assert not _report(relay, number).duplicate  # the key brings the first answer back


def test_an_outage_records_nothing(simulators: Simulators, relay: BorderAlertAdapter, number: PassportNumber) -> None:
    simulators.fault("sltd", "error")
    with pytest.raises(PartnerUnavailable):
        _report(relay, number)
    assert not relay.is_reported(number)


def test_slowness_beyond_patience_is_unavailable(simulators: Simulators, number: PassportNumber) -> None:
    hurried = ADAPTER(
        base_url=f"{simulators.url}/sltd",
        client=DEMO_CLIENT,
        signing_key=DEMO_KEY,
        contact_unit="unit",
        timeout=0.5,
        now=simulators.now,
    )
    simulators.fault("sltd", "slow")
    with pytest.raises(PartnerUnavailable):
        _report(hurried, number)
    hurried.close()
    time.sleep(3)  # let the slow thread end before the next test


def test_reconciliation_tells_what_was_lost_or_doubled(simulators: Simulators, relay: BorderAlertAdapter) -> None:
    before = relay.counts()
    numbers = [PassportNumber(f"13CD{uuid.uuid4().int % 100_000:05d}") for _ in range(3)]
    for number, mode in zip(numbers, ("silent", "duplicate", ""), strict=True):
        simulators.fault("sltd", mode)
        assert not _report(relay, number).duplicate
    after = relay.counts()
    assert after["INVALID"] - before["INVALID"] == 3  # none, two and one
    assert [relay.is_reported(number) for number in numbers] == [False, True, True]


def test_a_late_record_is_seen_an_hour_later(
    simulators: Simulators, relay: BorderAlertAdapter, number: PassportNumber
) -> None:
    simulators.fault("sltd", "late")
    _report(relay, number)
    assert not relay.is_reported(number)
    simulators.advance(hours=1, seconds=1)
    assert relay.is_reported(number)


@pytest.mark.parametrize(("status", "reason"), [("destroyed", "lost"), ("invalid", "any words"), ("INVALID", "lost")])
def test_unknown_words_never_leave(relay: BorderAlertAdapter, number: PassportNumber, status: str, reason: str) -> None:
    with pytest.raises(PartnerRefused, match="unknown_status_or_reason"):
        _report(relay, number, status=status, reason=reason)


def test_the_relay_says_why_it_rejects(
    simulators: Simulators, relay: BorderAlertAdapter, number: PassportNumber
) -> None:
    with pytest.raises(PartnerRefused) as refused:
        _report(relay, PassportNumber("99AB12345"))
    assert refused.value.code == "UNKNOWN_SERIES"
    with pytest.raises(PartnerRefused) as refused:
        _report(relay, number, on=simulators.now().date() + timedelta(days=2))
    assert refused.value.code == "DATE_IN_FUTURE"
    assert number.text not in str(refused.value)


def test_a_record_that_is_not_there_cannot_be_withdrawn(relay: BorderAlertAdapter, number: PassportNumber) -> None:
    with pytest.raises(PartnerRefused, match="404 UNKNOWN_ITEM"):
        relay.withdraw("0" * 16, reason="found")
    recorded = _report(relay, number)
    with pytest.raises(PartnerRefused, match="422 REASON"):
        relay.withdraw(recorded.item_id, reason=" ")
    assert relay.is_reported(number)


def _send(simulators: Simulators, body: Any, **changes: Any) -> httpx.Response:
    """Post documents by hand, with a token whose claims may be wrong."""
    content = json.dumps(body).encode()
    issued = int(simulators.now().timestamp())
    claims = {
        "iss": DEMO_CLIENT,
        "aud": wire.AUDIENCE,
        "iat": issued,
        "exp": issued + 60,
        "body_sha256": wire.digest(content),
        **changes.pop("claims", {}),
    }
    key = OctKey.import_key(changes.pop("signing_key", DEMO_KEY).encode())
    token = jwt.encode({"alg": "HS256"}, claims, key)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4()), **changes.pop("headers", {})}
    return httpx.post(f"{simulators.url}/sltd/documents", content=content, headers=headers, trust_env=False)


def _item(number: PassportNumber, **changes: Any) -> dict[str, Any]:
    return {
        "nr": number.text,
        "type_id": "P",
        "country_of_issuance_id": "FRA",
        "status": "INVALID",
        "reason": "NOT_RECEIVED_40D",
        "date_of_event": "2026-11-23",
        **changes,
    }


def test_items_are_judged_one_by_one(simulators: Simulators, number: PassportNumber) -> None:
    items: list[Any] = [
        _item(number),
        _item(number),
        _item(number, holder_name="DURAND"),
        _item(number, country_of_issuance_id="BEL"),
        _item(number, type_id="V"),
        _item(number, status="WITHDRAWN"),
        _item(number, nr="12AB3456"),
        _item(number, date_of_event="23/11/2026"),
        {"nr": number.text},
        {**_item(number), "reason": 40},
        "12AB34567",
    ]
    answer = _send(simulators, {"items": items})
    assert answer.status_code == 207
    assert [(item["result"], item.get("code")) for item in answer.json()["items"]] == [
        ("RECORDED", None),
        ("DUPLICATE", None),
        ("REJECTED", "UNEXPECTED_MEMBER"),
        ("REJECTED", "NOT_ISSUED_BY_YOU"),
        ("REJECTED", "UNKNOWN_CODE"),
        ("REJECTED", "UNKNOWN_CODE"),
        ("REJECTED", "NUMBER_SHAPE"),
        ("REJECTED", "DATE_SHAPE"),
        ("REJECTED", "MEMBER_MISSING"),
        ("REJECTED", "MALFORMED"),
        ("REJECTED", "MALFORMED"),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signing_key": "another-key-of-thirty-two-bytes-!!"}, "TOKEN_SIGNATURE"),
        ({"claims": {"iss": "somebody"}}, "TOKEN_PARTIES"),
        ({"claims": {"aud": "elsewhere"}}, "TOKEN_PARTIES"),
        ({"claims": {"iat": 1_700_000_000, "exp": 1_700_000_060}}, "TOKEN_TIMES"),
        ({"claims": {"exp": 9_999_999_999}}, "TOKEN_TIMES"),
        ({"claims": {"iat": None}}, "TOKEN_TIMES"),
        ({"claims": {"body_sha256": wire.digest(b"{}")}}, "TOKEN_BODY"),
        ({"headers": {"Authorization": ""}}, "TOKEN_MISSING"),
    ],
)
def test_strangers_and_stale_tokens_are_kept_out(
    simulators: Simulators, number: PassportNumber, changes: dict[str, Any], code: str
) -> None:
    answer = _send(simulators, {"items": [_item(number)]}, **changes)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


@pytest.mark.parametrize("body", [{"items": []}, {"items": [{}] * 101}, {"items": [{}], "holder": "DURAND"}, [], "x"])
def test_a_body_of_another_shape_is_refused(simulators: Simulators, body: Any) -> None:
    assert _send(simulators, body).json()["code"] == "ITEMS"


def test_the_key_must_be_a_uuid(simulators: Simulators, number: PassportNumber) -> None:
    answer = _send(simulators, {"items": [_item(number)]}, headers={"Idempotency-Key": "one"})
    assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY")


def test_the_border_shows_a_hit_or_none(
    simulators: Simulators, relay: BorderAlertAdapter, number: PassportNumber
) -> None:
    def ask(document: str) -> httpx.Response:
        return httpx.post(f"{simulators.url}/sltd/frontiere/", data={"document": document}, trust_env=False)

    assert "Aucun signalement" in ask(number.text).text
    _report(relay, number)
    assert "Document signalé" in ask(f"{number.text[:2]} {number.text[2:]}".lower()).text
    zone = Mrz.build(
        surname="Durand",
        given_names="Jeanne",
        number=number.text,
        birth="1962-08-24",
        sex="F",
        expiry=datetime(2036, 11, 23, tzinfo=UTC).date(),
    )
    seen = ask(zone.text)
    assert "Document signalé" in seen.text
    assert "DURAND" not in seen.text.upper()
    wrong = zone.text.replace(number.text[:2], "77")
    assert ask(wrong).status_code == 400
    assert "chiffre de contrôle" in ask(wrong).text
    assert ask("one\ntwo").status_code == 400
    assert ask("not a number !").status_code == 400
    listing = httpx.get(f"{simulators.url}/sltd/enregistrements/", trust_env=False)
    assert number.text in listing.text
